package io.weir.benchmarks;

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

/**
 * A list of VALUES with a parameter a value. A statement takes 65,535 parameters, so a larger batch
 * is several statements.
 */
final class MultiRowValues implements WriteMethod {

    private static final int MAX_ROWS = 4_000;
    private static final String ROW =
            "(?, ?, ?, ?, ?, ?, ?, ?, ?, ?::bytea::hll, ?::jsonb, ?::jsonb, ?::int[], ?, ?, ?)";

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

    private static int bind(PreparedStatement statement, int first, TrafficRow row)
            throws SQLException {
        int parameter = first;
        statement.setInt(parameter++, row.siteId());
        statement.setObject(parameter++, time(row.bucketMillis()));
        statement.setLong(parameter++, row.requestCount());
        statement.setLong(parameter++, row.successCount());
        statement.setLong(parameter++, row.errorCount());
        statement.setLong(parameter++, row.timedCount());
        statement.setLong(parameter++, row.responseTimeSumMicros());
        statement.setObject(parameter++, row.responseTimeMaxMicros(), Types.BIGINT);
        statement.setLong(parameter++, row.bytesSum());
        statement.setBytes(parameter++, row.distinctIpAddresses());
        statement.setString(parameter++, row.countryCounters());
        statement.setString(parameter++, row.statusCounters());
        statement.setString(parameter++, row.responseTimeHistogram());
        statement.setBoolean(parameter++, row.isWhole());
        statement.setBoolean(parameter++, row.isFinal());
        statement.setObject(parameter++, time(row.updatedAtMillis()));
        return parameter;
    }

    private static OffsetDateTime time(long millis) {
        return Instant.ofEpochMilli(millis).atOffset(ZoneOffset.UTC);
    }
}
