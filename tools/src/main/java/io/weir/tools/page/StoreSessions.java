package io.weir.tools.page;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.weir.database.Database;
import io.weir.database.SchemaName;
import io.weir.database.Session;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * Sessions that only read, kept for the next question.
 *
 * <p>Those that broke are replaced, so a database that was down and came back is asked again
 * without anything to do here.
 */
final class StoreSessions implements AutoCloseable {

    static final Duration MAX_ANSWER = Duration.ofSeconds(10);

    /** Longer than a database that accepts connections and says nothing holds up one of them. */
    private static final Duration MAX_WAIT = Duration.ofSeconds(9);

    private static final Duration MAX_CHECK = Duration.ofSeconds(2);

    private final SchemaName schema;
    private final HikariDataSource pool;

    /**
     * @param most how many questions are asked at the same time
     */
    StoreSessions(Database database, SchemaName schema, int most) {
        this.schema = schema;
        HikariConfig config = new HikariConfig();
        config.setPoolName("weir-page");
        config.setDataSource(
                new PGSimpleDataSource() {
                    @Override
                    public Connection getConnection() throws SQLException {
                        return database.open(schema).limitedTo(MAX_ANSWER).connection();
                    }
                });
        config.setConnectionInitSql("set session characteristics as transaction read only");
        config.setMaximumPoolSize(most);
        config.setMinimumIdle(0);
        config.setConnectionTimeout(MAX_WAIT.toMillis());
        config.setValidationTimeout(MAX_CHECK.toMillis());
        config.setInitializationFailTimeout(-1); // the database need not be there yet
        this.pool = new HikariDataSource(config);
    }

    /** What is done with a session. */
    interface Question<T> {
        T ask(Session session) throws SQLException;
    }

    /** Asks in a session that is kept and still answers, or in a new one. */
    <T> T ask(Question<T> question) throws SQLException {
        try (Session session = new Session(pool.getConnection(), schema)) {
            return question.ask(session);
        }
    }

    @Override
    public void close() {
        pool.close();
    }
}
