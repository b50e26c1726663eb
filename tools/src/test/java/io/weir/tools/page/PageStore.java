package io.weir.tools.page;

import io.weir.database.Database;
import io.weir.database.SchemaName;
import io.weir.embedded.EmbeddedPostgres;
import io.weir.request.HttpRequest;
import io.weir.schema.SchemaMigration;
import io.weir.sketch.VisitorHash;
import io.weir.store.StoreTables;
import io.weir.store.TableStatement;
import io.weir.store.TrafficKey;
import io.weir.store.TrafficUpsert;
import io.weir.traffic.Grain;
import io.weir.traffic.Traffic;
import io.weir.traffic.TrafficRow;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** A store that is filled with rows as the job writes them, stopped, and started again. */
final class PageStore implements AutoCloseable {

    static final SchemaName SCHEMA = new SchemaName("weir");

    private final Path folder;
    private final int port;
    private final Map<TrafficKey, Traffic> counted = new TreeMap<>();
    private EmbeddedPostgres server;

    PageStore(Path folder) {
        this.folder = folder.resolve("data");
        this.server = EmbeddedPostgres.start(this.folder);
        this.port = server.port();
        new SchemaMigration(server.jdbcUrl(), server.user(), null, SCHEMA.name()).migrate();
    }

    Database database() {
        return database(server.user());
    }

    Database database(String user) {
        return new Database(server.jdbcUrl(), user, "not-to-be-seen");
    }

    /** A login that sees this site only; made once. */
    void tenant(String name, int site) throws SQLException {
        execute(
                "do $$ begin if to_regrole('%1$s') is null then create role %1$s login; end if; end $$"
                        .formatted(name));
        execute("select weir.set_tenant('%s', '{%d}')".formatted(name, site));
    }

    int port() {
        return port;
    }

    void stop() {
        server.close();
    }

    void startAgain() {
        server = EmbeddedPostgres.start(folder, port);
    }

    @Override
    public void close() {
        server.close();
    }

    void clear() throws SQLException {
        counted.clear();
        for (Grain grain : Grain.values()) {
            execute("truncate weir." + grain.table());
        }
        execute("truncate weir.top_site, weir.top_site_election");
        execute("delete from weir.site");
    }

    /**
     * Counts requests of a minute: each tenth fails, each takes a millisecond more than the last.
     */
    void count(int site, Instant minute, int requests) {
        for (int i = 0; i < requests; i++) {
            HttpRequest request =
                    new HttpRequest(
                            site,
                            minute.toEpochMilli() + i % 60_000,
                            i % 10 == 9 ? 503 : 200,
                            VisitorHash.hashText("visitor " + i % 7),
                            1000L * (i + 1),
                            100,
                            i % 4 == 3 ? "DE" : "BR");
            for (Grain grain : Grain.values()) {
                counted.computeIfAbsent(
                                new TrafficKey(
                                        grain, site, grain.bucketOf(request.eventTimeMillis())),
                                key -> new Traffic())
                        .add(request);
            }
        }
    }

    /** Writes all rows; those whose bucket ends after the given time are provisional. */
    void write(Instant finalUntil) throws SQLException {
        try (Connection connection =
                DriverManager.getConnection(
                        server.jdbcUrl() + "?currentSchema=weir,public", server.user(), "")) {
            TrafficUpsert upsert = new TrafficUpsert(SCHEMA.name(), StoreTables.MAIN);
            for (Grain grain : Grain.values()) {
                List<TrafficRow> rows = rows(grain, finalUntil);
                if (rows.isEmpty()) {
                    continue;
                }
                makePartitions(connection, grain, rows);
                TableStatement<TrafficRow> write = upsert.statement(grain);
                try (PreparedStatement statement = connection.prepareStatement(write.query())) {
                    write.statement(statement, rows);
                    statement.executeUpdate();
                }
            }
        }
    }

    void execute(String sql) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(server.jdbcUrl(), server.user(), "");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private List<TrafficRow> rows(Grain grain, Instant finalUntil) {
        List<TrafficRow> rows = new ArrayList<>();
        counted.forEach(
                (key, traffic) -> {
                    if (key.grain() == grain) {
                        boolean isFinal =
                                grain.endOf(key.bucketMillis()) <= finalUntil.toEpochMilli();
                        rows.add(
                                new TrafficRow(
                                        grain,
                                        key.siteId(),
                                        key.bucketMillis(),
                                        traffic.copy(),
                                        true,
                                        isFinal,
                                        key.bucketMillis()));
                    }
                });
        return rows;
    }

    private static void makePartitions(Connection connection, Grain grain, List<TrafficRow> rows)
            throws SQLException {
        long first = rows.stream().mapToLong(TrafficRow::bucketMillis).min().orElseThrow();
        long last = rows.stream().mapToLong(TrafficRow::bucketMillis).max().orElseThrow();
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "select weir.ensure_partitions('%s', '%s', '%s')"
                            .formatted(
                                    grain.table(),
                                    Instant.ofEpochMilli(first),
                                    Instant.ofEpochMilli(last)));
        }
    }
}
