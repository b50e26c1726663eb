package io.weir.intake;

import io.weir.request.DecodedRecord;
import io.weir.request.HttpRequest;
import java.time.Duration;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkGenerator;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.util.clock.RelativeClock;
import org.jspecify.annotations.Nullable;

/**
 * Watermark of one partition: the largest event time of its valid requests that are not late, less
 * the out-of-orderness.
 *
 * <p>Nothing else counts as activity. With Flink's own idleness every record would, so that a
 * partition that carries only garbage would hold back every window. Idleness is measured on the
 * input activity clock, which stands still while the job is held up by a slow store. What is late
 * is judged by what was seen since the start; that moves only the watermark, and decides nothing.
 */
final class RequestWatermarks implements WatermarkGenerator<DecodedRecord> {

    private final Lateness lateness;
    private final long idlenessNanos;
    private final RelativeClock activityClock;

    private long clockMillis = Lateness.UNSET_CLOCK;
    private long latestEventTimeMillis = Long.MIN_VALUE;
    private long lastActivityNanos;
    private boolean isIdle;

    /**
     * @param idleness null when a partition never becomes idle
     */
    RequestWatermarks(
            Lateness lateness, @Nullable Duration idleness, RelativeClock activityClock) {
        this.lateness = lateness;
        this.idlenessNanos = idleness == null ? Long.MAX_VALUE : idleness.toNanos();
        this.activityClock = activityClock;
        this.lastActivityNanos = activityClock.relativeTimeNanos();
    }

    /** The strategy of the Kafka source: one generator a partition. */
    static WatermarkStrategy<DecodedRecord> strategy(
            Lateness lateness, @Nullable Duration idleness) {
        return WatermarkStrategy.<DecodedRecord>forGenerator(
                        context ->
                                new RequestWatermarks(
                                        lateness, idleness, context.getInputActivityClock()))
                .withTimestampAssigner((decoded, recordTimestamp) -> timestampOf(decoded));
    }

    private static long timestampOf(DecodedRecord decoded) {
        HttpRequest request = decoded.request();
        return request == null ? Long.MIN_VALUE : request.eventTimeMillis();
    }

    @Override
    public void onEvent(DecodedRecord decoded, long timestampMillis, WatermarkOutput output) {
        HttpRequest request = decoded.request();
        if (request == null) {
            return;
        }
        long eventTimeMillis = request.eventTimeMillis();
        clockMillis =
                lateness.advance(
                        clockMillis, eventTimeMillis, decoded.record().timestampMillis());
        if (lateness.isLate(clockMillis, eventTimeMillis)) {
            return;
        }
        latestEventTimeMillis = Math.max(latestEventTimeMillis, eventTimeMillis);
        lastActivityNanos = activityClock.relativeTimeNanos();
        if (isIdle) {
            isIdle = false;
            output.markActive();
        }
    }

    @Override
    public void onPeriodicEmit(WatermarkOutput output) {
        if (isIdle) {
            return;
        }
        if (activityClock.relativeTimeNanos() - lastActivityNanos > idlenessNanos) {
            isIdle = true;
            output.markIdle();
        } else if (latestEventTimeMillis != Long.MIN_VALUE) {
            output.emitWatermark(
                    new Watermark(latestEventTimeMillis - lateness.outOfOrdernessMillis()));
        }
    }
}
