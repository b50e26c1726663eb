package io.weir.election;

import org.jspecify.annotations.Nullable;

/**
 * Where the elections stand.
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

    static ElectionProgress after(@Nullable Long lastBoundaryMillis) {
        return new ElectionProgress(lastBoundaryMillis, null, null, Long.MIN_VALUE);
    }

    ElectionProgress withTraffic(ElectionNews news) {
        long minute = news.minuteMillis();
        return new ElectionProgress(
                lastBoundaryMillis,
                firstMinuteMillis == null ? minute : Math.min(firstMinuteMillis, minute),
                newestMinuteMillis == null ? minute : Math.max(newestMinuteMillis, minute),
                Math.max(wholeFromMillis, news.wholeFromMillis()));
    }

    ElectionProgress passed(long boundary) {
        return new ElectionProgress(
                boundary, firstMinuteMillis, newestMinuteMillis, wholeFromMillis);
    }

    /** The first election to come, null before there was traffic. */
    @Nullable Long next(ElectionCalendar calendar) {
        if (firstMinuteMillis == null) {
            return null;
        }
        return calendar.nextBoundary(
                lastBoundaryMillis == null ? firstMinuteMillis : lastBoundaryMillis);
    }

    /** The first boundary behind all traffic. */
    long end(ElectionCalendar calendar) {
        return newestMinuteMillis == null
                ? Long.MIN_VALUE
                : calendar.nextBoundary(newestMinuteMillis);
    }

    boolean isStillToCome(long boundary) {
        return lastBoundaryMillis == null || boundary > lastBoundaryMillis;
    }
}
