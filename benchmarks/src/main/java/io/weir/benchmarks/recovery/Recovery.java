package io.weir.benchmarks.recovery;

/**
 * What one failure cost.
 *
 * @param untilReading seconds from the kill until the job read on
 * @param untilCaughtUp seconds from the kill until it was less than a second behind
 * @param readAgain how many records had been read before
 * @param caughtUpWith records a second while it caught up
 * @param checkpointBytes of the last checkpoint before the kill, all of it
 * @param checkpointMillis from its start to its end
 */
public record Recovery(
        double untilReading,
        double untilCaughtUp,
        long readAgain,
        double caughtUpWith,
        long checkpointBytes,
        long checkpointMillis) {}
