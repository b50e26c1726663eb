package io.weir.request;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A record as Kafka holds it; topic, partition and offset identify it.
 *
 * @param timestampMillis the record's own timestamp in epoch milliseconds: its arrival time
 * @param key the raw bytes of its key, null where it has none; nothing is decided by it
 * @param value the raw bytes; empty for a record without a value
 * @param headers the record's headers in their order
 */
public record KafkaRecord(
        String topic,
        int partition,
        long offset,
        long timestampMillis,
        byte @Nullable [] key,
        byte[] value,
        List<KafkaHeader> headers) {

    /** Objects and references, of the record and of what holds it. */
    private static final int OTHER_BYTES = 512;

    /** How much memory it takes while it is held, roughly. */
    public long memoryBytes() {
        long bytes = OTHER_BYTES;
        bytes += value.length;
        bytes += key == null ? 0 : key.length;
        for (KafkaHeader header : headers) {
            bytes += header.key().length() + header.value().length;
        }
        return bytes;
    }
}
