package io.weir.store;

import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/** Rows of one table, sorted by key, no key twice. */
public record Batch<T>(TableStatement<T> statement, String firstKey, List<T> rows) {

    /** The beginning of a sentence about writing it. */
    String describe() {
        return "Writing %d rows to %s, the first %s,"
                .formatted(rows.size(), statement.table(), firstKey);
    }

    /** The rows that are not of these times. */
    Batch<T> without(Set<Instant> buckets) {
        return new Batch<>(
                statement,
                firstKey,
                rows.stream()
                        .filter(
                                row ->
                                        Collections.disjoint(
                                                statement.buckets(List.of(row)), buckets))
                        .toList());
    }

    /** The times by which the table is partitioned; none if it is not. */
    Set<Instant> buckets() {
        return statement.buckets(rows);
    }
}
