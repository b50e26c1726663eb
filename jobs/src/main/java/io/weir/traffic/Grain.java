package io.weir.traffic;

import java.time.Duration;

/** The length of a bucket. Buckets are aligned to the epoch, in UTC. */
public enum Grain {
    MINUTE("1min", Duration.ofMinutes(1)),
    HOUR("1hour", Duration.ofHours(1)),
    DAY("1day", Duration.ofDays(1));

    private final String suffix;
    private final long millis;

    Grain(String suffix, Duration length) {
        this.suffix = suffix;
        this.millis = length.toMillis();
    }

    /** How the names of this grain's table and view end: {@code 1min}. */
    public String suffix() {
        return suffix;
    }

    public String table() {
        return "http_request_" + suffix;
    }

    public long millis() {
        return millis;
    }

    /** Start of the bucket that holds the given instant, epoch milliseconds. */
    public long bucketOf(long epochMillis) {
        return Math.floorDiv(epochMillis, millis) * millis;
    }

    public long endOf(long bucketMillis) {
        return bucketMillis + millis;
    }
}
