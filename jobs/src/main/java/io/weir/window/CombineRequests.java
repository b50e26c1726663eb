package io.weir.window;

import io.weir.request.HttpRequest;
import io.weir.traffic.Grain;
import io.weir.traffic.Traffic;
import io.weir.traffic.TrafficPartial;
import it.unimi.dsi.fastutil.longs.Long2ObjectMap;
import it.unimi.dsi.fastutil.longs.Long2ObjectOpenHashMap;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.Future;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.BoundedOneInput;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;

/**
 * Adds up the requests of each site and minute before they cross the network: a busy site costs the
 * windows one partial a second from each subtask, whatever its traffic.
 *
 * <p>It holds no state. Everything is emitted before a checkpoint barrier, every minute that a
 * watermark has passed before that watermark, and everything before an idle status; otherwise at an
 * interval, and when too many sites and minutes are held. A partial's timestamp is its minute's
 * start.
 */
@SuppressWarnings("NullAway.Init") // Flink calls initializeState and open before anything else
public final class CombineRequests extends AbstractStreamOperator<TrafficPartial>
        implements OneInputStreamOperator<HttpRequest, TrafficPartial>, BoundedOneInput {

    private static final long serialVersionUID = 1;

    private final long intervalMillis;
    private final int maxKeys;

    /** By site and minute: the site in the high half, the number of the minute in the low one. */
    private transient Long2ObjectOpenHashMap<Traffic> held;

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
        held = new Long2ObjectOpenHashMap<>();
        scheduleEmission();
    }

    private void scheduleEmission() {
        Future<?> unused =
                getProcessingTimeService()
                        .registerTimer(
                                getProcessingTimeService().getCurrentProcessingTime()
                                        + intervalMillis,
                                time -> {
                                    emitAll();
                                    scheduleEmission();
                                });
    }

    @Override
    public void processElement(StreamRecord<HttpRequest> element) {
        HttpRequest request = element.getValue();
        long key = keyOf(request.siteId(), request.eventTimeMillis());
        Traffic traffic = held.get(key);
        if (traffic == null) {
            traffic = new Traffic();
            held.put(key, traffic);
        }
        traffic.add(request);
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
        for (Long2ObjectMap.Entry<Traffic> entry : held.long2ObjectEntrySet()) {
            emit(entry.getLongKey(), entry.getValue());
        }
        held.clear();
    }

    private void emitEndedBy(long watermarkMillis) {
        Iterator<Long2ObjectMap.Entry<Traffic>> entries = held.long2ObjectEntrySet().fastIterator();
        while (entries.hasNext()) {
            Long2ObjectMap.Entry<Traffic> entry = entries.next();
            if (Grain.MINUTE.endOf(minuteOf(entry.getLongKey())) <= watermarkMillis) {
                emit(entry.getLongKey(), entry.getValue());
                entries.remove();
            }
        }
    }

    private void emit(long key, Traffic traffic) {
        long minuteMillis = minuteOf(key);
        output.collect(
                new StreamRecord<>(
                        new TrafficPartial((int) (key >>> Integer.SIZE), minuteMillis, traffic),
                        minuteMillis));
    }

    /** Until the year 9999 the number of a minute has 32 bits. */
    private static long keyOf(int siteId, long eventTimeMillis) {
        return (long) siteId << Integer.SIZE | eventTimeMillis / Grain.MINUTE.millis();
    }

    private static long minuteOf(long key) {
        return (key & 0xffff_ffffL) * Grain.MINUTE.millis();
    }
}
