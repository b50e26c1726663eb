package io.weir.tools.doctor;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Questions to the store.
 *
 * @param schema checked to be a plain identifier; it becomes part of each statement
 */
record Sql(Connection connection, String schema) {

    static final Duration MAX_QUESTION = Duration.ofSeconds(60);

    /** Rows of text; {@code $s} in the query stands for the schema. */
    List<List<String>> rows(String query, Object... parameters) throws SQLException {
        try (PreparedStatement statement = prepare(query, parameters);
                ResultSet result = statement.executeQuery()) {
            int columns = result.getMetaData().getColumnCount();
            List<List<String>> rows = new ArrayList<>();
            while (result.next()) {
                List<String> row = new ArrayList<>();
                for (int column = 1; column <= columns; column++) {
                    row.add(String.valueOf(result.getString(column)));
                }
                rows.add(row);
            }
            return rows;
        }
    }

    boolean holds(String query, Object... parameters) throws SQLException {
        return rows(query, parameters).get(0).get(0).equals("t");
    }

    /** Null when there is no row or it holds null. */
    @Nullable Instant instant(String query, Object... parameters) throws SQLException {
        try (PreparedStatement statement = prepare(query, parameters);
                ResultSet result = statement.executeQuery()) {
            OffsetDateTime time = result.next() ? result.getObject(1, OffsetDateTime.class) : null;
            return time == null ? null : time.toInstant();
        }
    }

    private PreparedStatement prepare(String query, Object... parameters) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(query.replace("$s", schema));
        try {
            statement.setQueryTimeout((int) MAX_QUESTION.toSeconds());
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, parameters[i]);
            }
            return statement;
        } catch (SQLException e) {
            statement.close();
            throw e;
        }
    }
}
