package io.weir.election;

import org.jspecify.annotations.Nullable;

/**
 * What the parallel step tells the one that holds elections: that there is traffic, or a candidate.
 * It names minutes, not boundaries: settings that either of them learns later may move those.
 *
 * @param minuteMillis a minute with traffic, the candidate's newest
 * @param wholeFromMillis the instant from which on this job has counted every request
 * @param candidate null when it is the traffic that is told
 */
public record ElectionNews(
        long minuteMillis, long wholeFromMillis, @Nullable Candidate candidate) {}
