package io.weir.store;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.flink.connector.jdbc.datasource.statements.JdbcQueryStatement;
import org.jspecify.annotations.Nullable;

/**
 * Writes rows to one table, all of them with one statement, whose text and parameters come from the
 * list of the columns.
 *
 * <p>Rows are bound as one array a column: on Citus that is several times faster than a batch of
 * single-row statements.
 *
 * @param table with its schema, for messages
 * @param partition the time by which the table is partitioned, null if it is not
 */
public record TableStatement<T>(
        String table, String query, List<Column<T>> columns, @Nullable Column<T> partition)
        implements JdbcQueryStatement<List<T>> {

    /**
     * Inserts rows, and where one of the same key is there sets the other columns.
     *
     * @param schema a plain lower-case identifier
     * @param key the names of the key's columns
     * @param where when the row that is there, {@code t}, takes what is offered, {@code excluded}
     */
    public static <T> TableStatement<T> upsert(
            String schema, String table, List<Column<T>> columns, List<String> key, String where) {
        List<Column<T>> others =
                columns.stream().filter(column -> !key.contains(column.name())).toList();
        return of(
                schema,
                table,
                columns,
                "INSERT INTO %1$s AS t (%2$s) SELECT %3$s FROM %4$s ON CONFLICT ("
                        + String.join(", ", key)
                        + ") DO UPDATE SET "
                        + list(others, column -> column.name() + " = " + column.update())
                        + " WHERE "
                        + where);
    }

    /**
     * Any statement.
     *
     * @param query a format of the table, the columns' names, their values as they are inserted,
     *     and the rows: a table {@code batch} with these columns
     */
    public static <T> TableStatement<T> of(
            String schema, String table, List<Column<T>> columns, String query) {
        String names = list(columns, Column::name);
        String rows = "unnest(%s) AS batch (%s)".formatted(list(columns, Column::parameter), names);
        return new TableStatement<>(
                schema + "." + table,
                query.formatted(
                        "\"%s\".\"%s\"".formatted(schema, table),
                        names,
                        list(columns, Column::inserted),
                        rows),
                columns,
                null);
    }

    /** The same for a table that is partitioned. */
    public TableStatement<T> partitionedBy(Column<T> time) {
        return new TableStatement<>(table, query, columns, time);
    }

    static <T> String list(List<Column<T>> columns, Function<Column<T>, String> each) {
        return columns.stream().map(each).collect(Collectors.joining(", "));
    }

    /** The times by which the table is partitioned; none if it is not. */
    Set<Instant> buckets(List<T> rows) {
        Column<T> time = partition;
        return time == null
                ? Set.of()
                : rows.stream()
                        .map(row -> (Long) Objects.requireNonNull(time.value().of(row)))
                        .map(Instant::ofEpochMilli)
                        .collect(Collectors.toSet());
    }

    @Override
    public void statement(PreparedStatement statement, List<T> rows) throws SQLException {
        for (int i = 0; i < columns.size(); i++) {
            statement.setArray(i + 1, columns.get(i).bind(statement.getConnection(), rows));
        }
    }
}
