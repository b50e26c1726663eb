package io.weir.window;

import io.weir.traffic.Grain;
import io.weir.traffic.Traffic;
import io.weir.traffic.TrafficRow;

/**
 * State of one site and bucket, until the bucket is closed.
 *
 * @param hasEnded whether the watermark has passed the bucket's end; never goes back
 * @param hasChanged whether the last row that was emitted is not the one of today: something was
 *     added since, or the bucket has ended
 */
public record OpenWindow(Traffic traffic, boolean hasEnded, boolean hasChanged) {

    /** A window that will go on counting in the given object. */
    static OpenWindow of(Traffic first) {
        return new OpenWindow(first, false, true);
    }

    OpenWindow plus(Traffic part) {
        traffic.merge(part);
        return new OpenWindow(traffic, hasEnded, true);
    }

    OpenWindow emitted(boolean hasEnded) {
        return new OpenWindow(traffic, hasEnded, false);
    }

    /** What the window holds now: the row has a copy, since the window goes on counting. */
    TrafficRow toRow(Grain grain, int siteId, long bucketMillis, boolean isWhole, long nowMillis) {
        return new TrafficRow(
                grain,
                siteId,
                bucketMillis,
                traffic.copy(),
                isWhole,
                isWhole && hasEnded,
                nowMillis);
    }
}
