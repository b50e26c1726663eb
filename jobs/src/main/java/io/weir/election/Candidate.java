package io.weir.election;

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
     * Start of the earliest minute with traffic that lies at or after the given boundary, or else
     * of the window's.
     */
    long firstMinuteFrom(long countedUntilMillis) {
        for (HitsBetweenElections part : parts) {
            if (part.fromMillis() >= countedUntilMillis) {
                return part.firstMinuteMillis();
            }
        }
        return parts[0].firstMinuteMillis();
    }

    /** Hits that no election up to the given boundary has counted. */
    long hitsFrom(long countedUntilMillis) {
        long sum = 0;
        for (HitsBetweenElections part : parts) {
            if (part.fromMillis() >= countedUntilMillis) {
                sum += part.hits();
            }
        }
        return sum;
    }
}
