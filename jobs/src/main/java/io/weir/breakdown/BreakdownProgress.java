package io.weir.breakdown;

/**
 * Union state of {@link AggregateBreakdowns}: what holds for all sites. Savepoints hold the
 * components' names.
 *
 * @param wholeFromMillis buckets that begin here or later were read from their beginning
 * @param closedUntilMillis the largest end of a bucket that was closed
 */
public record BreakdownProgress(long wholeFromMillis, long closedUntilMillis) {}
