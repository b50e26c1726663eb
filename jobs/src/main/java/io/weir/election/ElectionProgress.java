package io.weir.election;

import org.jspecify.annotations.Nullable;

/**
 * Where the elections stand: which is the next, and whether it can be held.
 *
 * @param lastBoundaryMillis the last one held or skipped, null before the first
 * @param firstMinuteMillis the earliest minute with traffic, null before there was any
 * @param newestMinuteMillis the newest minute with traffic, null before there was any
 * @param wholeFromMillis windows that begin earlier are not whole
 */
public record ElectionProgress(
        @Nullable Long lastBoundaryMillis,
        @Nullable Long firstMinuteMillis,
        @Nullable Long newestMinuteMillis,
        long wholeFromMillis) {

    static final ElectionProgress NONE = new ElectionProgress(null, null, null, Long.MIN_VALUE);

    ElectionProgress withTraffic(MinuteHits traffic) {
        long minute = traffic.minuteMillis();
        return new ElectionProgress(
                lastBoundaryMillis,
                firstMinuteMillis == null ? minute : Math.min(firstMinuteMillis, minute),
                newestMinuteMillis == null ? minute : Math.max(newestMinuteMillis, minute),
                Math.max(wholeFromMillis, traffic.wholeFromMillis()));
    }

    ElectionProgress passed(@Nullable Long boundary) {
        return new ElectionProgress(
                boundary, firstMinuteMillis, newestMinuteMillis, wholeFromMillis);
    }

    /** The instant after which the first election to come lies, null before there was traffic. */
    @Nullable Long from() {
        return firstMinuteMillis == null || lastBoundaryMillis == null
                ? firstMinuteMillis
                : lastBoundaryMillis;
    }

    /** The first election to come, null before there was traffic. */
    @Nullable Long next(ElectionCalendar calendar) {
        Long from = from();
        return from == null ? null : calendar.nextBoundary(from);
    }

    /** Whether an election lies beyond the first boundary after all traffic. */
    boolean isBeyondTraffic(long boundary, ElectionCalendar calendar) {
        return newestMinuteMillis == null || boundary > calendar.nextBoundary(newestMinuteMillis);
    }

    boolean isStillToCome(long boundary) {
        return lastBoundaryMillis == null || boundary > lastBoundaryMillis;
    }

    /** Whether this job has counted the window of an election from its start. */
    boolean isWhole(long boundary, ElectionCalendar calendar) {
        return calendar.windowStart(boundary) >= wholeFromMillis;
    }

    /**
     * Whether the last election was skipped and the next will be held: another job may have held
     * what was skipped here.
     */
    boolean hasSkippedUpTo(long next, ElectionCalendar calendar) {
        return lastBoundaryMillis != null
                && !isWhole(lastBoundaryMillis, calendar)
                && isWhole(next, calendar);
    }

    /** Whether elections that were held elsewhere are as far as this, or further. */
    boolean isContinuedBy(ElectionStore.Past past) {
        return lastBoundaryMillis == null
                || (past.lastBoundaryMillis() != null
                        && past.lastBoundaryMillis() >= lastBoundaryMillis);
    }
}
