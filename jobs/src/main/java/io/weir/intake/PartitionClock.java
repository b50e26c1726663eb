package io.weir.intake;

/** State of {@link RouteRequests}: how far a partition's clock has come, epoch milliseconds. */
public record PartitionClock(String topic, int partition, long clockMillis) {}
