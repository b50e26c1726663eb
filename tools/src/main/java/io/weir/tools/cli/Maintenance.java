package io.weir.tools.cli;

import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call of the schema's procedure {@code maintain}, which says what it did. Where a lock is not
 * got it is tried again a few times.
 */
record Maintenance(OwnerArguments where, Duration maxAge, PrintWriter out) {

    private static final Logger LOG = LoggerFactory.getLogger(Maintenance.class);

    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final int ATTEMPTS = 5;

    void run() throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try (Connection connection = where.connect()) {
                call(connection);
                return;
            } catch (SQLException e) {
                if (!LOCK_NOT_AVAILABLE.equals(e.getSQLState()) || attempt == ATTEMPTS) {
                    throw where.failure(e);
                }
                LOG.info("attempt {}: {}", attempt, e.getMessage());
            }
            Thread.sleep(Duration.ofSeconds(attempt).toMillis());
        }
    }

    private void call(Connection connection) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        "call " + where.schema() + ".maintain(make_interval(secs => ?))")) {
            statement.setDouble(1, maxAge.toMillis() / 1000.0);
            try {
                statement.execute();
                if (statement.getWarnings() == null) {
                    say("nothing to do");
                }
            } finally {
                sayAll(statement.getWarnings());
            }
        }
    }

    private void sayAll(@Nullable SQLWarning first) {
        for (SQLWarning line = first; line != null; line = line.getNextWarning()) {
            say(String.valueOf(line.getMessage()));
        }
    }

    private void say(String line) {
        out.println("schema " + where.schema() + ": " + line);
        out.flush();
    }
}
