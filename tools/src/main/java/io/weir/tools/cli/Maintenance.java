package io.weir.tools.cli;

import io.weir.database.DatabaseException;
import io.weir.database.Session;
import io.weir.database.SqlState;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call of the schema's procedure {@code maintain}, which reports what it did. When a lock is
 * not available it is tried again a few times.
 */
final class Maintenance {

    private static final Logger LOG = LoggerFactory.getLogger(Maintenance.class);

    private static final int ATTEMPTS = 5;

    private Maintenance() {}

    static void run(StoreArguments where, PrintWriter out) throws InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                where.run(session -> call(session, out));
                return;
            } catch (DatabaseException e) {
                if (SqlState.of(e) != SqlState.LOCKED || attempt == ATTEMPTS) {
                    throw e;
                }
                LOG.info("attempt {}: {}", attempt, e.getMessage());
            }
            Thread.sleep(Duration.ofSeconds(attempt).toMillis());
        }
    }

    private static void call(Session session, PrintWriter out) throws SQLException {
        List<String> done = new ArrayList<>();
        try {
            session.execute(done::add, "call ${schema}.maintain()");
            if (done.isEmpty()) {
                done.add("nothing to do");
            }
        } finally {
            done.forEach(line -> out.println("schema " + session.schema() + ": " + line));
        }
    }
}
