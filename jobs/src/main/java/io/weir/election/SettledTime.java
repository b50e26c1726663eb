package io.weir.election;

/** When it is certain which boundaries there are. */
final class SettledTime {

    private SettledTime() {}

    /**
     * The time to look for the election that follows an instant. Settings are known when the
     * elections they hold for are due, not when the instant's traffic arrives: a version that is
     * still unknown then can begin at the boundary before the instant and have its next one soon.
     * So that boundary's time comes first, if it has not passed.
     */
    static long nextLook(
            long millis, ElectionCalendar calendar, long settleMillis, long watermarkMillis) {
        long before = calendar.lastBoundary(millis) + settleMillis;
        return before > watermarkMillis ? before : calendar.nextBoundary(millis) + settleMillis;
    }
}
