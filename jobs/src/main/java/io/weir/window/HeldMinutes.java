package io.weir.window;

import io.weir.request.MeasuredRequest;
import io.weir.traffic.Grain;
import io.weir.traffic.Traffic;
import io.weir.traffic.TrafficPartial;
import it.unimi.dsi.fastutil.longs.Long2ObjectMap;
import it.unimi.dsi.fastutil.longs.Long2ObjectOpenHashMap;
import it.unimi.dsi.fastutil.objects.ObjectIterator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.Collector;

/**
 * Requests that an operator adds up by site and minute before they cross the network: a busy site
 * costs the windows one partial a second from each subtask, whatever its traffic.
 *
 * <p>It also emits everything when too many sites and minutes are held. A partial's timestamp is
 * its minute's start.
 */
public final class HeldMinutes extends Held {

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

    @Override
    protected void emitAll() {
        for (Long2ObjectMap.Entry<Traffic> entry : held.long2ObjectEntrySet()) {
            emit(entry.getLongKey(), entry.getValue());
        }
        held.clear();
    }

    @Override
    protected void emitEndedBy(long watermarkMillis) {
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
