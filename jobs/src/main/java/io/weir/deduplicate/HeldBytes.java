package io.weir.deduplicate;

import io.weir.request.KafkaRecord;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * How much memory the copies that {@link DeduplicateRequests} holds take, roughly, and where they
 * are in its state: so much is not read again only to know it.
 */
final class HeldBytes {

    /** By minute and key, none empty. */
    private final NavigableMap<Long, Map<Integer, Long>> places = new TreeMap<>();

    private long total;

    void add(long minuteMillis, int key, KafkaRecord record) {
        long bytes = record.memoryBytes();
        places.computeIfAbsent(minuteMillis, minute -> new HashMap<>())
                .merge(key, bytes, Long::sum);
        total += bytes;
    }

    void remove(long minuteMillis, int key) {
        Map<Integer, Long> keys = places.get(minuteMillis);
        Long bytes = keys == null ? null : keys.remove(key);
        if (bytes != null) {
            total -= bytes;
        }
        if (keys != null && keys.isEmpty()) {
            places.remove(minuteMillis);
        }
    }

    long total() {
        return total;
    }

    /** A place of the oldest minute; there must be one. */
    Place oldest() {
        Map.Entry<Long, Map<Integer, Long>> oldest = places.firstEntry();
        return new Place(oldest.getKey(), oldest.getValue().keySet().iterator().next());
    }

    /** Where copies are. */
    record Place(long minuteMillis, int key) {}
}
