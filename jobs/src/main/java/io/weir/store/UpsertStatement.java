package io.weir.store;

import java.util.List;
import org.apache.flink.connector.jdbc.datasource.statements.JdbcQueryStatement;

/**
 * Writes rows to one table, all of them with one statement.
 *
 * <p>Rows are bound as one array a column ({@link BatchBinder}): on Citus that is several times
 * faster than a batch of single-row statements.
 */
public interface UpsertStatement<T> extends JdbcQueryStatement<List<T>> {

    /** The table with its schema, for messages. */
    String table();
}
