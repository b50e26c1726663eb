package io.weir.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.flink.connector.jdbc.JdbcConnectionOptions;
import org.apache.flink.connector.jdbc.datasource.connections.JdbcConnectionProvider;
import org.apache.flink.connector.jdbc.datasource.connections.SimpleJdbcConnectionProvider;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection to the store, made when it is needed, which writes batches in one transaction.
 *
 * <p>After an error it must be {@linkplain #discard() discarded}; the next write makes a new one.
 */
public final class StoreConnection implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(StoreConnection.class);

    private static final String DRIVER = "org.postgresql.Driver";

    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    private static final Duration LOGIN_TIMEOUT = Duration.ofSeconds(15);

    /**
     * Longer than the 20 s for which a statement waits for a distributed transaction that a killed
     * Citus worker left prepared (with the server's default recovery interval).
     */
    private static final Duration SOCKET_TIMEOUT = Duration.ofSeconds(60);

    /** Beyond the socket timeout: then it is not an answer that is waited for. */
    private static final Duration WRITE_SLACK = Duration.ofSeconds(5);

    /**
     * The type hll is found where the extension lives, or else as the schema's own stand-in.
     *
     * <p>Timeouts of the role or database do not hold for the writer, which has its own; a
     * transaction whose client is gone ends by itself. Citus keeps this many connections to each
     * worker from one statement to the next, instead of opening them each time; elsewhere the name
     * means nothing and does no harm.
     */
    private static final String SESSION =
            """
            SELECT set_config('search_path', concat_ws(', ', '"%s"', 'public', (
                SELECT quote_ident(nspname)
                FROM pg_extension JOIN pg_namespace ON pg_namespace.oid = extnamespace
                WHERE extname = 'hll')), false);
            SET timezone = 'UTC';
            SET statement_timeout = 0;
            SET lock_timeout = 0;
            SET idle_in_transaction_session_timeout = '60s';
            SET citus.max_cached_conns_per_worker = 16""";

    private final String session;
    private final String address;
    private final StoreOptions options;
    private @Nullable JdbcConnectionProvider provider;
    private final CallGuard guard;
    private final StorePartitions partitions;
    private String activity = "Nothing";

    public StoreConnection(StoreOptions options) {
        this.session = SESSION.formatted(options.schema());
        this.address = options.address();
        this.partitions = new StorePartitions(options.schema());
        this.options = options;
        this.guard =
                new CallGuard(options.socketTimeout().orElse(SOCKET_TIMEOUT).plus(WRITE_SLACK));
    }

    /**
     * Writes all batches or none.
     *
     * @throws SQLException on any error, after which nobody knows whether they were written
     */
    public void write(List<Batch<?>> batches) throws SQLException, InterruptedException {
        Connection connection = connection();
        for (Batch<?> batch : batches) {
            activity = batch.describe();
            checkInterrupt();
            guard.call(connection, () -> execute(connection, batch));
        }
        guard.call(connection, connection::commit);
    }

    /**
     * Brings the archived partitions that hold rows of the batches back to where rows can be
     * written, each in a transaction of its own, and returns how many there were. Writers that do
     * so at once wait for each other.
     */
    int restore(List<Batch<?>> batches) throws SQLException, InterruptedException {
        Connection connection = connection();
        guard.call(connection, () -> connection.setAutoCommit(true));
        int restored = 0;
        for (Batch<?> batch : batches) {
            String table = batch.statement().table();
            Set<Instant> buckets = batch.buckets();
            List<Instant> found = new ArrayList<>();
            activity = "Looking for archived partitions of " + table;
            guard.call(connection, () -> found.addAll(partitions.find(connection, table, buckets)));
            for (Instant bucket : found) {
                activity = "Restoring the archived partition of %s for %s".formatted(table, bucket);
                checkInterrupt();
                LOG.warn("{}: a late row belongs there", activity);
                AtomicBoolean isDone = new AtomicBoolean();
                guard.call(
                        connection,
                        () -> isDone.set(partitions.restore(connection, table, bucket)));
                restored += isDone.get() ? 1 : 0;
            }
        }
        guard.call(connection, () -> connection.setAutoCommit(false));
        return restored;
    }

    /**
     * Makes the partitions that rows of the batches lack, and returns the batches without the rows
     * whose partitions the store's policy no longer keeps, or does not make yet.
     */
    List<Batch<?>> admit(List<Batch<?>> batches) throws SQLException, InterruptedException {
        Connection connection = connection();
        guard.call(connection, () -> connection.setAutoCommit(true));
        List<Batch<?>> admitted = new ArrayList<>();
        for (Batch<?> batch : batches) {
            String table = batch.statement().table();
            Set<Instant> expired = new HashSet<>();
            activity = "Making partitions of " + table;
            checkInterrupt();
            guard.call(
                    connection,
                    () -> expired.addAll(partitions.admit(connection, table, batch.buckets())));
            Batch<?> kept = batch.without(expired);
            if (kept.rows().size() < batch.rows().size()) {
                LOG.warn(
                        "{} rows of {} from {} to {} are not written: the store's policy no longer keeps them, or makes no partitions so far ahead",
                        batch.rows().size() - kept.rows().size(),
                        table,
                        Collections.min(expired),
                        Collections.max(expired));
            }
            if (!kept.rows().isEmpty()) {
                admitted.add(kept);
            }
        }
        guard.call(connection, () -> connection.setAutoCommit(false));
        return admitted;
    }

    /** What the last call was doing, for messages. */
    String activity() {
        return activity;
    }

    /** Closes the connection without a word to the server, which may be unreachable. */
    void discard() {
        try {
            Connection connection = open();
            if (connection != null) {
                connection.abort(Runnable::run);
            }
            closeConnection();
        } catch (SQLException | RuntimeException e) {
            LOG.warn("Closing a broken connection to {} failed", address, e);
        }
    }

    /** Closes the connection and throws nothing. */
    @Override
    public void close() {
        guard.close();
        try {
            closeConnection();
        } catch (RuntimeException e) {
            LOG.warn("Closing the connection to {} failed", address, e);
        }
    }

    private @Nullable Connection open() {
        return provider == null ? null : provider.getConnection();
    }

    private void closeConnection() {
        if (provider != null) {
            provider.closeConnection();
        }
    }

    private void checkInterrupt() throws InterruptedException {
        if (Thread.interrupted()) {
            discard();
            throw new InterruptedException("Interrupted before: " + activity);
        }
    }

    private static <T> void execute(Connection connection, Batch<T> batch) throws SQLException {
        TableStatement<T> upsert = batch.statement();
        try (PreparedStatement statement = connection.prepareStatement(upsert.query())) {
            upsert.statement(statement, batch.rows());
            statement.executeUpdate();
        }
    }

    private Connection connection() throws SQLException {
        Connection open = open();
        if (open != null) {
            return open;
        }
        activity = "Connecting to " + address;
        Connection connection = connect();
        guard.call(connection, () -> setUp(connection));
        return connection;
    }

    private void setUp(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(session);
        }
        connection.setAutoCommit(false);
    }

    /** By a provider of its own: the password may be another than the last time. */
    private Connection connect() throws SQLException {
        JdbcConnectionProvider next = new SimpleJdbcConnectionProvider(jdbcOptions(options));
        provider = next;
        try {
            return next.getOrEstablishConnection();
        } catch (ClassNotFoundException e) {
            throw new SQLException("The PostgreSQL driver is not in the job's jar", e);
        }
    }

    static JdbcConnectionOptions jdbcOptions(StoreOptions options) {
        return new JdbcConnectionOptions.JdbcConnectionOptionsBuilder()
                .withUrl(options.url())
                .withDriverName(DRIVER)
                .withUsername(options.user())
                .withPassword(options.password().read())
                .withProperty("connectTimeout", seconds(CONNECT_TIMEOUT))
                .withProperty("loginTimeout", seconds(LOGIN_TIMEOUT))
                .withProperty("socketTimeout", seconds(SOCKET_TIMEOUT))
                .withProperty("tcpKeepAlive", "true")
                .withProperty("ApplicationName", "weir")
                // Statements are planned each time: planning is nothing beside thousands of rows,
                // and a generic plan can fail on Citus.
                .withProperty("prepareThreshold", "0")
                .build();
    }

    private static String seconds(Duration duration) {
        return Long.toString(duration.toSeconds());
    }
}
