package io.weir.benchmarks;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Rows a second, by what was measured. */
final class LatencySamples {

    /** BenchmarkStore, way of writing and rows a statement. */
    record Key(String store, String method, int rows) {}

    private final Map<Key, List<Double>> rowsPerSecond = new LinkedHashMap<>();

    void add(Key key, double value) {
        rowsPerSecond.computeIfAbsent(key, missing -> new ArrayList<>()).add(value);
    }

    Iterable<Key> keys() {
        return rowsPerSecond.keySet();
    }

    /** The middle value, or the mean of the two in the middle. */
    double median(Key key) {
        List<Double> sorted = sorted(key);
        int half = sorted.size() / 2;
        return sorted.size() % 2 == 1
                ? sorted.get(half)
                : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }

    double least(Key key) {
        return sorted(key).get(0);
    }

    double greatest(Key key) {
        List<Double> sorted = sorted(key);
        return sorted.get(sorted.size() - 1);
    }

    private List<Double> sorted(Key key) {
        List<Double> values = rowsPerSecond.get(key);
        if (values == null) {
            throw new IllegalArgumentException("nothing was measured of " + key);
        }
        return values.stream().sorted().toList();
    }
}
