package io.weir.view;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A row of {@code view_definition}: from an instant on a view is this.
 *
 * @param version later ones are higher
 * @param viewId the same for all versions of a view, whose dimensions and filter never change
 * @param dimensions one or two
 * @param filter null where every request is counted
 * @param topEntries how many keys a row lists, 1..1000
 * @param sites null for all
 * @param isActive whether requests are counted
 * @param holdsFromMillis a full UTC hour, epoch milliseconds; {@code Long.MIN_VALUE} for always
 */
public record ViewVersion(
        long version,
        int viewId,
        List<String> dimensions,
        @Nullable String filter,
        int topEntries,
        @Nullable Set<Integer> sites,
        boolean isActive,
        long holdsFromMillis) {}
