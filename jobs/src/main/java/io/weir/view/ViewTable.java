package io.weir.view;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/** All views, each from an instant on until its next version. */
public final class ViewTable {

    /** What to do about a view that cannot be counted. */
    public static final String REMEDY = "Remove the view, and define it again with ./weir view add";

    /** Empty while a view counts nothing. */
    private final Map<Integer, NavigableMap<Long, Optional<View>>> byView = new HashMap<>();

    private final Map<Integer, String> refused = new TreeMap<>();

    /**
     * A table.
     *
     * @param versions in any order; of two of the same view and instant, the higher version holds
     */
    public ViewTable(List<ViewVersion> versions) {
        versions.stream()
                .sorted(Comparator.comparingLong(ViewVersion::version))
                .forEach(
                        version ->
                                byView.computeIfAbsent(version.viewId(), first -> new TreeMap<>())
                                        .put(version.holdsFromMillis(), viewOf(version)));
    }

    private Optional<View> viewOf(ViewVersion version) {
        refused.remove(version.viewId());
        if (!version.isActive()) {
            return Optional.empty();
        }
        try {
            return Optional.of(View.of(version));
        } catch (IllegalArgumentException e) {
            refused.put(version.viewId(), Objects.requireNonNull(e.getMessage()));
            return Optional.empty();
        }
    }

    /** Why views cannot be counted whose last version is active; they count nothing. */
    public List<String> refused() {
        return List.copyOf(refused.values());
    }

    /** The views that count the requests of an instant. */
    public List<View> at(long millis) {
        return byView.values().stream()
                .map(versions -> versions.floorEntry(millis))
                .filter(Objects::nonNull)
                .flatMap(entry -> entry.getValue().stream())
                .sorted(Comparator.comparingInt(View::id))
                .toList();
    }
}
