package io.weir.view;

import org.jspecify.annotations.Nullable;

/**
 * What a request is counted under.
 *
 * @param first null where the request has none
 * @param second likewise, and where the view has one dimension
 */
public record ViewKey(@Nullable String first, @Nullable String second) {}
