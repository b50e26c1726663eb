package io.weir.request;

import java.util.List;

/**
 * A record as Kafka holds it; topic, partition and offset identify it.
 *
 * @param timestampMillis the record's own timestamp in epoch milliseconds: its arrival time
 * @param value the raw bytes; empty for a record without a value
 * @param headers the record's headers in their order
 */
public record KafkaRecord(
        String topic,
        int partition,
        long offset,
        long timestampMillis,
        byte[] value,
        List<KafkaHeader> headers) {}
