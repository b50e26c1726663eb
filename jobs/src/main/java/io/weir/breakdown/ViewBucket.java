package io.weir.breakdown;

import io.weir.traffic.Grain;

/**
 * Key of the state of a site.
 *
 * @param bucketMillis the bucket's start, epoch milliseconds
 */
public record ViewBucket(int viewId, Grain grain, long bucketMillis) {

    long endMillis() {
        return grain.endOf(bucketMillis);
    }
}
