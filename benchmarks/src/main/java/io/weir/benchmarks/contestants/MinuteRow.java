package io.weir.benchmarks.contestants;

/**
 * A row of the textbook job.
 *
 * @param minuteMillis its start, epoch milliseconds
 */
public record MinuteRow(
        int siteId,
        long minuteMillis,
        long requests,
        long errors,
        double averageMsec,
        long bytes,
        long addresses) {}
