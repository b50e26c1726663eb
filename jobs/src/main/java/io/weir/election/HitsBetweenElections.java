package io.weir.election;

import org.jspecify.annotations.Nullable;

/**
 * A site's hits between two consecutive boundaries, at least one.
 *
 * <p>An earlier election has counted all of them or none, so a candidate need not carry every
 * minute.
 *
 * @param fromMillis the earlier boundary, or the start of the window
 * @param firstMinuteMillis the first minute with traffic
 */
public record HitsBetweenElections(long fromMillis, long firstMinuteMillis, long hits) {

    /** A part, null while it is empty, with one more minute. */
    static HitsBetweenElections plus(
            @Nullable HitsBetweenElections part, long fromMillis, long minute, long hits) {
        return part == null
                ? new HitsBetweenElections(fromMillis, minute, hits)
                : new HitsBetweenElections(
                        fromMillis, Math.min(part.firstMinuteMillis(), minute), part.hits() + hits);
    }
}
