package io.weir.database;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A connection whose statements write <code>${schema}</code> for the schema and {@code ?} for their
 * parameters.
 */
public final class Session implements AutoCloseable {

    /** After the server's own limit: then it does not answer at all. */
    private static final Duration SLACK = Duration.ofSeconds(1);

    private final Connection connection;
    private final SchemaName schema;

    public Session(Connection connection, SchemaName schema) {
        this.connection = connection;
        this.schema = schema;
    }

    /** What is made of a row, or of all rows. */
    public interface Reader<T> {
        T read(ResultSet rows) throws SQLException;
    }

    public Connection connection() {
        return connection;
    }

    public SchemaName schema() {
        return schema;
    }

    /** Lets no statement, and no silence of the server, last longer than this. */
    public Session limitedTo(Duration maxAnswer) throws SQLException {
        connection.setNetworkTimeout(Runnable::run, (int) maxAnswer.plus(SLACK).toMillis());
        execute("set statement_timeout = " + maxAnswer.toMillis());
        return this;
    }

    /** What the reader makes of the rows of a query, before the first of which it begins. */
    public <T> T read(String query, Reader<T> reader, @Nullable Object... parameters)
            throws SQLException {
        try (PreparedStatement statement = prepare(query, parameters);
                ResultSet rows = statement.executeQuery()) {
            return reader.read(rows);
        }
    }

    /** All rows of a query. */
    public <T> List<T> list(String query, Reader<T> reader, @Nullable Object... parameters)
            throws SQLException {
        return read(
                query,
                rows -> {
                    List<T> list = new ArrayList<>();
                    while (rows.next()) {
                        list.add(reader.read(rows));
                    }
                    return list;
                },
                parameters);
    }

    /** All rows of a query as text, in which null is {@code null}. */
    public List<List<String>> rows(String query, @Nullable Object... parameters)
            throws SQLException {
        List<List<String>> table = table(query, parameters);
        return table.subList(1, table.size());
    }

    /** The same below the names of the columns. */
    public List<List<String>> table(String query, @Nullable Object... parameters)
            throws SQLException {
        return read(
                query,
                rows -> {
                    List<List<String>> table = new ArrayList<>();
                    table.add(columns(rows));
                    while (rows.next()) {
                        List<String> cells = new ArrayList<>();
                        for (int i = 1; i <= table.get(0).size(); i++) {
                            cells.add(String.valueOf(rows.getString(i)));
                        }
                        table.add(cells);
                    }
                    return table;
                },
                parameters);
    }

    /** The names of the columns. */
    public static List<String> columns(ResultSet rows) throws SQLException {
        ResultSetMetaData columns = rows.getMetaData();
        List<String> names = new ArrayList<>();
        for (int i = 1; i <= columns.getColumnCount(); i++) {
            names.add(columns.getColumnLabel(i));
        }
        return names;
    }

    /** The first column of the first row; null when it is null or there is none. */
    public @Nullable String text(String query, @Nullable Object... parameters) throws SQLException {
        return first(query, row -> row.getString(1), parameters);
    }

    /** Whether the first column of the first row is true. */
    public boolean holds(String query, @Nullable Object... parameters) throws SQLException {
        return "t".equals(text(query, parameters));
    }

    /** The time in the first column of the first row; null when it is null or there is none. */
    public @Nullable Instant instant(String query, @Nullable Object... parameters)
            throws SQLException {
        OffsetDateTime time =
                first(query, row -> row.getObject(1, OffsetDateTime.class), parameters);
        return time == null ? null : time.toInstant();
    }

    /** Runs one statement with parameters, or several without. */
    public void execute(String sql, @Nullable Object... parameters) throws SQLException {
        if (parameters.length > 0) {
            execute(notice -> {}, sql, parameters);
            return;
        }
        try (Statement statement = connection.createStatement()) {
            statement.execute(schema.in(sql));
        }
    }

    /** Runs one statement, and passes on the server's notices, also when it fails. */
    public void execute(Consumer<String> notices, String sql, @Nullable Object... parameters)
            throws SQLException {
        try (PreparedStatement statement = prepare(sql, parameters)) {
            try {
                statement.execute();
            } finally {
                for (SQLWarning notice = statement.getWarnings();
                        notice != null;
                        notice = notice.getNextWarning()) {
                    notices.accept(String.valueOf(notice.getMessage()));
                }
            }
        }
    }

    @Override
    public void close() throws SQLException {
        connection.close();
    }

    private <T> @Nullable T first(
            String query, Reader<@Nullable T> reader, @Nullable Object... parameters)
            throws SQLException {
        try (PreparedStatement statement = prepare(query, parameters);
                ResultSet rows = statement.executeQuery()) {
            return rows.next() ? reader.read(rows) : null;
        }
    }

    private PreparedStatement prepare(String sql, @Nullable Object... parameters)
            throws SQLException {
        PreparedStatement statement = connection.prepareStatement(schema.in(sql));
        try {
            for (int i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, known(parameters[i]));
            }
            return statement;
        } catch (SQLException e) {
            statement.close();
            throw e;
        }
    }

    /** The driver takes no {@link Instant}. */
    private static @Nullable Object known(@Nullable Object parameter) {
        return parameter instanceof Instant time ? time.atOffset(ZoneOffset.UTC) : parameter;
    }
}
