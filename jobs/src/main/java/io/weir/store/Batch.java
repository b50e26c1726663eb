package io.weir.store;

import java.time.Instant;
import java.util.List;
import java.util.Set;

/** Rows of one table, sorted by key, no key twice. */
public record Batch<T>(TableStatement<T> statement, String firstKey, List<T> rows) {

    /** The beginning of a sentence about writing it. */
    String describe() {
        return "Writing %d rows to %s, the first %s,"
                .formatted(rows.size(), statement.table(), firstKey);
    }

    /** The times by which the table is partitioned; none if it is not. */
    Set<Instant> buckets() {
        return statement.buckets(rows);
    }
}
