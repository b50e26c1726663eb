package io.weir.store;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.schema.SchemaMigration;
import io.weir.testing.CitusExtension;
import io.weir.traffic.Grain;
import io.weir.traffic.TrafficRow;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Late rows of partitions that are archived, from a writer that has the writers' rights only. */
@Timeout(180)
class CitusArchiveIT {

    private static final String WRITER = "late_writer";
    private static final int SITES = 20;
    private static final List<String> MINUTES =
            List.of("2026-05-01T10:00:00Z", "2026-05-02T10:00:00Z", "2026-05-03T10:00:00Z");

    @RegisterExtension static final CitusExtension CITUS = new CitusExtension();

    @BeforeAll
    static void migrate() throws SQLException {
        new SchemaMigration(CITUS.jdbcUrl(), CITUS.user(), null, TestStore.SCHEMA).migrate();
        execute("create role " + WRITER + " login in role weir_writer");
        execute("update weir.retention_policy set keep = null");
        execute(
                "update weir.retention_policy set archive_after = '1 day' where table_name !~ '_late$'");
    }

    /** Three days of ten requests a site, and the month that holds them, are archived. */
    @BeforeEach
    void archive() throws Exception {
        for (Grain grain : Grain.values()) {
            query(
                    "select weir.ensure_partitions('%s', '2026-05-01Z', '2026-05-03Z')"
                            .formatted(grain.table()));
            execute("truncate weir." + grain.table());
        }
        List<TrafficRow> rows = new ArrayList<>();
        for (String minute : MINUTES) {
            for (int site = 1; site <= SITES; site++) {
                rows.add(TrafficRows.row(site, minute, 10));
            }
        }
        rows.add(row(Grain.HOUR, "2026-05-01T10:00:00Z", 10));
        write(CITUS.user(), rows);
        execute("truncate weir.maintenance_log");
        execute("call weir.maintain(moment => '2026-06-20Z')");
        assertThat(archived())
                .containsExactly(
                        "http_request_1hour_p2026_05",
                        "http_request_1min_p2026_05_01",
                        "http_request_1min_p2026_05_02",
                        "http_request_1min_p2026_05_03");
    }

    @Test
    void bringTheirPartitionBackAndNoOther() throws Exception {
        write(
                WRITER,
                List.of(
                        TrafficRows.row(1, "2026-05-02T10:00:00Z", 11), // grows
                        TrafficRows.row(2, "2026-05-02T10:00:00Z", 9), // is refused
                        TrafficRows.row(3, "2026-05-02T23:59:00Z", 5), // is new
                        TrafficRows.row(4, "2026-06-20T10:00:00Z", 6))); // is not late

        assertThat(
                        query(
                                "select site_id || ' ' || to_char(bucket at time zone 'UTC', 'DD"
                                        + " HH24:MI') || ' ' || request_count from"
                                        + " weir.http_request_1min where bucket >= '2026-05-02Z' and"
                                        + " bucket < '2026-05-03Z' and site_id < 4 or site_id = 4 and"
                                        + " bucket > '2026-06-01Z' order by site_id, bucket"))
                .containsExactly(
                        "1 02 10:00 11",
                        "2 02 10:00 10",
                        "3 02 10:00 10",
                        "3 02 23:59 5",
                        "4 20 10:00 6");
        assertThat(archived())
                .containsExactly(
                        "http_request_1hour_p2026_05",
                        "http_request_1min_p2026_05_01",
                        "http_request_1min_p2026_05_03");
        assertThat(restored())
                .containsExactly(
                        "http_request_1min_p2026_05_02 for rows of 2026-05-02 10:00:00+00, asked by "
                                + WRITER);
    }

    @Test
    void bringBackPartitionsOfSeveralTables() throws Exception {
        write(
                WRITER,
                List.of(
                        row(Grain.HOUR, "2026-05-01T10:00:00Z", 12),
                        TrafficRows.row(1, "2026-05-01T10:00:00Z", 12),
                        TrafficRows.row(1, "2026-05-03T10:00:00Z", 13)));

        assertThat(archived()).containsExactly("http_request_1min_p2026_05_02");
        assertThat(query("select request_count from weir.http_request_1hour"))
                .containsExactly("12");
        assertThat(
                        query(
                                "select request_count from weir.http_request_1min where site_id = 1"
                                        + " order by bucket"))
                .containsExactly("12", "10", "13");
    }

