package io.weir.benchmarks;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/** What was measured in the rounds of one case. */
final class Sample {

    private final List<Double> sorted = new ArrayList<>();

    void add(double value) {
        int at = Collections.binarySearch(sorted, value);
        sorted.add(at < 0 ? -at - 1 : at, value);
    }

    void clear() {
        sorted.clear();
    }

    /** The middle value, or the mean of the two in the middle. */
    double median() {
        int half = sorted.size() / 2;
        return sorted.size() % 2 == 1
                ? sorted.get(half)
                : (sorted.get(half - 1) + sorted.get(half)) / 2;
    }

    /** The least value that at least this percentage of them does not exceed. */
    double percentile(int percent) {
        return sorted.get((sorted.size() * percent + 99) / 100 - 1);
    }

    /**
     * The median, the least and the greatest value.
     *
     * @param format of these three, in this order
     */
    String show(String format) {
        return String.format(
                Locale.ROOT, format, median(), sorted.get(0), sorted.get(sorted.size() - 1));
    }
}
