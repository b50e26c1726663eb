package io.weir.election;

import java.io.Serializable;

/**
 * One version of the election's settings, a row of {@code top_site_config}.
 *
 * @param version grows with each change
 * @param holdsFromMillis the first boundary it holds at, epoch milliseconds; {@code Long.MIN_VALUE}
 *     for always
 * @param windowMillis how much time before its boundary an election looks at, whole minutes
 * @param intervalMillis how far boundaries are apart; divides a day
 * @param minHits hits in the window that make a site a candidate
 * @param maxEntries how many sites stay in the list
 * @param retentionMillis how long a site stays in the list unseen
 */
public record ElectionSettings(
        int version,
        long holdsFromMillis,
        long windowMillis,
        long intervalMillis,
        long minHits,
        int maxEntries,
        long retentionMillis)
        implements Serializable {}
