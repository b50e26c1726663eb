package io.weir.election;

/**
 * A site's hits between two boundaries that follow each other, at least one.
 *
 * <p>An earlier election has counted all of them or none, so a candidate need not carry every
 * minute.
 *
 * @param fromMillis the earlier boundary, or the start of the window
 * @param firstMinuteMillis the first minute with traffic
 */
public record HitsBetweenElections(long fromMillis, long firstMinuteMillis, long hits) {}
