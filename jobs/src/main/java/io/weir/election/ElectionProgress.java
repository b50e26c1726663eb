package io.weir.election;

import org.jspecify.annotations.Nullable;

/**
 * Where the elections stand.
 *
 * @param lastBoundaryMillis the last one held or skipped, null before the first
 * @param nextBoundaryMillis the next one, null before there was traffic
 * @param newestBoundaryMillis the first boundary after the newest minute with traffic
 * @param wholeFromMillis windows that begin earlier are not whole
 */
public record ElectionProgress(
        @Nullable Long lastBoundaryMillis,
        @Nullable Long nextBoundaryMillis,
        long newestBoundaryMillis,
        long wholeFromMillis) {

    static ElectionProgress after(@Nullable Long lastBoundaryMillis) {
        return new ElectionProgress(lastBoundaryMillis, null, Long.MIN_VALUE, Long.MIN_VALUE);
    }

    ElectionProgress with(ElectionNews news) {
        return new ElectionProgress(
                lastBoundaryMillis,
                nextBoundaryMillis,
                Math.max(newestBoundaryMillis, news.boundaryMillis()),
                Math.max(wholeFromMillis, news.wholeFromMillis()));
    }

    ElectionProgress withNext(@Nullable Long boundary) {
        return new ElectionProgress(
                lastBoundaryMillis, boundary, newestBoundaryMillis, wholeFromMillis);
    }

    ElectionProgress passed(long boundary, long next) {
        return new ElectionProgress(boundary, next, newestBoundaryMillis, wholeFromMillis);
    }

    boolean isStillToCome(long boundary) {
        return lastBoundaryMillis == null || boundary > lastBoundaryMillis;
    }
}
