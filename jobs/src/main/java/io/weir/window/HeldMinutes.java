package io.weir.window;

import io.weir.request.MeasuredRequest;
import io.weir.traffic.Grain;
import io.weir.traffic.Traffic;
import io.weir.traffic.TrafficPartial;
import it.unimi.dsi.fastutil.longs.Long2ObjectMap;
import it.unimi.dsi.fastutil.longs.Long2ObjectOpenHashMap;
import it.unimi.dsi.fastutil.objects.ObjectIterator;
import java.time.Duration;
import java.util.concurrent.Future;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.runtime.tasks.ProcessingTimeService;
import org.apache.flink.streaming.runtime.watermarkstatus.WatermarkStatus;
import org.apache.flink.util.Collector;

/**
 * Requests that an operator adds up by site and minute before they cross the network: a busy site
 * costs the windows one partial a second from each subtask, whatever its traffic.
 *
 * <p>It is no state. The operator says beforehand when it is to send a checkpoint barrier, a
 * watermark or an idle status, or has come to its end: then everything is emitted, before a
 * watermark every minute that it has passed. Otherwise everything is emitted at an interval, and
 * when too many sites and minutes are held. A partial's timestamp is its minute's start.
 */
public final class HeldMinutes {

    private final int maxKeys;
    private final Collector<StreamRecord<TrafficPartial>> output;

    /** By site and minute: the site in the high half, the number of the minute in the low one. */
    private final Long2ObjectOpenHashMap<Traffic> held = new Long2ObjectOpenHashMap<>();

    /**
     * @param maxKeys how many sites and minutes are held at most
     */
    public HeldMinutes(int maxKeys, Collector<StreamRecord<TrafficPartial>> output) {
        this.maxKeys = maxKeys;
        this.output = output;
    }

    /**
     * Emits everything time and again.
     *
     * @param interval the longest that a request is held, of the machine's time
     */
    public void emitAt(Duration interval, ProcessingTimeService machineTime) {
        Future<?> unused =
                machineTime.registerTimer(
                        machineTime.getCurrentProcessingTime() + interval.toMillis(),
                        time -> {
                            emitAll();
                            emitAt(interval, machineTime);
                        });
    }

    public void add(MeasuredRequest request) {
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

    public void onBarrier() {
        emitAll();
    }

    public void onWatermark(Watermark watermark) {
        emitEndedBy(watermark.getTimestamp());
    }

    public void onStatus(WatermarkStatus status) {
        if (status.isIdle()) {
            emitAll();
        }
    }

    public void onEnd() {
        emitAll();
    }

    private void emitAll() {
        for (Long2ObjectMap.Entry<Traffic> entry : held.long2ObjectEntrySet()) {
            emit(entry.getLongKey(), entry.getValue());
        }
        held.clear();
    }

    private void emitEndedBy(long watermarkMillis) {
        ObjectIterator<Long2ObjectMap.Entry<Traffic>> entries =
                held.long2ObjectEntrySet().fastIterator();
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
