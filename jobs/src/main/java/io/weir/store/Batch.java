package io.weir.store;

import java.util.List;

/** Rows of one table, sorted by key, no key twice. */
record Batch<T>(UpsertStatement<T> statement, String firstKey, List<T> rows) {

    /** The beginning of a sentence about writing it. */
    String describe() {
        return "Writing %d rows to %s, the first %s,"
                .formatted(rows.size(), statement.table(), firstKey);
    }
}
