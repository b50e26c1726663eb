package io.weir.intake;

import org.jspecify.annotations.Nullable;

/**
 * State of {@link RouteRequests}: how far a partition's clock has come.
 *
 * @param clockMillis epoch milliseconds
 * @param closedUntilMillis the minutes that end at this instant or before are closed; null in state
 *     older than this component, where the clock alone decides
 */
public record PartitionClock(
        String topic, int partition, long clockMillis, @Nullable Long closedUntilMillis) {}
