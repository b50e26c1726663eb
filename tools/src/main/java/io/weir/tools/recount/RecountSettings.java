package io.weir.tools.recount;

import io.weir.config.EventTimeOptions;
import io.weir.request.RequestDecoder;
import io.weir.request.RequestIdentity;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What is counted, and by which of the job's settings.
 *
 * @param eventTime the job's own
 * @param identity what tells requests apart; null where duplicates count
 * @param site the only site that is counted, null for all
 * @param limit how many differences are kept to be shown
 */
public record RecountSettings(
        EventTimeOptions eventTime,
        @Nullable RequestIdentity identity,
        TimeRange range,
        @Nullable Integer site,
        int limit) {

    LatenessRule lateness() {
        return new LatenessRule(
                eventTime.outOfOrderness().toMillis(),
                eventTime.allowedLateness().toMillis(),
                eventTime.arrivalClock());
    }

    RequestDecoder decoder() {
        return new RequestDecoder(eventTime.maxAhead(), eventTime.maxAge(), identity);
    }

    /**
     * How much is counted at once, whole hours. Each slice is read up to where its last minute is
     * closed, so one that is no shorter than that is read no more than twice.
     */
    Duration sliceLength() {
        Duration readTwice =
                eventTime
                        .outOfOrderness()
                        .plus(eventTime.allowedLateness())
                        .plus(eventTime.maxAhead());
        return Duration.ofHours(1 + readTwice.minusNanos(1).toHours());
    }
}
