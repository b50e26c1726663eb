package io.weir.benchmarks;

import io.weir.store.UpsertStatement;
import io.weir.traffic.TrafficRow;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.List;

/** The sink's own statement: an array a column. */
final class Arrays implements WriteMethod {

    private final UpsertStatement<TrafficRow> upsert;

    Arrays(String schema) {
        upsert = UpsertSql.ofTheSink(schema);
    }

    @Override
    public String name() {
        return "arrays";
    }

    @Override
    public void write(Connection connection, List<TrafficRow> rows) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(upsert.query())) {
            upsert.statement(statement, rows);
            statement.executeUpdate();
        }
    }
}
