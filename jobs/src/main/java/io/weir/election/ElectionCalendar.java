package io.weir.election;

import java.util.Collection;
import java.util.Comparator;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import java.util.stream.LongStream;

/**
 * When elections are held and which minutes they count, by all versions of the settings.
 *
 * <p>Boundaries are the multiples of the interval in UTC. The interval changes only at a boundary
 * of both the old and the new one, so the boundaries before and after it are those of one version
 * each.
 */
final class ElectionCalendar {

    /** By the boundary from which they hold, each until the next does. */
    private final NavigableMap<Long, ElectionSettings> versions;

    private ElectionCalendar(NavigableMap<Long, ElectionSettings> versions) {
        this.versions = versions;
    }

    /**
     * The calendar of all known versions, in any order. A version replaces older ones that would
     * hold from the same boundary or later.
     *
     * @throws IllegalArgumentException when there is none, or the first does not always hold
     */
    static ElectionCalendar of(Collection<ElectionSettings> known) {
        NavigableMap<Long, ElectionSettings> versions = new TreeMap<>();
        known.stream()
                .sorted(Comparator.comparingInt(ElectionSettings::version))
                .forEach(
                        next -> {
                            versions.tailMap(next.holdsFromMillis(), true).clear();
                            versions.put(next.holdsFromMillis(), next);
                        });
        if (!versions.containsKey(Long.MIN_VALUE)) {
            throw new IllegalArgumentException(
                    "top_site_config must begin with a version that holds from -infinity, but has "
                            + known);
        }
        return new ElectionCalendar(versions);
    }

    /** The version that holds at a boundary. */
    ElectionSettings at(long boundaryMillis) {
        return Objects.requireNonNull(versions.floorEntry(boundaryMillis)).getValue();
    }

    /** The first boundary after the given instant. */
    long nextBoundary(long millis) {
        long next = lastBoundary(millis) + at(millis).intervalMillis();
        Long change = versions.higherKey(millis);
        return change == null ? next : Math.min(next, change);
    }

    /** The last boundary that is not after the given instant. */
    long lastBoundary(long millis) {
        long interval = at(millis).intervalMillis();
        return Math.floorDiv(millis, interval) * interval;
    }

    /**
     * The first minute that the election at a boundary counts. A window that was made wider fills
     * gradually: the minutes before the narrow one may be forgotten already, so they do not count,
     * whether a job still has them or not.
     */
    long windowStart(long boundaryMillis) {
        long start = boundaryMillis - at(boundaryMillis).windowMillis();
        for (long change : versions.headMap(boundaryMillis, true).keySet()) {
            Map.Entry<Long, ElectionSettings> before = versions.lowerEntry(change);
            if (before != null) {
                start = Math.max(start, change - before.getValue().windowMillis());
            }
        }
        return start;
    }

    /** The given instant, and the boundaries after it that lie before the other, in order. */
    long[] cuts(long fromMillis, long untilMillis) {
        return LongStream.iterate(fromMillis, cut -> cut < untilMillis, this::nextBoundary)
                .toArray();
    }
}
