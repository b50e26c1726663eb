package io.weir.benchmarks;

import io.weir.tools.budget.BytesPerRow;
import io.weir.tools.budget.RowSizes;
import io.weir.traffic.Grain;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What rows of a grain took, in bytes a row.
 *
 * @param requests of a bucket
 * @param rows that were measured
 * @param data the row by itself, nothing compressed
 * @param unvacuumed on disk before the first vacuum
 * @param heap on disk, with its maps, vacuumed as the server would by itself; likewise the next two
 * @param dense on disk after VACUUM FULL, indexes and all
 * @param archived on disk as columnar, null where the server has none
 */
record RowSize(
        Grain grain,
        int requests,
        long rows,
        double data,
        double unvacuumed,
        double heap,
        double toast,
        double indexes,
        double dense,
        @Nullable Double archived) {

    static final String HEADER =
            """
            | grain | requests | rows | data | unvacuumed | heap | TOAST | indexes | on disk | dense | columnar |
            |---|--:|--:|--:|--:|--:|--:|--:|--:|--:|--:|
            """;

    /** What was measured of a grain; columnar is as the heap where it was not measured. */
    static RowSizes of(Grain grain, List<RowSize> sizes) {
        Map<Double, Double> heap = new HashMap<>();
        Map<Double, Double> columnar = new HashMap<>();
        for (RowSize size : sizes) {
            if (size.grain == grain) {
                double requests = size.requests;
                heap.put(requests, size.onDisk());
                columnar.put(requests, size.archived == null ? size.onDisk() : size.archived);
            }
        }
        return new RowSizes(
                Duration.ofMillis(grain.millis()),
                new BytesPerRow(heap),
                new BytesPerRow(columnar));
    }

    /** With all that belongs to the row. */
    double onDisk() {
        return heap + toast + indexes;
    }

    /** A line of the table below {@link #HEADER}. */
    String line() {
        return String.format(
                Locale.ROOT,
                "| %s | %,d | %,d | %,.0f | %,.0f | %,.0f | %,.0f | %,.0f | %,.0f | %,.0f | %s |",
                grain.unit(),
                requests,
                rows,
                data,
                unvacuumed,
                heap,
                toast,
                indexes,
                onDisk(),
                dense,
                archived == null ? "" : String.format(Locale.ROOT, "%,.0f", archived));
    }

    String json() {
        return String.format(
                Locale.ROOT,
                """
                {"grain": "%s", "requests": %d, "rows": %d, "data": %.1f, "unvacuumed": %.1f, \
                "heap": %.1f, "toast": %.1f, "indexes": %.1f, "dense": %.1f, "columnar": %s}""",
                grain.suffix(),
                requests,
                rows,
                data,
                unvacuumed,
                heap,
                toast,
                indexes,
                dense,
                archived == null ? "null" : String.format(Locale.ROOT, "%.1f", archived));
    }
}
