package io.weir.election;

import org.jspecify.annotations.Nullable;

/**
 * A site of the list, a row of {@code top_site}.
 *
 * @param totalHits hits of all minutes that elections have counted since it came into the list,
 *     each once
 * @param lastElectionHits hits in the window of the last election it was a candidate of
 * @param timesElected elections it was a candidate of since it came into the list
 * @param firstSeenMillis the earliest minute counted, epoch milliseconds
 * @param lastSeenMillis the newest minute with traffic that an election saw
 * @param countedUntilMillis the boundary up to which its hits are counted
 * @param leftAtMillis the election that removed it, null while it is in the list
 * @param boundaryMillis the last election that changed the row
 */
public record TopSite(
        int siteId,
        long totalHits,
        long lastElectionHits,
        int timesElected,
        long firstSeenMillis,
        long lastSeenMillis,
        long countedUntilMillis,
        @Nullable Long leftAtMillis,
        long boundaryMillis) {

    /** A site before it comes into the list; its hits up to the given boundary were counted. */
    static TopSite newcomer(Candidate candidate, long countedUntilMillis) {
        return new TopSite(
                candidate.siteId(),
                0,
                0,
                0,
                candidate.firstMinuteFrom(countedUntilMillis),
                candidate.lastMinuteMillis(),
                countedUntilMillis,
                null,
                candidate.boundaryMillis());
    }

    TopSite elected(Candidate candidate) {
        return new TopSite(
                siteId,
                totalHits + candidate.hitsFrom(countedUntilMillis),
                candidate.hits(),
                timesElected + 1,
                firstSeenMillis,
                candidate.lastMinuteMillis(),
                candidate.boundaryMillis(),
                null,
                candidate.boundaryMillis());
    }

    /** Whether it was a candidate of the election that last changed the row. */
    public boolean isCandidate() {
        return countedUntilMillis == boundaryMillis;
    }

    TopSite removed(long boundary) {
        return new TopSite(
                siteId,
                totalHits,
                lastElectionHits,
                timesElected,
                firstSeenMillis,
                lastSeenMillis,
                countedUntilMillis,
                boundary,
                boundary);
    }
}
