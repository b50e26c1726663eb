package io.weir.election;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A site with enough hits for an election.
 *
 * @param boundaryMillis the election, epoch milliseconds
 * @param hits in the whole window
 * @param lastMinuteMillis the newest minute with traffic in the window
 * @param parts the same hits by the boundaries within the window, in order of time
 */
public record Candidate(
        int siteId,
        long boundaryMillis,
        long hits,
        long lastMinuteMillis,
        HitsBetweenElections[] parts) {

    /**
     * Nominates a site for the election at a boundary.
     *
     * @param hitsByMinute the site's hits, also of minutes outside the window
     * @return null when it has too few in the window
     */
    static @Nullable Candidate of(
            int siteId,
            long boundary,
            ElectionCalendar calendar,
            Iterable<Map.Entry<Long, Long>> hitsByMinute) {
        long[] cuts = calendar.cuts(calendar.windowStart(boundary), boundary);
        HitsBetweenElections[] parts = new HitsBetweenElections[cuts.length];
        long hits = 0;
        long lastMinute = Long.MIN_VALUE;
        for (Map.Entry<Long, Long> entry : hitsByMinute) {
            long minute = entry.getKey();
            if (cuts[0] <= minute && minute < boundary) {
                int found = Arrays.binarySearch(cuts, minute);
                int part = found >= 0 ? found : -found - 2;
                parts[part] =
                        HitsBetweenElections.plus(
                                parts[part], cuts[part], minute, entry.getValue());
                hits += entry.getValue();
                lastMinute = Math.max(lastMinute, minute);
            }
        }
        if (hits < calendar.at(boundary).minHits()) {
            return null;
        }
        return new Candidate(
                siteId,
                boundary,
                hits,
                lastMinute,
                Arrays.stream(parts).filter(Objects::nonNull).toArray(HitsBetweenElections[]::new));
    }

    /**
     * Start of the earliest minute with traffic at or after the given boundary, or else of the
     * earliest in the window.
     */
    long firstMinuteFrom(long countedUntilMillis) {
        return Arrays.stream(parts)
                .filter(part -> part.fromMillis() >= countedUntilMillis)
                .findFirst()
                .orElse(parts[0])
                .firstMinuteMillis();
    }

    /** Hits that no election up to the given boundary has counted. */
    long hitsFrom(long countedUntilMillis) {
        return Arrays.stream(parts)
                .filter(part -> part.fromMillis() >= countedUntilMillis)
                .mapToLong(HitsBetweenElections::hits)
                .sum();
    }
}
