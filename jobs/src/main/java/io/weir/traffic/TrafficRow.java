package io.weir.traffic;

/**
 * A row of a grain's table: its key, what was measured, and how far it can be trusted.
 *
 * @param bucketMillis the bucket's start, epoch milliseconds
 * @param traffic the row's own, to which nothing is added any more
 * @param isWhole whether the job read this bucket from its beginning
 * @param isFinal whole, and the watermark passed its end
 * @param updatedAtMillis when the row was made, epoch milliseconds
 */
public record TrafficRow(
        Grain grain,
        int siteId,
        long bucketMillis,
        Traffic traffic,
        boolean isWhole,
        boolean isFinal,
        long updatedAtMillis) {

    public long requestCount() {
        return traffic.requestCount();
    }

    public TrafficRow asFinal() {
        return new TrafficRow(grain, siteId, bucketMillis, traffic, isWhole, true, updatedAtMillis);
    }
}