    @Test
    void ofSeveralWritersAtOnceAreAllWritten() throws Exception {
        Map<String, Integer> largest = new TreeMap<>();
        List<Writing> writings = new ArrayList<>();
        for (int writer = 0; writer < 4; writer++) {
            List<TrafficRow> rows = new ArrayList<>();
            for (String minute : MINUTES) {
                for (int site = 1; site <= SITES; site++) {
                    int requests = 5 + (7 * site + 11 * writer + minute.charAt(9)) % 40;
                    rows.add(TrafficRows.row(site, minute, requests));
                    largest.merge(
                            site + " " + Instant.parse(minute).getEpochSecond(),
                            Math.max(10, requests),
                            Math::max);
                }
            }
            writings.add(
                    Writing.start(
                            () -> {
                                write(WRITER, rows);
                                return null;
                            }));
        }
        for (Writing writing : writings) {
            writing.end().get();
        }

        assertThat(
                        query(
                                "select site_id || ' ' || extract(epoch from bucket)::bigint || ' ' ||"
                                        + " request_count from weir.http_request_1min"))
                .containsExactlyInAnyOrderElementsOf(
                        largest.entrySet().stream()
                                .map(row -> row.getKey() + " " + row.getValue())
                                .toList());
        assertThat(archived()).containsExactly("http_request_1hour_p2026_05");
        assertThat(restored()).hasSize(3);
    }

    @Test
    void ofTheLateJobLieBesideThePartition() throws Exception {
        write(
                WRITER,
                StoreTables.LATE,
                List.of(
                        TrafficRows.row(1, "2026-05-02T10:00:00Z", 4),
                        TrafficRows.row(1, "2026-05-02T10:01:00Z", 3),
                        row(Grain.HOUR, "2026-05-01T10:00:00Z", 7)));

        assertThat(archived()).hasSize(4);
        assertThat(restored()).isEmpty();
        assertThat(
                        query(
                                "select to_char(bucket at time zone 'UTC', 'HH24:MI') || ' ' ||"
                                        + " request_count || ' ' || late_count from weir.traffic_1min"
                                        + " where site_id = 1 and bucket >= '2026-05-02Z' and bucket <"
                                        + " '2026-05-03Z' order by bucket"))
                .containsExactly("10:00 14 4", "10:01 3 3");
        assertThat(query("select request_count || ' ' || late_count from weir.traffic_1hour"))
                .containsExactly("17 7");
    }

    private static TrafficRow row(Grain grain, String bucket, long requests) {
        return TrafficRows.row(grain, 1, bucket, requests, true, true, bucket);
    }

    private static void write(String user, List<TrafficRow> rows) throws Exception {
        write(user, StoreTables.MAIN, rows);
    }

    private static void write(String user, StoreTables tables, List<TrafficRow> rows)
            throws Exception {
        StoreWriter<TrafficRow, TrafficKey> writer =
                TestStore.writer(
                        new StoreOptions(
                                CITUS.jdbcUrl(),
                                user,
                                StorePassword.none(),
                                TestStore.SCHEMA,
                                tables,
                                10_000,
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(30)));
        try {
            TestStore.write(writer, rows);
            writer.flush(false);
        } finally {
            writer.close();
        }
    }

    private static List<String> archived() throws SQLException {
        return query(
                "select relation from weir.partitions() where is_archived and relation like '%p2026_05%' order by relation");
    }

    private static List<String> restored() throws SQLException {
        return query(
                "select relation || ' ' || message from weir.maintenance_log where action = 'restore' order by id");
    }

    private static void execute(String sql) throws SQLException {
        try (Connection connection = CITUS.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static List<String> query(String sql) throws SQLException {
        List<String> values = new ArrayList<>();
        try (Connection connection = CITUS.connect();
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                values.add(result.getString(1));
            }
        }
        return values;
    }
}
