package io.weir.store;

import io.weir.embedded.EmbeddedPostgres;
import io.weir.schema.SchemaMigration;
import io.weir.traffic.Grain;
import io.weir.traffic.TrafficRow;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.metrics.groups.UnregisteredMetricsGroup;
import org.apache.flink.streaming.runtime.tasks.TestProcessingTimeService;

/** The schema in an embedded PostgreSQL, with partitions for May 2026, and what tests ask of it. */
final class TestStore implements AutoCloseable {

    static final String SCHEMA = "weir";

    private static final SinkWriter.Context NO_CONTEXT =
            new SinkWriter.Context() {
                @Override
                public long currentWatermark() {
                    throw new UnsupportedOperationException();
                }

                @Override
                public Long timestamp() {
                    throw new UnsupportedOperationException();
                }
            };

    private final Path directory;
    private EmbeddedPostgres server;

    private TestStore(Path directory) {
        this.directory = directory;
        this.server = EmbeddedPostgres.start(directory);
    }

    static TestStore start(Path directory) throws SQLException {
        TestStore store = new TestStore(directory);
        store.makeSchema();
        return store;
    }

    String url() {
        return server.jdbcUrl();
    }

    int port() {
        return server.port();
    }

    StoreOptions options() {
        return options(url(), 1_000, Duration.ofSeconds(30));
    }

    static StoreOptions options(String url, int batchRows, Duration retryLimit) {
        return new StoreOptions(
                url,
                "postgres",
                StorePassword.none(),
                SCHEMA,
                StoreTables.MAIN,
                batchRows,
                Duration.ofSeconds(1),
                retryLimit);
    }

    static StoreWriter<TrafficRow, TrafficKey> writer(StoreOptions options) {
        return writer(options, new TestProcessingTimeService());
    }

    static StoreWriter<TrafficRow, TrafficKey> writer(
            StoreOptions options, TestProcessingTimeService time) {
        return new StoreWriter<>(
                options,
                new TrafficUpsert(options.schema(), options.tables()),
                time,
                UnregisteredMetricsGroup.createSinkWriterMetricGroup());
    }

    /** Writes rows; when they reach the store is the writer's choice. */
    static <T> void write(SinkWriter<T> writer, Iterable<T> rows)
            throws IOException, InterruptedException {
        for (T row : rows) {
            writer.write(row, NO_CONTEXT);
        }
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(url(), "postgres", "");
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The result's rows, columns as text with a blank between. */
    List<String> query(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet result = query(statement, sql)) {
            List<String> rows = new ArrayList<>();
            while (result.next()) {
                List<String> columns = new ArrayList<>();
                for (int i = 1; i <= result.getMetaData().getColumnCount(); i++) {
                    columns.add(String.valueOf(result.getString(i)));
                }
                rows.add(String.join(" ", columns));
            }
            return rows;
        }
    }

    private static ResultSet query(Statement statement, String sql) throws SQLException {
        statement.execute("set timezone = 'UTC'");
        statement.execute("set search_path = weir, public"); // where the type hll is
        return statement.executeQuery(sql);
    }

    void truncate() throws SQLException {
        for (Grain grain : Grain.values()) {
            execute("truncate weir." + grain.table());
        }
    }

    void stop() {
        server.close();
    }

    void startAgain() {
        server = EmbeddedPostgres.start(directory, server.port());
    }

    @Override
    public void close() {
        server.close();
    }

    private void makeSchema() throws SQLException {
        new SchemaMigration(url(), "postgres", null, SCHEMA).migrate();
        for (Grain grain : Grain.values()) {
            query(
                    "select weir.ensure_partitions('%s', '2026-05-01Z', '2026-05-31Z')"
                            .formatted(grain.table()));
        }
    }
}
