package io.weir.deduplicate;

import io.weir.breakdown.HeldBreakdowns;
import io.weir.request.HttpRequest;
import io.weir.traffic.TrafficPartial;
import io.weir.window.HeldMinutes;
import java.time.Duration;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;

/** Adds up requests that were looked through for duplicates: see {@link HeldMinutes}. */
@SuppressWarnings("NullAway.Init") // Flink calls open before anything else
public final class CombineRequests extends AbstractStreamOperator<TrafficPartial>
        implements OneInputStreamOperator<HttpRequest, TrafficPartial>, BoundedOneInput {

    private static final long serialVersionUID = 1;

    private final Duration interval;
    private final int maxKeys;

    private transient HeldMinutes held;
    private transient HeldBreakdowns heldByKey;

    /**
     * @param interval the longest that a request is held, of the machine's time
     * @param maxKeys how many sites and minutes are held at most, and how many keys of views
     */
    public CombineRequests(Duration interval, int maxKeys) {
        this.interval = interval;
        this.maxKeys = maxKeys;
    }

    @Override
    public void open() throws Exception {
        super.open();
        held = new HeldMinutes(maxKeys, output);
        held.emitAt(interval, getProcessingTimeService());
        heldByKey = new HeldBreakdowns(maxKeys, part -> output.collect(HeldBreakdowns.TAG, part));
        heldByKey.emitAt(interval, getProcessingTimeService());
    }

    @Override
    public void processElement(StreamRecord<HttpRequest> element) {
        held.add(element.getValue());
        heldByKey.add(element.getValue());
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
    }

    @Override
    public void endInput() {
        held.onEnd();
        heldByKey.onEnd();
    }
}
