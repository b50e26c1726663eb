package io.weir.store;

import static io.weir.store.Column.Type.INT;
import static io.weir.store.Column.Type.TEXT;
import static io.weir.store.Column.Type.TIMESTAMPTZ;
import static io.weir.store.TrafficRows.request;
import static io.weir.store.TrafficRows.row;
import static io.weir.store.TrafficRows.times;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.awaitility.Awaitility.await;

import io.weir.request.HttpRequest;
import io.weir.traffic.Grain;
import io.weir.traffic.Traffic;
import io.weir.traffic.TrafficRow;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.flink.streaming.runtime.tasks.TestProcessingTimeService;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreWriterIT {

    private static final String TEN = "2026-05-01T10:00:00Z";

    @TempDir static Path directory;
    private static TestStore store;

    @BeforeAll
    static void start() throws SQLException {
        store = TestStore.start(directory);
    }

    @AfterAll
    static void stop() {
        store.close();
    }

    @Test
    void rowsOfASiteThatAreOfferedTogetherAreWrittenInOneTransaction() throws Exception {
        var writer = TestStore.writer(TestStore.options(store.url(), 2, Duration.ofSeconds(30)));
        TestStore.write(
                writer,
                List.of(
                        row(6, TEN, 1),
                        row(7, TEN, 1),
                        row(7, "2026-05-01T10:01:00Z", 1),
                        row(Grain.HOUR, 7, TEN, 2, true, false, TEN),
                        row(Grain.DAY, 7, "2026-05-01T00:00:00Z", 2, true, false, TEN),
                        row(8, TEN, 1),
                        row(9, TEN, 1)));
        writer.flush(false);
        writer.close();

        assertThat(
                        store.query(
                                """
                                SELECT site_id, count(*), count(DISTINCT xid) FROM (
                                  SELECT site_id, xmin::text AS xid FROM weir.http_request_1min
                                  UNION ALL
                                  SELECT site_id, xmin::text FROM weir.http_request_1hour
                                  UNION ALL
                                  SELECT site_id, xmin::text FROM weir.http_request_1day) AS row
                                GROUP BY site_id ORDER BY site_id
                                """))
                .containsExactly("6 1 1", "7 4 1", "8 1 1", "9 1 1");
    }

    @BeforeEach
    void empty() throws SQLException {
        store.truncate();
    }

    @Test
    void writesEveryColumn() throws Exception {
        Traffic many = times(1L << 20, request(200, 2048L, 1L << 33, 1L << 20, "BR"));
        many.add(request(503, null, 1, 7, "ZZ"));
        many.add(request(200, 4096L, 1, 7, "DE").asDuplicateAt(0));
        Traffic one = times(1, request(200, null, HttpRequest.NOT_TIMED, 0, "ZZ"));
        Traffic more = times(3_000_000_000L, request(200, 1L << 12, 1, 0, "ZZ"));

        flush(
                List.of(
                        row(
                                Grain.DAY,
                                1,
                                "2026-05-31T00:00:00Z",
                                more,
                                true,
                                false,
                                "2026-06-01T00:00:00Z"),
                        row(
                                Grain.HOUR,
                                Integer.MAX_VALUE,
                                TEN,
                                one,
                                false,
                                false,
                                "2026-05-01T10:00:00.001Z"),
                        row(
                                Grain.MINUTE,
                                7,
                                "2026-05-01T10:07:00Z",
                                many,
                                true,
                                true,
                                "2026-05-01T10:08:00.123Z")));

        // hash 2048: register 0, rank 1; hash 4096: register 0, rank 2
        assertThat(everyColumn(Grain.MINUTE))
                .containsExactly(
                        "7 | 2026-05-01 10:07:00+00 | 1048577 | 1048576 | 1 | 1048577 |"
                                + " 9007199254740993 | 8589934592 | 1099511627783 | \\x138b400001 |"
                                + " {\"BR\": 1048576, \"ZZ\": 1} | {\"200\": 1048576, \"503\": 1} |"
                                + " [0:458]={1,"
                                + "0,".repeat(457)
                                + "1048576} | true | true | 2026-05-01 10:08:00.123+00 | 1");
        assertThat(everyColumn(Grain.HOUR))
                .containsExactly(
                        "2147483647 | 2026-05-01 10:00:00+00 | 1 | 1 | 0 | 0 | 0 |"
                                + " null | 0 | \\x118b40 | {\"ZZ\": 1} | {\"200\": 1} |"
                                + " {} | false | false | 2026-05-01 10:00:00.001+00 | 0");
        assertThat(everyColumn(Grain.DAY))
                .containsExactly(
                        "1 | 2026-05-31 00:00:00+00 | 3000000000 | 3000000000 | 0 | 3000000000 |"
                                + " 3000000000 | 1 | 0 | \\x138b400002 | {\"ZZ\": 3000000000} |"
                                + " {\"200\": 3000000000} | [0:0]={3000000000} | true | false |"
                                + " 2026-06-01 00:00:00+00 | 0");
    }

    @Test
    void aGreaterRowReplacesEveryColumnButTheKey() throws Exception {
        flush(List.of(row(Grain.MINUTE, 7, TEN, 5, true, false, "2026-05-01T10:00:05Z")));
        flush(
                List.of(
                        row(
                                Grain.MINUTE,
                                7,
                                TEN,
                                times(9, request(404, 2048L, 2_000, 30, "US")),
                                true,
                                true,
                                "2026-05-01T10:00:10Z")));

        assertThat(everyColumn(Grain.MINUTE))
                .containsExactly(
                        "7 | 2026-05-01 10:00:00+00 | 9 | 0 | 9 | 9 | 18000 | 2000 | 270 |"
                                + " \\x138b400001 | {\"US\": 9} | {\"404\": 9} |"
                                + " [152:152]={9} | true | true | 2026-05-01 10:00:10+00 | 0");
    }

    @Test
    void ofRowsWithAsManyRequestsTheOneThatKnowsMoreDuplicatesStays() throws Exception {
        Traffic one = times(5, request(200, null, 1, 1, "US"));
        Traffic other = one.copy();
        other.add(request(200, null, 1, 1, "US").asDuplicateAt(0));
        flush(List.of(row(7, TEN, other), row(7, TEN, one), row(8, TEN, one)));
        flush(List.of(row(7, TEN, one), row(8, TEN, other)));

        assertThat(
                        store.query(
                                "select site_id, request_count, duplicate_count"
                                        + " from weir.http_request_1min order by site_id"))
                .containsExactly("7 5 1", "8 5 1");
    }

    /** A table of another key takes the same measures by the same rule. */
    @Test
    void theStatementServesATableOfMoreKeyColumns() throws Exception {
        store.execute(
                """
                create table weir.by_path (
                  path text, like weir.http_request_1hour, primary key (site_id, path, bucket))
                """);
        TableStatement<Visited> upsert =
                TrafficUpsert.statement(
                        TestStore.SCHEMA,
                        "by_path",
                        Grain.HOUR,
                        List.of(
                                Column.of("site_id", INT, visited -> visited.row().siteId()),
                                Column.of("path", TEXT, Visited::path),
                                Column.of(
                                        "bucket",
                                        TIMESTAMPTZ,
                                        visited -> visited.row().bucketMillis())),
                        Visited::row);

        for (long requests : new long[] {5, 9, 7}) {
            TrafficRow row = row(Grain.HOUR, 1, TEN, requests, true, false, TEN);
            TrafficRow less = row(Grain.HOUR, 1, TEN, 20 - requests, true, false, TEN);
            try (Connection connection = store.connect()) {
                connection.setSchema(TestStore.SCHEMA); // where the type hll is
                try (PreparedStatement statement = connection.prepareStatement(upsert.query())) {
                    upsert.statement(
                            statement, List.of(new Visited("/a", row), new Visited("/b", less)));
                    statement.executeUpdate();
                }
            }
        }

        assertThat(
                        store.query(
                                "select path, request_count, bytes_sum, status_counters"
                                        + " from weir.by_path order by path"))
                .containsExactly(
                        "/a 9 900 {\"200\": 8, \"503\": 1}",
                        "/b 15 1500 {\"200\": 14, \"503\": 1}");
        store.execute("drop table weir.by_path");
    }

    private record Visited(String path, TrafficRow row) {}

    /** Each sequence of different rows gets a site of its own and one flush a row. */
    @Test
    void everySequenceOfRowsEndsInTheRowThatStays() throws Exception {
        List<List<Offer>> sequences = sequences(OFFERS);
        var writer = TestStore.writer(store.options());
        for (int step = 0; step < OFFERS.size(); step++) {
            TestStore.write(writer, offeredAt(sequences, step));
            writer.flush(false);
        }
        writer.close();

        assertThat(sequences).hasSize(7 + 42 + 210 + 840 + 2_520 + 5_040 + 5_040);
        assertThat(essence()).containsExactlyElementsOf(lastOfEach(sequences));
    }

    /** The same in one transaction: the writer may not send a key twice. */
    @Test
    void everySequenceOfRowsInOneBatchEndsInTheRowThatStays() throws Exception {
        List<List<Offer>> sequences = sequences(OFFERS);
        var writer =
                TestStore.writer(TestStore.options(store.url(), 100_000, Duration.ofSeconds(30)));
        for (int step = 0; step < OFFERS.size(); step++) {
            TestStore.write(writer, offeredAt(sequences, step));
        }
        writer.flush(false);
        writer.close();

        assertThat(essence()).containsExactlyElementsOf(lastOfEach(sequences));
    }

    @Test
    void aRowThatWasFinalStaysFinalInABatchAsInTheTable() throws Exception {
        TrafficRow isFinal = row(Grain.MINUTE, 1, TEN, 5, true, true, TEN);
        TrafficRow more = row(Grain.MINUTE, 1, TEN, 6, true, false, TEN);
        flush(List.of(isFinal, more));
        List<String> inOneBatch = everyColumn(Grain.MINUTE);
        store.truncate();

        flush(List.of(isFinal));
        flush(List.of(more));

        assertThat(inOneBatch).isEqualTo(everyColumn(Grain.MINUTE));
        assertThat(essence()).containsExactly("1 6 600 true true");
    }

    @Test
    void parallelWritersOnTheSameRowsNeitherBlockNorLose() throws Exception {
        int sites = 40;
        int writers = 4;
        Random random = new Random(1);
        Map<Grain, Map<Integer, Long>> greatest = new EnumMap<>(Grain.class);
        List<List<TrafficRow>> shares = new ArrayList<>();
        for (int share = 0; share < writers; share++) {
            List<TrafficRow> rows = new ArrayList<>();
            for (Grain grain : Grain.values()) {
                for (int i = 0; i < 20 * sites; i++) {
                    int siteId = 1 + random.nextInt(sites);
                    long requests = 1L + random.nextInt(1_000_000);
                    rows.add(
                            row(grain, siteId, "2026-05-01T00:00:00Z", requests, true, false, TEN));
                    greatest.computeIfAbsent(grain, any -> new TreeMap<>())
                            .merge(siteId, requests, Math::max);
                }
            }
            Collections.shuffle(rows, random);
            shares.add(rows);
        }
        StoreOptions options = TestStore.options(store.url(), 30, Duration.ofSeconds(30));

        ExecutorService threads = Executors.newFixedThreadPool(writers);
        List<Future<?>> writings = new ArrayList<>();
        for (List<TrafficRow> share : shares) {
            writings.add(
                    threads.submit(
                            () -> {
                                var writer = TestStore.writer(options);
                                TestStore.write(writer, share);
                                writer.flush(true);
                                writer.close();
                                return null;
                            }));
        }
        for (Future<?> writing : writings) {
            writing.get();
        }
        threads.shutdown();

        for (Grain grain : Grain.values()) {
            assertThat(
                            store.query(
                                    "select site_id, request_count from weir."
                                            + grain.table()
                                            + " order by site_id"))
                    .containsExactlyElementsOf(lines(greatest.get(grain)));
        }
        assertThat(store.query("select deadlocks from pg_stat_database where datname = 'postgres'"))
                .containsExactly("0");
    }

    @Test
    void writesWhenItHoldsEnoughRows() throws Exception {
        var writer = TestStore.writer(TestStore.options(store.url(), 3, Duration.ofSeconds(30)));
        TestStore.write(writer, List.of(row(1, TEN, 5), row(2, TEN, 5), row(1, TEN, 6)));
        assertThat(essence()).isEmpty();

        TestStore.write(writer, List.of(row(3, TEN, 5), row(4, TEN, 5)));
        await().untilAsserted(
                        () ->
                                assertThat(essence())
                                        .containsExactly(
                                                "1 6 600 true false",
                                                "2 5 500 true false",
                                                "3 5 500 true false"));
        writer.close();
    }

    @Test
    void writesWhenARowHasWaitedLongEnough() throws Exception {
        TestProcessingTimeService time = new TestProcessingTimeService();
        var writer = TestStore.writer(store.options(), time);
        time.setCurrentTime(10_000);
        TestStore.write(writer, List.of(row(1, TEN, 5)));
        time.setCurrentTime(10_999);
        assertThat(essence()).isEmpty();

        time.setCurrentTime(11_000);
        await().until(() -> essence().equals(List.of("1 5 500 true false")));

        TestStore.write(writer, List.of(row(1, TEN, 6)));
        await().until(
                        () -> {
                            time.setCurrentTime(time.getCurrentProcessingTime() + 1_000);
                            return essence().equals(List.of("1 6 600 true false"))
                                    && time.getNumActiveTimers() == 0;
                        });
        writer.close();
    }

    @Test
    void aBatchFillsWhileAnotherIsWrittenAndTheNextButOneWaits() throws Exception {
        var writer = TestStore.writer(TestStore.options(store.url(), 1, Duration.ofSeconds(30)));
        TestStore.write(writer, List.of(row(1, TEN, 5)));
        writer.flush(false);
        Writing third;
        try (Connection other = store.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("select from weir.http_request_1min for update");

            TestStore.write(writer, List.of(row(1, TEN, 6), row(2, TEN, 5)));
            await().until(Writing::isReadingFromSocket);
            third =
                    Writing.start(
                            () -> {
                                TestStore.write(writer, List.of(row(3, TEN, 5)));
                                writer.flush(false);
                                return null;
                            });
            await().until(() -> third.thread().getState() == Thread.State.WAITING);
            assertThat(essence()).containsExactly("1 5 500 true false");

            other.rollback();
        }
        third.end().get();
        assertThat(essence())
                .containsExactly("1 6 600 true false", "2 5 500 true false", "3 5 500 true false");
        writer.close();
    }

    @Test
    void aFailureIsNoticedThoughNoOtherRowComes() throws Exception {
        TestProcessingTimeService time = new TestProcessingTimeService();
        var writer =
                TestStore.writer(TestStore.options(closedUrl(), 1, Duration.ofMillis(1)), time);
        TestStore.write(writer, List.of(row(1, TEN, 5)));

        await().untilAsserted(
                        () ->
                                assertThatIOException()
                                        .isThrownBy(
                                                () ->
                                                        time.setCurrentTime(
                                                                time.getCurrentProcessingTime()
                                                                        + 1_000))
                                        .withMessageStartingWith("Gave up after"));
        writer.close();
    }

    private static String closedUrl() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return "jdbc:postgresql://127.0.0.1:" + socket.getLocalPort() + "/postgres";
        }
    }

    @Test
    void writesNothingWhenItCloses() throws Exception {
        TestProcessingTimeService time = new TestProcessingTimeService();
        var writer = TestStore.writer(store.options(), time);
        TestStore.write(writer, List.of(row(1, TEN, 5)));
        writer.close();
        time.setCurrentTime(1_000_000);

        assertThat(essence()).isEmpty();
    }

    @Test
    void rowsThatAreNoLongerKeptAreLeftOutAndTheOthersWritten() throws Exception {
        flush(
                List.of(
                        row(Grain.HOUR, 8, "1999-12-31T23:00:00Z", 5, true, true, TEN),
                        row(Grain.HOUR, 7, "1999-12-31T22:00:00Z", 5, true, true, TEN),
                        row(Grain.HOUR, 7, TEN, 5, true, true, TEN),
                        row(1, TEN, 5)));

        assertThat(essence()).containsExactly("1 5 500 true false");
        assertThat(store.query("select site_id, bucket from weir.http_request_1hour"))
                .containsExactly("7 2026-05-01 10:00:00+00");
    }

    @Test
    void aMissingPartitionThatIsStillKeptIsMade() throws Exception {
        Instant bucket = Instant.now().truncatedTo(ChronoUnit.DAYS).minus(Duration.ofDays(40));
        flush(List.of(row(Grain.HOUR, 7, bucket.toString(), 5, true, true, TEN)));

        assertThat(store.query("select site_id, request_count from weir.http_request_1hour"))
                .containsExactly("7 5");
        assertThat(
                        store.query(
                                "select action, message like 'for rows of %, asked by postgres' from weir.maintenance_log where relation like 'http_request_1hour%' order by id desc limit 1"))
                .containsExactly("make t");
    }

    /** A sender's clock is wrong: that is no reason to stop the rows of all others. */
    @Test
    void rowsFurtherInTheFutureThanPartitionsAreMadeAreLeftOutAndTheOthersWritten()
            throws Exception {
        flush(
                List.of(
                        row(Grain.HOUR, 7, "2199-12-31T22:00:00Z", 5, true, true, TEN),
                        row(Grain.HOUR, 7, TEN, 5, true, true, TEN),
                        row(7, "2199-12-31T22:00:00Z", 5),
                        row(1, TEN, 5)));

        assertThat(essence()).containsExactly("1 5 500 true false");
        assertThat(store.query("select site_id, bucket from weir.http_request_1hour"))
                .containsExactly("7 2026-05-01 10:00:00+00");
    }

    @Test
    void aRowThatTheSchemaRefusesFailsAtOnce() throws Exception {
        TrafficRow wrong = row(Grain.MINUTE, 7, TEN, 5, false, true, TEN); // final, but not whole
        var writer = TestStore.writer(store.options());
        TestStore.write(writer, List.of(wrong));

        assertThatIOException()
                .isThrownBy(() -> writer.flush(false))
                .withMessageStartingWith(
                        "Writing 1 rows to weir.http_request_1min, the first site_id 7, bucket"
                                + " 2026-05-01T10:00:00Z, failed (SQLSTATE 23514)")
                .withMessageNotContaining("migrate");
        writer.close();
    }

    @Test
    void aRoleThatMayNotConnectFailsAtOnce() throws Exception {
        var writer =
                TestStore.writer(
                        new StoreOptions(
                                store.url(),
                                "stranger",
                                StorePassword.known("s3cret"),
                                TestStore.SCHEMA,
                                StoreTables.MAIN,
                                1_000,
                                Duration.ofSeconds(1),
                                Duration.ofSeconds(30)));
        TestStore.write(writer, List.of(row(1, TEN, 5)));

        assertThatIOException()
                .isThrownBy(() -> writer.flush(false))
                .withMessage(
                        "Connecting to "
                                + store.url()
                                + " failed (SQLSTATE 28000): FATAL: role \"stranger\" does not exist")
                .withStackTraceContaining("PSQLException")
                .satisfies(e -> assertThat(stackTrace(e)).doesNotContain("s3cret"));
        writer.close();
    }

    /** A row of one bucket, as a job may offer it. */
    private record Offer(long requests, boolean isWhole, boolean isFinal) {}

    private static final List<Offer> OFFERS =
            List.of(
                    new Offer(5, true, false), // provisional
                    new Offer(8, true, false), // provisional, later
                    new Offer(12, true, true), // final
                    new Offer(13, true, true), // correction
                    new Offer(12, true, false), // of an attempt that is behind
                    // of jobs that began to read within the bucket
                    new Offer(10, false, false),
                    new Offer(20, false, false));

    private static List<List<Offer>> sequences(List<Offer> offers) {
        List<List<Offer>> sequences = new ArrayList<>();
        for (Offer first : offers) {
            List<Offer> others = new ArrayList<>(offers);
            others.remove(first);
            sequences.add(List.of(first));
            for (List<Offer> rest : sequences(others)) {
                List<Offer> sequence = new ArrayList<>(List.of(first));
                sequence.addAll(rest);
                sequences.add(sequence);
            }
        }
        return sequences;
    }

    private static List<TrafficRow> offeredAt(List<List<Offer>> sequences, int step) {
        List<TrafficRow> rows = new ArrayList<>();
        for (int i = 0; i < sequences.size(); i++) {
            if (step < sequences.get(i).size()) {
                Offer offer = sequences.get(i).get(step);
                rows.add(
                        row(
                                Grain.MINUTE,
                                i + 1,
                                TEN,
                                offer.requests(),
                                offer.isWhole(),
                                offer.isFinal(),
                                TEN));
            }
        }
        return rows;
    }

    /** Row by row, as the table would have them. */
    private static List<String> lastOfEach(List<List<Offer>> sequences) {
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < sequences.size(); i++) {
            Offer held = sequences.get(i).stream().reduce(StoreWriterIT::kept).orElseThrow();
            expected.add(
                    "%d %d %d %s %s"
                            .formatted(
                                    i + 1,
                                    held.requests(),
                                    100 * held.requests(),
                                    held.isWhole(),
                                    held.isFinal()));
        }
        return expected;
    }

    private static Offer kept(Offer held, Offer next) {
        if (held.isWhole() && !next.isWhole()) {
            return held;
        }
        if (!held.isWhole() && next.isFinal()) {
            return next;
        }
        return next.requests() < held.requests()
                ? held
                : new Offer(next.requests(), next.isWhole(), held.isFinal() || next.isFinal());
    }

    /** Whatever came before: a final row is the greatest whole one. */
    @Test
    void everySequenceWithAFinalRowEndsInTheGreatestWholeOne() {
        for (List<Offer> sequence : sequences(OFFERS)) {
            if (sequence.stream().anyMatch(Offer::isFinal)) {
                Offer last = sequence.stream().reduce(StoreWriterIT::kept).orElseThrow();
                assertThat(last.requests())
                        .isEqualTo(
                                sequence.stream()
                                        .filter(Offer::isWhole)
                                        .mapToLong(Offer::requests)
                                        .max()
                                        .orElseThrow());
                assertThat(last.isFinal()).isTrue();
            }
        }
    }

    private static String stackTrace(Throwable e) {
        StringWriter text = new StringWriter();
        e.printStackTrace(new PrintWriter(text));
        return text.toString();
    }

    private static List<String> lines(@Nullable Map<Integer, Long> counts) {
        return Objects.requireNonNull(counts).entrySet().stream()
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .toList();
    }

    private static void flush(List<TrafficRow> rows) throws Exception {
        var writer = TestStore.writer(store.options());
        TestStore.write(writer, rows);
        writer.flush(false);
        writer.close();
    }

    private static List<String> everyColumn(Grain grain) throws SQLException {
        String columns =
                store.query(
                                """
                                select string_agg(format('coalesce(%I::text, ''null'')', attname), ', '
                                                  order by attnum)
                                from pg_attribute
                                where attrelid = 'weir.TABLE'::regclass and attnum > 0 and not attisdropped
                                """
                                        .replace("TABLE", grain.table()))
                        .get(0);
        return store.query(
                "select concat_ws(' | ', %s) from weir.%s".formatted(columns, grain.table()));
    }

    private static List<String> essence() throws SQLException {
        return store.query(
                "select site_id, request_count, bytes_sum, is_whole::text, is_final::text"
                        + " from weir.http_request_1min order by site_id");
    }
}
