package io.weir.election;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;

/**
 * When elections are held and which minutes they count, by all versions of the settings.
 *
 * <p>Boundaries are the multiples of the interval in UTC. The interval changes only at a boundary
 * of both the old and the new one, so the boundaries before and after it are those of one version
 * each.
 */
final class ElectionCalendar {

    private static final long UNLIMITED = Long.MIN_VALUE;

    /** In the order they hold in; each holds until the next does. */
    private final List<Version> versions;

    private ElectionCalendar(List<Version> versions) {
        this.versions = versions;
    }

    /**
     * Of all versions that are known, in any order. A version takes the place of older ones that
     * would hold from the same boundary or later.
     *
     * @throws IllegalArgumentException when there is none, or the first does not hold always
     */
    static ElectionCalendar of(Collection<ElectionSettings> known) {
        List<ElectionSettings> inForce = new ArrayList<>();
        for (ElectionSettings next :
                known.stream()
                        .sorted(Comparator.comparingInt(ElectionSettings::version))
                        .toList()) {
            inForce.removeIf(older -> older.holdsFromMillis() >= next.holdsFromMillis());
            inForce.add(next);
        }
        if (inForce.isEmpty() || inForce.get(0).holdsFromMillis() != Long.MIN_VALUE) {
            throw new IllegalArgumentException(
                    "top_site_config must begin with a version that holds from -infinity, but has "
                            + known);
        }
        List<Version> versions = new ArrayList<>();
        long reach = UNLIMITED;
        for (int i = 0; i < inForce.size(); i++) {
            if (i > 0) {
                reach =
                        Math.max(
                                reach,
                                inForce.get(i).holdsFromMillis()
                                        - inForce.get(i - 1).windowMillis());
            }
            versions.add(new Version(inForce.get(i), reach));
        }
        return new ElectionCalendar(List.copyOf(versions));
    }

    /** What holds at a boundary. */
    ElectionSettings at(long boundaryMillis) {
        return version(boundaryMillis).settings();
    }

    /** The first boundary after the given instant. */
    long nextBoundary(long millis) {
        int index = indexAt(millis);
        long next = versions.get(index).floor(millis) + versions.get(index).interval();
        if (index + 1 < versions.size()) {
            return Math.min(next, versions.get(index + 1).settings().holdsFromMillis());
        }
        return next;
    }

    /** The last boundary that is not after the given instant. */
    long lastBoundary(long millis) {
        return version(millis).floor(millis);
    }

    /**
     * Start of the minutes that the election at a boundary counts. A window that was made wider
     * fills as time goes: the minutes before the narrow one may be forgotten already, so they do
     * not count, whether a job still knows them or not.
     */
    long windowStart(long boundaryMillis) {
        Version version = version(boundaryMillis);
        return Math.max(boundaryMillis - version.settings().windowMillis(), version.reachMillis());
    }

    /** The boundaries from the given one on that lie before the other, in their order. */
    long[] cuts(long fromMillis, long untilMillis) {
        List<Long> cuts = new ArrayList<>();
        cuts.add(fromMillis);
        for (long cut = nextBoundary(fromMillis); cut < untilMillis; cut = nextBoundary(cut)) {
            cuts.add(cut);
        }
        return cuts.stream().mapToLong(Long::longValue).toArray();
    }

    private Version version(long millis) {
        return versions.get(indexAt(millis));
    }

    private int indexAt(long millis) {
        int index = versions.size() - 1;
        while (index > 0 && versions.get(index).settings().holdsFromMillis() > millis) {
            index--;
        }
        return index;
    }

    /** Settings and the first minute that can count in their windows. */
    private record Version(ElectionSettings settings, long reachMillis) {

        long interval() {
            return settings.intervalMillis();
        }

        long floor(long millis) {
            return Math.floorDiv(millis, interval()) * interval();
        }
    }
}
