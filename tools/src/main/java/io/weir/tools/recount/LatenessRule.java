package io.weir.tools.recount;

/**
 * What decides whether a request is late, in milliseconds.
 *
 * @param outOfOrdernessMillis how far a partition's clock is before the latest time in it
 * @param allowedMillis how long after its end a minute takes requests
 * @param isByArrival whether record timestamps move the clock, as event times do
 */
record LatenessRule(long outOfOrdernessMillis, long allowedMillis, boolean isByArrival) {

    /** Of no partition and no instant. */
    static final long NEVER = Long.MIN_VALUE;
}
