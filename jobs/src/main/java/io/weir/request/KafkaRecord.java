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
        List<KafkaHeader> headers) {}
