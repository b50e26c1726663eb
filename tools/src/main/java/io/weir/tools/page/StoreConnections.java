package io.weir.tools.page;

import io.weir.database.Database;
import io.weir.tools.connect.CommandException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.ConcurrentLinkedDeque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Connections that only read, kept for the next question; as many as ask at the same time.
 *
 * <p>A connection that broke is replaced, so a database that went away and came back is asked again
 * without anything to do here.
 */
final class StoreConnections implements AutoCloseable {

    static final Duration MAX_ANSWER = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(StoreConnections.class);

    /** For a server that stops in the middle of an answer without closing the connection. */
    private static final Duration MAX_SILENCE = MAX_ANSWER.plusSeconds(1);

    private static final int VALIDITY_SECONDS = 2;

    private final Database database;
    private final String schema;
    private final ConcurrentLinkedDeque<Connection> idle = new ConcurrentLinkedDeque<>();

    StoreConnections(Database database, String schema) {
        this.database = database;
        this.schema = schema;
    }

    /** What is done with a connection. */
    interface Question<T> {
        T ask(Connection connection) throws SQLException;
    }

    /**
     * Asks on a kept connection, or on a new one where none is kept that still answers.
     *
     * @throws CommandException when the database lets nobody in
     */
    <T> T ask(Question<T> question) throws SQLException {
        Connection kept = kept();
        Connection connection = kept == null ? connect() : kept;
        try {
            return question.ask(connection);
        } finally {
            keep(connection);
        }
    }

    /** One that breaks takes the others with it: they are mostly broken too, and cost time. */
    private @Nullable Connection kept() throws SQLException {
        Connection kept = idle.pollFirst();
        if (kept == null || kept.isValid(VALIDITY_SECONDS)) {
            return kept;
        }
        LOG.info("a connection broke, asking on a new one");
        close(kept);
        close();
        return null;
    }

    private void keep(Connection connection) throws SQLException {
        if (!connection.isClosed()) {
            idle.addFirst(connection);
        }
    }

    private Connection connect() throws SQLException {
        Connection connection = database.connect(schema);
        try (Statement statement = connection.createStatement()) {
            connection.setNetworkTimeout(Runnable::run, (int) MAX_SILENCE.toMillis());
            statement.execute("set statement_timeout = " + MAX_ANSWER.toMillis());
            statement.execute("set session characteristics as transaction read only");
            return connection;
        } catch (SQLException e) {
            close(connection);
            throw e;
        }
    }

    /** Closes those that nobody uses. */
    @Override
    public void close() {
        for (@Nullable Connection next = idle.pollFirst(); next != null; next = idle.pollFirst()) {
            close(next);
        }
    }

    private static void close(Connection connection) {
        try {
            connection.close();
        } catch (SQLException e) {
            LOG.debug("a connection did not close", e);
        }
    }
}
