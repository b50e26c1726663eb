package io.weir.intake;

import static io.weir.traffic.Grain.MINUTE;

import java.io.Serializable;
import java.time.Duration;

/**
 * The rule by which a partition decides whether a request is late, the same at every speed and
 * after every restart because it knows nothing but the partition's own records.
 *
 * <p>A partition's clock is the largest event time and record timestamp of its valid requests so
 * far, less the out-of-orderness. A request is counted into the clock before it is judged. It is
 * late when the end of its minute plus the allowed lateness is not after the clock, or has not been
 * so before: a minute once closed stays closed, whatever the allowed lateness becomes later.
 *
 * @param outOfOrdernessMillis how far requests of one partition may be out of order, 0 or more
 * @param allowedMillis how long after its end a minute still takes requests, 0 or more
 * @param arrivalClock whether record timestamps count into the clock
 */
public record Lateness(long outOfOrdernessMillis, long allowedMillis, boolean arrivalClock)
        implements Serializable {

    /** A clock that no request has moved yet. */
    public static final long UNSET_CLOCK = Long.MIN_VALUE;

    public Lateness {
        if (outOfOrdernessMillis < 0 || allowedMillis < 0) {
            throw new IllegalArgumentException(
                    """
                    event-time.out-of-orderness and event-time.allowed-lateness must not be negative: \
                    %d ms, %d ms"""
                            .formatted(outOfOrdernessMillis, allowedMillis));
        }
    }

    public static Lateness of(
            Duration outOfOrderness, Duration allowedLateness, boolean arrivalClock) {
        return new Lateness(outOfOrderness.toMillis(), allowedLateness.toMillis(), arrivalClock);
    }

    /** The clock after a valid request with the given times, all in epoch milliseconds. */
    public long advance(long clockMillis, long eventTimeMillis, long recordTimestampMillis) {
        long latest =
                arrivalClock ? Math.max(eventTimeMillis, recordTimestampMillis) : eventTimeMillis;
        return Math.max(clockMillis, latest - outOfOrdernessMillis);
    }

    /** The minutes that end at this instant or before are closed when the clock has come so far. */
    public long closedUntil(long clockMillis) {
        return clockMillis - allowedMillis;
    }

    /** Whether the request's minute is closed. */
    public static boolean isClosed(long closedUntilMillis, long eventTimeMillis) {
        return MINUTE.endOf(MINUTE.bucketOf(eventTimeMillis)) <= closedUntilMillis;
    }

    /** Whether a request is late on a clock that it has been counted into, and on no other. */
    public boolean isLate(long clockMillis, long eventTimeMillis) {
        return isClosed(closedUntil(clockMillis), eventTimeMillis);
    }
}
