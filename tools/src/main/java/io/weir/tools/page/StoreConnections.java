package io.weir.tools.page;

import io.weir.tools.connect.CommandException;
import io.weir.tools.connect.Database;
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

    static final Duration LONGEST_ANSWER = Duration.ofSeconds(10);

    private static final Logger LOG = LoggerFactory.getLogger(StoreConnections.class);

    /** For a server that stops in the middle of an answer without closing the connection. */
    private static final Duration LONGEST_SILENCE = LONGEST_ANSWER.plusSeconds(5);

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
     * Asks, a second time on a new connection when the kept one turns out to be broken.
     *
     * @throws CommandException when the database lets nobody in
     */
    <T> T ask(Question<T> question) throws SQLException {
        Connection kept = idle.pollFirst();
        if (kept != null) {
            try {
                return askAndKeep(kept, question);
            } catch (SQLException e) {
                if (!kept.isClosed()) {
                    throw e;
                }
                LOG.info("a connection broke, asking on a new one: {}", e.getMessage());
                close();
            }
        }
        return askAndKeep(connect(), question);
    }

    private <T> T askAndKeep(Connection connection, Question<T> question) throws SQLException {
        boolean isKept = false;
        try {
            T answer = question.ask(connection);
            isKept = true;
            return answer;
        } catch (SQLException e) {
            isKept = connection.isValid(VALIDITY_SECONDS);
            throw e;
        } finally {
            if (isKept) {
                idle.addFirst(connection);
            } else {
                close(connection);
            }
        }
    }

    private Connection connect() throws SQLException {
        Connection connection = database.connect(schema);
        try (Statement statement = connection.createStatement()) {
            connection.setNetworkTimeout(Runnable::run, (int) LONGEST_SILENCE.toMillis());
            statement.execute("set statement_timeout = " + LONGEST_ANSWER.toMillis());
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
