package io.weir.intake;

import io.weir.breakdown.HeldBreakdowns;
import io.weir.request.ReadRecord;
import io.weir.traffic.TrafficPartial;
import io.weir.view.CountingViews;
import io.weir.view.Views;
import io.weir.window.HeldMinutes;
import java.time.Duration;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;

/**
 * Adds up the requests that are on time at once. An operator for each would be easier to read, but
 * Flink copies what it hands from an operator with side outputs to the next, for each of them, and
 * nothing that is handed on can be an object that is reused.
 */
@SuppressWarnings("NullAway.Init") // Flink calls open before anything else
public final class RouteAndCombine extends RouteRequests<TrafficPartial> {

    private static final long serialVersionUID = 1;

    private final Duration interval;
    private final int maxKeys;

    private final Views views;

    private transient HeldMinutes held;
    private transient CountingViews counting;
    private transient HeldBreakdowns heldByKey;

    /**
     * @param settle how long after its end the windows keep a minute
     * @param topic where the records come from
     * @param interval the longest that a request is held, of the machine's time
     * @param maxKeys how many sites and minutes are held at most, and how many keys of views
     */
    public RouteAndCombine(
            Lateness lateness,
            Duration settle,
            String topic,
            Duration interval,
            int maxKeys,
            Views views) {
        super(lateness, settle, topic, true);
        this.interval = interval;
        this.maxKeys = maxKeys;
        this.views = views;
    }

    @Override
    public void open() throws Exception {
        super.open();
        held = new HeldMinutes(maxKeys, output);
        held.emitAt(interval, getProcessingTimeService());
        counting = new CountingViews(views);
        heldByKey = new HeldBreakdowns(maxKeys, part -> output.collect(HeldBreakdowns.TAG, part));
        heldByKey.emitAt(interval, getProcessingTimeService());
    }

    @Override
    void sendOn(StreamRecord<ReadRecord> element) {
        held.add(element.getValue());
        heldByKey.add(element.getValue(), counting);
    }

    @Override
    public void processWatermark(Watermark watermark) throws Exception {
        held.onWatermark(watermark);
        heldByKey.onWatermark(watermark);
        super.processWatermark(watermark);
    }

    @Override
    public void processWatermarkStatus(WatermarkStatus status) throws Exception {
        held.onStatus(status);
        heldByKey.onStatus(status);
        super.processWatermarkStatus(status);
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) {
        held.onBarrier();
        heldByKey.onBarrier();
        super.prepareSnapshotPreBarrier(checkpointId);
    }

    @Override
    public void finish() throws Exception {
        held.onEnd();
        heldByKey.onEnd();
        super.finish();
    }
}
