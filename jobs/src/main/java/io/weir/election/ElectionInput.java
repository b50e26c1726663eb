package io.weir.election;

import org.jspecify.annotations.Nullable;

/**
 * What the step that holds elections gets of the parallel one: either that there is traffic, or a
 * candidate. It names minutes, not boundaries: settings that either of them learns later may move
 * those.
 *
 * @param traffic any site's hits of a minute with traffic, the first of a minute that is new
 */
public record ElectionInput(@Nullable MinuteHits traffic, @Nullable Candidate candidate) {}
