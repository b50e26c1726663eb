package io.weir.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How event time is judged.
 *
 * @param idleness null when partitions never become idle
 * @param alignmentDrift null when partitions are not held together
 * @param maxAge null when requests may be of any age
 */
public record EventTimeOptions(
        Duration outOfOrderness,
        Duration allowedLateness,
        @Nullable Duration idleness,
        @Nullable Duration alignmentDrift,
        Duration maxAhead,
        @Nullable Duration maxAge,
        boolean arrivalClock) {

    /** How far apart partitions may be read without a window being closed too early. */
    private static final Duration READ_SLACK = Duration.ofMinutes(1);

    public EventTimeOptions {
        if (idleness != null && idleness.isZero()) {
            throw new IllegalArgumentException(
                    "event-time.idleness must be longer than 0: every partition would be idle"
                            + " between two polls. Use off for partitions that never are");
        }
        if (alignmentDrift != null
                && (idleness == null || alignmentDrift.compareTo(idleness) <= 0)) {
            throw new IllegalArgumentException(
                    """
                    event-time.alignment-drift (%s) must be longer than event-time.idleness (%s), and \
                    off where idleness is off: a silent partition would hold up all others forever"""
                            .formatted(alignmentDrift, idleness));
        }
    }

    /** How long after its end a bucket can still change. */
    public Duration settle() {
        return allowedLateness.plus(maxAhead).plus(READ_SLACK);
    }
}
