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
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Writers that write the same keys of a Citus cluster at once. */
@Timeout(180)
class CitusWriterIT {

    private static final int WRITERS = 4;
    private static final int BATCHES = 20;
    private static final int SITES = 25;
    private static final int KEYS = 500;
    private static final Instant TEN = Instant.parse("2026-05-01T10:00:00Z");

    @RegisterExtension static final CitusExtension CITUS = new CitusExtension();

    @Test
    void fourWritersOfTheSameKeysLeaveTheLargestRows() throws Exception {
        new SchemaMigration(CITUS.jdbcUrl(), CITUS.user(), null, TestStore.SCHEMA).migrate();
        for (Grain grain : Grain.values()) {
            query(
                    "select weir.ensure_partitions('%s', '2026-05-01Z', '2026-05-01Z')"
                            .formatted(grain.table()));
        }
        Map<String, Long> largest = new TreeMap<>();
        List<Writing> writings = new ArrayList<>();
        // Nothing is retried: a deadlock ends the test, though none has been seen on Citus even
        // with unsorted rows.
        StoreOptions options = TestStore.options(CITUS.jdbcUrl(), 10_000, Duration.ZERO);
        for (int writer = 0; writer < WRITERS; writer++) {
            List<List<TrafficRow>> batches = batches(new Random(writer), largest);
            writings.add(Writing.start(() -> write(options, batches)));
        }
        for (Writing writing : writings) {
            writing.end().get();
        }

        assertThat(
                        query(
                                "select site_id || ' ' || extract(epoch from bucket)::bigint ||"
                                        + " ' ' || request_count from weir.http_request_1min"))
                .containsExactlyInAnyOrderElementsOf(
                        largest.entrySet().stream()
                                .map(row -> row.getKey() + " " + row.getValue())
                                .toList());
    }

    /** A worker says that a partition is missing, in an error of its own. */
    @Test
    void missingPartitionsAreMadeAndRowsThatAreNoLongerKeptLeftOut() throws Exception {
        new SchemaMigration(CITUS.jdbcUrl(), CITUS.user(), null, TestStore.SCHEMA).migrate();
        Instant kept = Instant.now().truncatedTo(ChronoUnit.DAYS).minus(Duration.ofDays(40));
        Instant expired = Instant.parse("1999-12-31T23:00:00Z");

        write(
                TestStore.options(CITUS.jdbcUrl(), 10_000, Duration.ZERO),
                List.of(
                        List.of(
                                TrafficRows.row(
                                        Grain.HOUR,
                                        7,
                                        expired.toString(),
                                        5,
                                        true,
                                        true,
                                        "2026-05-01T10:00:00Z"),
                                TrafficRows.row(
                                        Grain.HOUR,
                                        7,
                                        kept.toString(),
                                        6,
                                        true,
                                        true,
                                        "2026-05-01T10:00:00Z"))));

        assertThat(query("select site_id || ' ' || request_count from weir.http_request_1hour"))
                .containsExactly("7 6");
    }

    private static Void write(StoreOptions options, List<List<TrafficRow>> batches)
            throws Exception {
        StoreWriter<TrafficRow, TrafficKey> writer = TestStore.writer(options);
        try {
            for (List<TrafficRow> batch : batches) {
                TestStore.write(writer, batch);
                writer.flush(false);
            }
        } finally {
            writer.close();
        }
        return null;
    }

    /**
     * The same keys in every writer's batch, in an order of its own; by turns on all shards and on
     * one.
     */
    private static List<List<TrafficRow>> batches(Random random, Map<String, Long> largest) {
        List<List<TrafficRow>> batches = new ArrayList<>();
        for (int i = 0; i < BATCHES; i++) {
            int sites = i % 2 == 0 ? SITES : 1;
            List<TrafficRow> batch = new ArrayList<>();
            for (int key = 0; key < KEYS; key++) {
                int site = 1 + key % sites;
                Instant bucket = TEN.plusSeconds(60L * (key / sites));
                long requests = 2L + random.nextInt(1_000_000);
                batch.add(TrafficRows.row(site, bucket.toString(), requests));
                largest.merge(site + " " + bucket.getEpochSecond(), requests, Math::max);
            }
            Collections.shuffle(batch, random);
            batches.add(batch);
        }
        return batches;
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
