package io.weir.tools.recount;

import java.time.Duration;

/** The tables that are compared, the finest first: each is made of the rows of the one before. */
public enum RowTable {
    MINUTES("http_request_1min", "minute", Duration.ofMinutes(1)),
    HOURS("http_request_1hour", "hour", Duration.ofHours(1)),
    DAYS("http_request_1day", "day", Duration.ofDays(1));

    private final String table;
    private final String unit;
    private final long lengthMillis;

    RowTable(String table, String unit, Duration length) {
        this.table = table;
        this.unit = unit;
        this.lengthMillis = length.toMillis();
    }

    public String table() {
        return table;
    }

    /** What a bucket is called. */
    public String unit() {
        return unit;
    }

    /** The start of the bucket that holds this instant. */
    public long bucketOf(long millis) {
        return Math.floorDiv(millis, lengthMillis) * lengthMillis;
    }

    /** The start of the first bucket that begins at this instant or later. */
    long firstBucketFrom(long millis) {
        return bucketOf(millis + lengthMillis - 1);
    }

    long endOf(long bucketMillis) {
        return bucketMillis + lengthMillis;
    }
}
