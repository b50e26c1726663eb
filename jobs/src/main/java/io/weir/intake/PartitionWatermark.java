package io.weir.intake;

import io.weir.request.ReadRecord;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.LongFunction;
import org.apache.flink.api.common.eventtime.Watermark;
import org.apache.flink.api.common.eventtime.WatermarkOutput;
import org.apache.flink.util.clock.RelativeClock;
import org.jspecify.annotations.Nullable;

/**
 * Watermark of one partition: the largest event time of its valid requests that are not late, less
 * the out-of-orderness.
 *
 * <p>A partition is idle once nothing has moved its watermark for the idleness, and it has been
 * read to its end: garbage and late requests do not hold back the other partitions, but whatever
 * may still stand behind them does. So silence alone proves nothing. When a partition has been
 * silent for the idleness, Kafka is asked for its end; the partition is idle when it has been read
 * that far within {@link #MAX_ANSWER_AGE}. It is active again with the next request that moves its
 * watermark, and when it gets more of the other records than are read within that time.
 *
 * <p>What is late is judged by what was seen since the start; that moves only the watermark, and
 * decides nothing.
 */
final class PartitionWatermark {

    /** Where nothing has been read yet, and the partition is read from its beginning. */
    static final long BEGINNING = -1;

    /** What may have arrived since the end was asked for; less than any useful idleness. */
    static final Duration MAX_ANSWER_AGE = Duration.ofSeconds(5);

    private static final long MAX_ANSWER_AGE_NANOS = MAX_ANSWER_AGE.toNanos();
    private static final long ASK_INTERVAL_NANOS = Duration.ofSeconds(1).toNanos();

    private final Lateness lateness;
    private final long idlenessNanos;
    private final RelativeClock machineClock;
    private final LongFunction<CompletableFuture<Long>> endAfter;

    private long position;
    private long clockMillis = Lateness.UNSET_CLOCK;
    private long latestEventTimeMillis = Long.MIN_VALUE;
    private long emittedMillis = Long.MIN_VALUE;
    private boolean hasRead;
    private boolean hasMoved;
    private long movedNanos;
    private long askedNanos;
    private @Nullable CompletableFuture<Long> end;
    private boolean isIdle;
    private boolean isPaused;

    /**
     * @param idleness null when a partition never becomes idle
     * @param endAfter the offset after the last record that can be read, given the offset that is
     *     read next or {@link #BEGINNING}; fails, or completes with {@code Long.MAX_VALUE}, where
     *     that is not known
     * @param position the offset that is read next, or {@link #BEGINNING}
     */
    PartitionWatermark(
            Lateness lateness,
            @Nullable Duration idleness,
            RelativeClock machineClock,
            LongFunction<CompletableFuture<Long>> endAfter,
            long position) {
        this.lateness = lateness;
        this.idlenessNanos = idleness == null ? Long.MAX_VALUE : idleness.toNanos();
        this.machineClock = machineClock;
        this.endAfter = endAfter;
        this.position = position;
        this.movedNanos = machineClock.relativeTimeNanos();
        this.askedNanos = movedNanos - ASK_INTERVAL_NANOS;
    }

    /** For every record, once it is emitted. */
    void onRecord(ReadRecord record, WatermarkOutput output) {
        position = record.offset() + 1;
        hasRead = true;
        if (!record.isRequest()) {
            return;
        }
        long eventTimeMillis = record.eventTimeMillis();
        clockMillis = lateness.advance(clockMillis, eventTimeMillis, record.timestampMillis());
        if (lateness.isLate(clockMillis, eventTimeMillis)) {
            return;
        }
        latestEventTimeMillis = Math.max(latestEventTimeMillis, eventTimeMillis);
        hasMoved = true;
        if (isIdle) {
            activate(output);
        }
    }

    /** At short intervals. */
    void onTick(WatermarkOutput output) {
        long now = machineClock.relativeTimeNanos();
        if (hasMoved) {
            hasMoved = false;
            movedNanos = now;
            end = null;
            emit(output);
        } else if (!isPaused && (isIdle ? hasRead || end != null : isSilent(now))) {
            judge(now, output);
        }
    }

    /** A paused partition is ahead of others, and nothing is known of it until it is resumed. */
    void pause() {
        isPaused = true;
    }

    void resume() {
        isPaused = false;
        movedNanos = machineClock.relativeTimeNanos();
        end = null;
    }

    boolean isIdle() {
        return isIdle;
    }

    /** The watermark, epoch milliseconds; {@code Long.MIN_VALUE} before the first. */
    long emittedMillis() {
        return emittedMillis;
    }

    private void emit(WatermarkOutput output) {
        long watermarkMillis = latestEventTimeMillis - lateness.outOfOrdernessMillis();
        if (watermarkMillis > emittedMillis) {
            emittedMillis = watermarkMillis;
            output.emitWatermark(new Watermark(watermarkMillis));
        }
    }

    private boolean isSilent(long now) {
        return now - movedNanos >= idlenessNanos;
    }

    private void judge(long now, WatermarkOutput output) {
        if (end == null) {
            ask(now);
        } else if (now - askedNanos > MAX_ANSWER_AGE_NANOS) {
            if (isIdle) {
                activate(output);
            }
            if (end.isDone()) {
                end = null;
            }
        } else if (end.isDone() && !end.isCompletedExceptionally() && end.join() <= position) {
            end = null;
            if (!isIdle) {
                isIdle = true;
                output.markIdle();
            }
        }
    }

    private void ask(long now) {
        if (now - askedNanos >= ASK_INTERVAL_NANOS) {
            askedNanos = now;
            hasRead = false;
            end = endAfter.apply(position);
        }
    }

    private void activate(WatermarkOutput output) {
        isIdle = false;
        output.markActive();
    }
}
