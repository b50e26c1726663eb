package io.weir.election;

import io.weir.traffic.Grain;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.RuntimeContext;
import org.apache.flink.api.common.typeinfo.PrimitiveArrayTypeInfo;
import org.apache.flink.api.common.typeinfo.Types;

/**
 * Keyed state: a site's hits by minute, an entry an hour.
 *
 * <p>Minutes are not added up, though elections count whole intervals: settings that are still to
 * come may begin their window at any minute.
 */
final class HitsByMinute {

    private static final long MINUTE = Grain.MINUTE.millis();

    private final StateMap<Long, byte[]> hours;

    /** As earlier versions kept them, an entry a minute. */
    private final StateMap<Long, Long> minutes;

    private final boolean mayHaveMinutes;

    private HitsByMinute(
            StateMap<Long, byte[]> hours, StateMap<Long, Long> minutes, boolean mayHaveMinutes) {
        this.hours = hours;
        this.minutes = minutes;
        this.mayHaveMinutes = mayHaveMinutes;
    }

    /**
     * The state of the current key.
     *
     * @param isRestored whether it may come from an earlier version
     */
    static HitsByMinute of(RuntimeContext context, boolean isRestored) {
        return new HitsByMinute(
                StateMap.of(
                        context,
                        "hits-by-hour",
                        Types.LONG,
                        PrimitiveArrayTypeInfo.BYTE_PRIMITIVE_ARRAY_TYPE_INFO),
                StateMap.of(context, "hits-by-minute", Types.LONG, Types.LONG),
                isRestored);
    }

    /** Sets the hits of a minute, given by its start. */
    void put(long minuteMillis, long hits) throws IOException {
        takeOverMinutes();
        set(minuteMillis, hits);
    }

    /** Minutes that have hits, by their start, and how many. */
    List<Map.Entry<Long, Long>> entries() throws IOException {
        takeOverMinutes();
        List<Map.Entry<Long, Long>> entries = new ArrayList<>();
        for (Map.Entry<Long, byte[]> hour : hours.entrySet()) {
            long[] hits = HourHits.unpack(hour.getValue());
            for (int minute = 0; minute < HourHits.MINUTES; minute++) {
                if (hits[minute] != 0) {
                    entries.add(Map.entry(hour.getKey() + minute * MINUTE, hits[minute]));
                }
            }
        }
        return entries;
    }

    /** Forgets the hours that end before an instant. */
    void forgetBefore(long millis) {
        hours.removeKeysIf(hour -> Grain.HOUR.endOf(hour) <= millis);
    }

    boolean isEmpty() {
        return hours.isEmpty();
    }

    private void set(long minuteMillis, long count) throws IOException {
        Long hour = Grain.HOUR.bucketOf(minuteMillis);
        byte[] packed = hours.get(hour);
        long[] hits = packed == null ? new long[HourHits.MINUTES] : HourHits.unpack(packed);
        hits[(int) ((minuteMillis - hour) / MINUTE)] = count;
        hours.put(hour, HourHits.pack(hits));
    }

    private void takeOverMinutes() throws IOException {
        if (mayHaveMinutes && !minutes.isEmpty()) {
            for (Map.Entry<Long, Long> minute : minutes.entrySet()) {
                set(minute.getKey(), minute.getValue());
            }
            minutes.clear();
        }
    }
}
