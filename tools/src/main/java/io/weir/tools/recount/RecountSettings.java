package io.weir.tools.recount;

import io.weir.config.EventTimeOptions;
import io.weir.request.RequestDecoder;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What is counted, and by which of the job's settings.
 *
 * @param eventTime the job's own
 * @param decoders make requests of records as the job does; each reader has one of its own
 * @param site the only site that is counted, null for all
 * @param limit how many differences are kept to be shown
 */
public record RecountSettings(
        EventTimeOptions eventTime,
        Supplier<RequestDecoder> decoders,
        TimeRange range,
        @Nullable Integer site,
        int limit) {

    LatenessRule lateness() {
        return LatenessRule.of(eventTime);
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
