package io.weir.tools.recount;

import io.weir.tools.text.Count;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Compares stored rows with what was counted.
 *
 * <p>A bucket that a partition has not closed yet can still change, in the topic and in the store:
 * of such ones only final rows are compared, since nothing more is expected of these. A row that is
 * not whole says itself that it lacks requests, so it is no difference when it does.
 */
final class RowComparison {

    private final int limit;
    private final List<Difference> shown = new ArrayList<>();
    private final Map<RowTable, Long> compared = new EnumMap<>(RowTable.class);
    private long differences;
    private long open;
    private long notWhole;

    /**
     * @param limit how many differences are kept
     */
    RowComparison(int limit) {
        this.limit = limit;
        for (RowTable table : RowTable.values()) {
            compared.put(table, 0L);
        }
    }

    /**
     * Compares the rows of some buckets.
     *
     * @param counted all that was counted of these buckets; what is compared is taken out
     * @param closedUntilMillis buckets that end later are open
     */
    void compare(
            RowTable table,
            TimeRange buckets,
            StoredRows stored,
            Map<RowKey, Tally> counted,
            long closedUntilMillis) {
        stored.read(
                table,
                buckets,
                row -> {
                    Tally tally = counted.remove(row.key());
                    if (isClosed(table, row.key(), closedUntilMillis) || row.isFinal()) {
                        compare(table, row, tally);
                    } else {
                        open++;
                    }
                });
        new TreeMap<>(counted)
                .forEach(
                        (key, tally) -> {
                            if (isClosed(table, key, closedUntilMillis)) {
                                differs(table, key, "row", "none", requests(tally.requests()));
                                compared.merge(table, 1L, Long::sum);
                            } else {
                                open++;
                            }
                        });
        counted.clear();
    }

    private static boolean isClosed(RowTable table, RowKey key, long closedUntilMillis) {
        return table.endOf(key.bucketMillis()) <= closedUntilMillis;
    }

    private void compare(RowTable table, StoredRow row, @Nullable Tally tally) {
        compared.merge(table, 1L, Long::sum);
        if (tally == null) {
            differs(table, row.key(), "row", requests(row.requests()), "none");
        } else if (!row.isWhole() && row.requests() < tally.requests()) {
            notWhole++;
        } else {
            tally.cells()
                    .forEach(
                            (column, counted) -> {
                                String stored = row.cells().getOrDefault(column, "");
                                if (!stored.equals(counted)) {
                                    differs(table, row.key(), column, stored, counted);
                                }
                            });
        }
    }

    private static String requests(long count) {
        return Count.of(count, "request");
    }

    private void differs(RowTable table, RowKey key, String column, String stored, String counted) {
        differences++;
        if (shown.size() < limit) {
            shown.add(new Difference(table, key, column, stored, counted));
        }
    }

    List<Difference> shown() {
        return shown;
    }

    long differences() {
        return differences;
    }

    /** Rows, stored or counted, that were not compared because their bucket is open. */
    long open() {
        return open;
    }

    /** Rows that are not whole and have fewer requests than were counted. */
    long notWhole() {
        return notWhole;
    }

    Map<RowTable, Long> compared() {
        return compared;
    }
}
