package io.weir.benchmarks;

import io.weir.store.Column;
import io.weir.traffic.TrafficRow;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;

/**
 * A list of VALUES with a parameter a value. A statement takes 65,535 parameters, so a larger batch
 * is several statements.
 */
final class MultiRowValues implements WriteMethod {

    private static final int MAX_ROWS = 4_000;
    private static final List<Column<TrafficRow>> COLUMNS = UpsertSql.ofTheSink("").columns();
    private static final String ROW =
            COLUMNS.stream()
                    .map(column -> column.cast() == null ? "?" : "?::" + cast(column))
                    .collect(Collectors.joining(", ", "(", ")"));

    private final String table;
    private final String onConflict;

    MultiRowValues(String schema) {
        table = UpsertSql.table(schema);
        onConflict = UpsertSql.onConflict(schema);
    }

    @Override
    public String name() {
        return "values";
    }

    @Override
    public void write(Connection connection, List<TrafficRow> rows) throws SQLException {
        for (int from = 0; from < rows.size(); from += MAX_ROWS) {
            List<TrafficRow> part = rows.subList(from, Math.min(rows.size(), from + MAX_ROWS));
            try (PreparedStatement statement = connection.prepareStatement(query(part.size()))) {
                int parameter = 1;
                for (TrafficRow row : part) {
                    parameter = bind(statement, parameter, row);
                }
                statement.executeUpdate();
            }
        }
    }

    private String query(int rows) {
        return "INSERT INTO %s AS t (%s) VALUES %s %s"
                .formatted(
                        table,
                        UpsertSql.COLUMNS,
                        String.join(", ", Collections.nCopies(rows, ROW)),
                        onConflict);
    }

    private static String cast(Column<?> column) {
        return column.type() == Column.Type.BYTEA ? "bytea::" + column.cast() : column.cast() + "";
    }

    private static int bind(PreparedStatement statement, int first, TrafficRow row)
            throws SQLException {
        int parameter = first;
        for (Column<TrafficRow> column : COLUMNS) {
            Object value = column.value().of(row);
            if (value == null) {
                statement.setNull(parameter++, Types.BIGINT);
            } else if (column.type() == Column.Type.TIMESTAMPTZ) {
                statement.setObject(parameter++, time((Long) value));
            } else {
                statement.setObject(parameter++, value);
            }
        }
        return parameter;
    }

    private static OffsetDateTime time(long millis) {
        return Instant.ofEpochMilli(millis).atOffset(ZoneOffset.UTC);
    }
}
