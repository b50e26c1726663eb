package io.weir.breakdown;

import io.weir.traffic.Grain;

/**
 * A row of a grain's table of breakdowns.
 *
 * @param bucketMillis the bucket's start, epoch milliseconds
 * @param breakdown the row's own, to which nothing is added any more
 * @param isWhole whether the job read this bucket from its beginning
 * @param isFinal whole, and the watermark passed its end
 * @param updatedAtMillis when the row was made, epoch milliseconds
 */
public record BreakdownRow(
        Grain grain,
        int siteId,
        int viewId,
        long bucketMillis,
        Breakdown breakdown,
        boolean isWhole,
        boolean isFinal,
        long updatedAtMillis) {

    public long requestCount() {
        return breakdown.total().requests();
    }

    public BreakdownRow asFinal() {
        return new BreakdownRow(
                grain, siteId, viewId, bucketMillis, breakdown, isWhole, true, updatedAtMillis);
    }
}
