package io.weir.store;

import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.apache.flink.connector.jdbc.datasource.statements.JdbcQueryStatement;

/**
 * Writes rows to one table, all of them with one statement.
 *
 * <p>Rows are bound as one array a column ({@link Column}): on Citus that is several times faster
 * than a batch of single-row statements.
 */
public interface UpsertStatement<T> extends JdbcQueryStatement<List<T>> {

    /** The table with its schema, for messages. */
    String table();

    /** The times by which the table is partitioned; none if it is not. */
    default Set<Instant> buckets(List<T> rows) {
        return Set.of();
    }
}
