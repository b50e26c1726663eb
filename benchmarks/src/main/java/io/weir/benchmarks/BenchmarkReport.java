package io.weir.benchmarks;

import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The figures, for people and for programs. */
final class BenchmarkReport {

    private final LatencySamples samples;
    private final List<BenchmarkStore> stores;
    private final List<Integer> sizes;

    BenchmarkReport(LatencySamples samples, List<BenchmarkStore> stores, List<Integer> sizes) {
        this.samples = samples;
        this.stores = stores;
        this.sizes = sizes;
    }

    /**
     * A Markdown table: rows a second of the first way of writing, then of the others with their
     * ratio to it (above 1: faster).
     */
    void print(PrintWriter out) {
        out.print("| rows a statement | store |");
        List<WriteMethod> methods = stores.get(0).methods();
        methods.forEach(method -> out.print(" " + method.name() + " |"));
        out.println();
        out.println("|--:|---|" + "--:|".repeat(methods.size()));
        for (int size : sizes) {
            for (BenchmarkStore store : stores) {
                out.printf(Locale.ROOT, "| %,d | %s |", size, store.name());
                double first = median(store, methods.get(0), size);
                out.printf(Locale.ROOT, " %,.0f |", first);
                for (WriteMethod method : methods.subList(1, methods.size())) {
                    double median = median(store, method, size);
                    out.printf(Locale.ROOT, " %,.0f (%.2f) |", median, median / first);
                }
                out.println();
            }
        }
        out.flush();
    }

    /** An array with an object a case. */
    String json() {
        List<String> cases = new ArrayList<>();
        for (LatencySamples.Key key : samples.keys()) {
            cases.add(
                    String.format(
                            Locale.ROOT,
                            "  {\"store\": \"%s\", \"method\": \"%s\", \"rows\": %d,"
                                    + " \"rows_per_second\": {\"median\": %.1f, \"min\": %.1f,"
                                    + " \"max\": %.1f}}",
                            key.store(),
                            key.method(),
                            key.rows(),
                            samples.median(key),
                            samples.least(key),
                            samples.greatest(key)));
        }
        return "[\n" + String.join(",\n", cases) + "\n]\n";
    }

    private double median(BenchmarkStore store, WriteMethod method, int size) {
        return samples.median(new LatencySamples.Key(store.name(), method.name(), size));
    }
}
