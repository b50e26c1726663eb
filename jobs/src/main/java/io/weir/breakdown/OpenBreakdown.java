package io.weir.breakdown;

/**
 * State of one view and bucket of a site, until the bucket is closed.
 *
 * @param hasEnded whether the watermark has passed the bucket's end; never goes back
 * @param hasChanged whether the last row that was emitted is not the one of today
 */
public record OpenBreakdown(Breakdown breakdown, boolean hasEnded, boolean hasChanged) {

    OpenBreakdown changed() {
        return new OpenBreakdown(breakdown, hasEnded, true);
    }

    OpenBreakdown emitted(boolean hasEnded) {
        return new OpenBreakdown(breakdown, hasEnded, false);
    }
}
