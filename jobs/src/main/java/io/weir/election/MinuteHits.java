package io.weir.election;

/**
 * The requests of a site in a minute that has ended. A later one of the same minute replaces it.
 *
 * @param minuteMillis the minute's start, epoch milliseconds
 * @param wholeFromMillis the instant from which on the job emits every minute, epoch milliseconds
 */
public record MinuteHits(int siteId, long minuteMillis, long hits, long wholeFromMillis) {}
