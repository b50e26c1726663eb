package io.weir.election;

import org.jspecify.annotations.Nullable;

/**
 * What the parallel step tells the one that holds elections: that there is traffic, or a candidate.
 *
 * @param boundaryMillis the first boundary after a minute with traffic, or the candidate's
 * @param wholeFromMillis the instant from which on this job has counted every request
 * @param candidate null when it is the traffic that is told
 */
public record ElectionNews(
        long boundaryMillis, long wholeFromMillis, @Nullable Candidate candidate) {}
