package io.weir.tools.recount;

import io.weir.config.EventTimeOptions;

/**
 * What decides whether a request is late, in milliseconds.
 *
 * @param outOfOrdernessMillis how far a partition's clock is before the latest time in it
 * @param allowedMillis how long after its end a minute takes requests
 * @param isByArrival whether record timestamps move the clock, as event times do
 */
public record LatenessRule(long outOfOrdernessMillis, long allowedMillis, boolean isByArrival) {

    /** Of no partition and no instant. */
    static final long NEVER = Long.MIN_VALUE;

    /** The job's own. */
    public static LatenessRule of(EventTimeOptions eventTime) {
        return new LatenessRule(
                eventTime.outOfOrderness().toMillis(),
                eventTime.allowedLateness().toMillis(),
                eventTime.arrivalClock());
    }
}
