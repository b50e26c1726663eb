package io.weir.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.weir.schema.SchemaMigration;
import io.weir.testing.EmbeddedCitus;
import io.weir.traffic.Grain;
import io.weir.traffic.TrafficRow;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/** Workers of a Citus cluster die while rows are written. */
@Timeout(300)
class CitusWorkerIT {

    private static final int KILLS = 12;
    private static final int SITES = 40;
    private static final int MINUTES = 25;
    private static final Instant TEN = Instant.parse("2026-05-01T10:00:00Z");
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @Test
    void workersKilledAgainAndAgainCostNoRowAndNoError(@TempDir Path folder) throws Exception {
        Optional<String> missing = EmbeddedCitus.missing();
        missing.ifPresent(
                reason ->
                        LoggerFactory.getLogger(getClass())
                                .warn("SKIPPED, NOT TESTED ON CITUS: {}", reason));
        assumeTrue(missing.isEmpty(), missing::toString);

        try (EmbeddedCitus citus = EmbeddedCitus.start(folder)) {
            new SchemaMigration(citus.jdbcUrl(), citus.user(), null, TestStore.SCHEMA).migrate();
            query(
                    citus,
                    "select weir.ensure_partitions('%s', '2026-05-01Z', '2026-05-01Z')"
                            .formatted(Grain.MINUTE.table()));
            AtomicInteger written = new AtomicInteger();
            AtomicBoolean end = new AtomicBoolean();
            Writing writing = Writing.start(() -> writeOnAndOn(citus, written, end));
            for (int kill = 0; kill < KILLS; kill++) {
                int before = written.get();
                awaitMore(written, before, writing);
                int worker = 1 + kill % 2;
                citus.stopWorker(worker);
                citus.startWorker(worker);
            }
            awaitMore(written, written.get(), writing);
            end.set(true);
            writing.end().get();

            // A worker that died with a transaction prepared shows its rows when that is recovered.
            List<String> expected = new ArrayList<>();
            for (int key = 0; key < SITES * MINUTES; key++) {
                expected.add(
                        site(key)
                                + " "
                                + bucket(key).getEpochSecond()
                                + " "
                                + requests(written.get()));
            }
            Awaitility.await("all rows of the last batch")
                    .atMost(PATIENCE)
                    .untilAsserted(
                            () ->
                                    assertThat(
                                                    query(
                                                            citus,
                                                            "select site_id || ' ' || extract(epoch"
                                                                    + " from bucket)::bigint || ' '"
                                                                    + " || request_count from"
                                                                    + " weir.http_request_1min"))
                                            .containsExactlyInAnyOrderElementsOf(expected));
        }
    }

    /** Every batch has every key, with more requests than the batch before. */
    private static Void writeOnAndOn(EmbeddedCitus citus, AtomicInteger written, AtomicBoolean end)
            throws Exception {
        StoreWriter<TrafficRow, TrafficKey> writer =
                TestStore.writer(TestStore.options(citus.jdbcUrl(), 10_000, PATIENCE));
        try {
            while (!end.get()) {
                List<TrafficRow> batch = new ArrayList<>();
                for (int key = 0; key < SITES * MINUTES; key++) {
                    batch.add(
                            TrafficRows.row(
                                    site(key),
                                    bucket(key).toString(),
                                    requests(written.get() + 1)));
                }
                TestStore.write(writer, batch);
                writer.flush(false);
                written.incrementAndGet();
            }
        } finally {
            writer.close();
        }
        return null;
    }

    private static void awaitMore(AtomicInteger written, int before, Writing writing) {
        Awaitility.await("batches are written")
                .atMost(PATIENCE)
                .until(() -> written.get() > before + 1 || writing.end().isDone());
    }

    private static int site(int key) {
        return 1 + key % SITES;
    }

    private static Instant bucket(int key) {
        return TEN.plusSeconds(60L * (key / SITES));
    }

    private static long requests(int batch) {
        return 1_000L + batch;
    }

    private static List<String> query(EmbeddedCitus citus, String sql) throws SQLException {
        List<String> values = new ArrayList<>();
        try (Connection connection =
                        DriverManager.getConnection(citus.jdbcUrl(), citus.user(), "");
                Statement statement = connection.createStatement();
                ResultSet result = statement.executeQuery(sql)) {
            while (result.next()) {
                values.add(result.getString(1));
            }
        }
        return values;
    }
}
