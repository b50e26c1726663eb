package io.weir.window;

import io.weir.request.HttpRequest;
import io.weir.traffic.Grain;
import io.weir.traffic.Traffic;
import io.weir.traffic.TrafficPartial;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;

/**
 * Adds up the requests of each site and minute before they cross the network: a busy site costs
 * the windows one partial a second from each subtask, whatever its traffic.
 *
 * <p>It holds no state. Everything is emitted before a checkpoint barrier, every minute that a
 * watermark has passed before that watermark, and everything before an idle status; otherwise at
 * an interval, and when too many sites and minutes are held. A partial's timestamp is its minute's
 * start.
 */
public final class CombineRequests extends AbstractStreamOperator<TrafficPartial>
        implements OneInputStreamOperator<HttpRequest, TrafficPartial>, BoundedOneInput {

    private static final long serialVersionUID = 1;

    private final long intervalMillis;
    private final int maxKeys;

    private transient Map<SiteMinute, Traffic> held;

    /**
     * @param interval the longest that a request is held, of the machine's time
     * @param maxKeys how many sites and minutes are held at most
     */
    public CombineRequests(Duration interval, int maxKeys) {
        this.intervalMillis = interval.toMillis();
        this.maxKeys = maxKeys;
    }

    @Override
    public void open() throws Exception {
        super.open();
        held = new HashMap<>();
        scheduleEmission();
    }

    private void scheduleEmission() {
        getProcessingTimeService()
                .registerTimer(
                        getProcessingTimeService().getCurrentProcessingTime() + intervalMillis,
                        time -> {
                            emitAll();
                            scheduleEmission();
                        });
    }

    @Override
    public void processElement(StreamRecord<HttpRequest> element) {
        HttpRequest request = element.getValue();
        long minuteMillis = Grain.MINUTE.bucketOf(request.eventTimeMillis());
        held.computeIfAbsent(
                        new SiteMinute(request.siteId(), minuteMillis), key -> new Traffic())
                .add(request);
        if (held.size() >= maxKeys) {
            emitAll();
        }
    }

    @Override
    public void processWatermark(Watermark watermark) throws Exception {
        emitEndedBy(watermark.getTimestamp());
        super.processWatermark(watermark);
    }

    @Override
    public void processWatermarkStatus(WatermarkStatus status) throws Exception {
        if (status.isIdle()) {
            emitAll();
        }
        super.processWatermarkStatus(status);
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) {
        emitAll();
    }

    @Override
    public void endInput() {
        emitAll();
    }

    private void emitAll() {
        emitEndedBy(Long.MAX_VALUE);
    }

    private void emitEndedBy(long watermarkMillis) {
        Iterator<Map.Entry<SiteMinute, Traffic>> entries = held.entrySet().iterator();
        while (entries.hasNext()) {
            Map.Entry<SiteMinute, Traffic> entry = entries.next();
            SiteMinute key = entry.getKey();
            if (Grain.MINUTE.endOf(key.minuteMillis()) <= watermarkMillis) {
                entries.remove();
                output.collect(
                        new StreamRecord<>(
                                new TrafficPartial(
                                        key.siteId(), key.minuteMillis(), entry.getValue()),
                                key.minuteMillis()));
            }
        }
    }

    private record SiteMinute(int siteId, long minuteMillis) {}
}
