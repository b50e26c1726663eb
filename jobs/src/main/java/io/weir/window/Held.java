package io.weir.window;

import java.time.Duration;
import java.util.concurrent.Future;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.tasks.ProcessingTimeService;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;

/**
 * What an operator adds up before it crosses the network.
 *
 * <p>It is no state. The operator says beforehand when it is to send a checkpoint barrier, a
 * watermark or an idle status, or has come to its end: then everything is emitted, before a
 * watermark everything of the buckets that it has passed. Otherwise everything is emitted at an
 * interval.
 */
public abstract class Held {

    /**
     * Emits everything time and again.
     *
     * @param interval the longest that a request is held, of the machine's time
     */
    public final void emitAt(Duration interval, ProcessingTimeService machineTime) {
        Future<?> unused =
                machineTime.registerTimer(
                        machineTime.getCurrentProcessingTime() + interval.toMillis(),
                        time -> {
                            emitAll();
                            emitAt(interval, machineTime);
                        });
    }

    public final void onBarrier() {
        emitAll();
    }

    public final void onWatermark(Watermark watermark) {
        emitEndedBy(watermark.getTimestamp());
    }

    public final void onStatus(WatermarkStatus status) {
        if (status.isIdle()) {
            emitAll();
        }
    }

    public final void onEnd() {
        emitAll();
    }

    protected abstract void emitAll();

    /** Emits the buckets that have ended by a watermark, epoch milliseconds. */
    protected abstract void emitEndedBy(long watermarkMillis);
}
