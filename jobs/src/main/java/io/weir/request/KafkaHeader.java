package io.weir.request;

/** A header of a Kafka record; the value is empty where Kafka has none. */
public record KafkaHeader(String key, byte[] value) {}
