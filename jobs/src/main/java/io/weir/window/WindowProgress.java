package io.weir.window;

/**
 * Union state of {@link AggregateTraffic}: what holds for all sites. Savepoints hold the
 * components' names.
 *
 * @param wholeFromMillis buckets that begin here or later were read from their beginning
 * @param letGoMillis the largest end of a bucket that was closed; no minute that ends here or
 *     earlier is opened again
 */
public record WindowProgress(long wholeFromMillis, long letGoMillis) {}
