package io.weir.store;

import java.io.IOException;
import java.io.Serializable;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.connector.jdbc.datasource.connections.SimpleJdbcConnectionProvider;

/** Reads of what the job must know from the store. Every one has a connection of its own. */
final class StoreReader implements Serializable {

    private static final long serialVersionUID = 1;

    private final StoreOptions options;
    private final String activity;

    /**
     * @param activity what is read, as the beginning of a sentence
     */
    StoreReader(StoreOptions options, String activity) {
        this.options = options;
        this.activity = activity + " of " + options.address();
    }

    /** Reads once. */
    <T> T read(Read<Connection, T> query) throws IOException {
        try {
            return attempt(query);
        } catch (SQLException e) {
            throw new IOException(
                    "%s failed (SQLSTATE %s): %s"
                            .formatted(activity, StoreErrors.sqlState(e), e.getMessage()),
                    e);
        }
    }

    /** Tries again like a writer: the job cannot go on before this is read. */
    <T> T readPatiently(Read<Connection, T> query) throws IOException, InterruptedException {
        Retries retries = new Retries(options.retryLimit());
        while (true) {
            try {
                return attempt(query);
            } catch (SQLException e) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("Interrupted: " + e.getMessage());
                }
                retries.pauseAfter(e, activity);
            }
        }
    }

    private <T> T attempt(Read<Connection, T> query) throws IOException, SQLException {
        SimpleJdbcConnectionProvider provider =
                new SimpleJdbcConnectionProvider(StoreConnection.jdbcOptions(options));
        try {
            return query.of(provider.getOrEstablishConnection());
        } catch (ClassNotFoundException e) {
            throw new IOException("The PostgreSQL driver is not in the job's jar", e);
        } finally {
            provider.closeConnection();
        }
    }

    /** The rows of a query, in which {@code %s} is the schema. */
    <T> List<T> rows(Connection connection, String query, Read<ResultSet, T> read)
            throws SQLException {
        List<T> result = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query.formatted(options.schema()))) {
            while (rows.next()) {
                result.add(read.of(rows));
            }
        }
        return result;
    }

    /** What is made of a connection or of a row. */
    interface Read<F, T> {
        T of(F from) throws SQLException;
    }
}
