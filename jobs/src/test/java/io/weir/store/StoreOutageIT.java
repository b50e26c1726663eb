package io.weir.store;

import static io.weir.store.TrafficRows.request;
import static io.weir.store.TrafficRows.row;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.awaitility.Awaitility.await;

import io.weir.traffic.Traffic;
import io.weir.traffic.TrafficRow;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The store goes away, hangs or cuts connections, and nothing is lost. */
@Timeout(120)
class StoreOutageIT {

    private static final String TEN = "2026-05-01T10:00:00Z";
    private static final Duration PATIENT = Duration.ofSeconds(60);

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

    @BeforeEach
    void empty() throws SQLException {
        store.truncate();
    }

    @Test
    void survivesARestartOfTheDatabase() throws Exception {
        AtomicInteger written = new AtomicInteger();
        AtomicBoolean isEnough = new AtomicBoolean();
        Writing writing =
                Writing.start(
                        () -> {
                            var writer = TestStore.writer(options(store.url(), PATIENT));
                            while (!isEnough.get()) {
                                int site = written.incrementAndGet();
                                TestStore.write(writer, List.of(row(site, TEN, site + 1)));
                                if (site % 20 == 0) {
                                    writer.flush(false);
                                }
                            }
                            writer.flush(true);
                            writer.close();
                            return null;
                        });
        await().atMost(PATIENT).until(() -> written.get() > 500);

        store.stop();
        int atStop = written.get();
        await().pollDelay(Duration.ofSeconds(4)).until(() -> true);
        assertThat(written.get() - atStop).as("rows held while the store is away").isLessThan(40);
        assertThat(writing.end()).isNotDone();
        store.startAgain();
        await().atMost(PATIENT).until(() -> written.get() > atStop + 500);
        isEnough.set(true);
        writing.end().get();

        assertThat(counts())
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, written.get())
                                .mapToObj(site -> site + " " + (site + 1))
                                .toList());
    }

    @Test
    void givesUpAfterTheRetryLimitAndClosesQuietly() throws Exception {
        int port = closedPort();
        StoreOptions options =
                new StoreOptions(
                        "jdbc:postgresql://127.0.0.1:" + port + "/postgres?connectTimeout=3",
                        "postgres",
                        StorePassword.known("s3cret"),
                        "weir",
                        StoreTables.MAIN,
                        1_000,
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(1));
        var writer = TestStore.writer(options);
        TestStore.write(writer, List.of(row(1, TEN, 5)));
        long start = System.nanoTime();

        Throwable failure = catchThrowable(() -> writer.flush(false));

        assertThat(Duration.ofNanos(System.nanoTime() - start))
                .isBetween(Duration.ofSeconds(1), Duration.ofSeconds(10));
        assertThat(failure)
                .isInstanceOf(IOException.class)
                .hasMessageMatching(
                        "Gave up after [3-9] attempts in \\d{4} ms \\(store.retry-limit\\)\\."
                                + " Connecting to jdbc:postgresql://127\\.0\\.0\\.1:"
                                + port
                                + "/postgres failed \\(SQLSTATE 08001\\): .*");
        assertThat(failure).hasStackTraceContaining("Connection refused");
        for (Throwable t = failure; t != null; t = t.getCause()) {
            assertThat(t.toString()).doesNotContain("s3cret");
        }
        writer.close();
    }

    @Test
    void anInterruptEndsAPauseAtOnce() throws Exception {
        var writer =
                TestStore.writer(
                        options(
                                "jdbc:postgresql://127.0.0.1:" + closedPort() + "/postgres",
                                PATIENT));
        TestStore.write(writer, List.of(row(1, TEN, 5)));
        Writing writing = Writing.flush(writer);
        await().atMost(PATIENT).until(Writing::isPausing);

        writing.thread().interrupt();

        assertThatThrownBy(() -> writing.end().get(10, SECONDS))
                .hasCauseInstanceOf(InterruptedException.class);
        writer.close();
        await().atMost(PATIENT).until(() -> Writing.writers().isEmpty());
    }

    @Test
    void aConnectionThatIsCutIsReplaced() throws Exception {
        var writer = TestStore.writer(options(store.url(), PATIENT));
        TestStore.write(writer, List.of(row(1, TEN, 5), row(2, TEN, 5)));
        writer.flush(false);
        TestStore.write(writer, List.of(row(1, TEN, 6), row(2, TEN, 6)));

        try (Connection other = store.connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("select from weir.http_request_1min where site_id = 2 for update");
            Writing writing = Writing.flush(writer);
            String first = waitingBackend("0");
            store.execute("select pg_terminate_backend(" + first + ")");
            waitingBackend(first);
            assertThat(writing.end()).isNotDone();
            other.rollback();
            writing.end().get();
        }
        writer.close();

        assertThat(counts()).containsExactly("1 6", "2 6");
    }

    @Test
    void aTransactionThatLostARaceIsTriedAgain() throws Exception {
        store.execute(
                "alter database postgres set default_transaction_isolation = 'repeatable read'");
        try (Connection other = store.connect();
                Statement statement = other.createStatement()) {
            var writer = TestStore.writer(options(store.url(), PATIENT));
            TestStore.write(writer, List.of(row(1, TEN, 5), row(2, TEN, 5)));
            writer.flush(false);
            TestStore.write(writer, List.of(row(1, TEN, 6), row(2, TEN, 6)));
            other.setAutoCommit(false);
            statement.execute("update weir.http_request_1min set bytes_sum = 1 where site_id = 2");
            Writing writing = Writing.flush(writer);
            waitingBackend("0");

            other.commit();
            writing.end().get();
            writer.close();
        } finally {
            store.execute("alter database postgres reset default_transaction_isolation");
        }

        assertThat(counts()).containsExactly("1 6", "2 6");
    }

    @Test
    void anIdleConnectionThatWasCutIsReplaced() throws Exception {
        var writer = TestStore.writer(options(store.url(), PATIENT));
        for (int requests = 5; requests < 8; requests++) {
            TestStore.write(writer, List.of(row(1, TEN, requests)));
            writer.flush(false);
            store.execute(
                    "select pg_terminate_backend(pid) from pg_stat_activity"
                            + " where application_name = 'weir'");
        }
        writer.close();

        assertThat(counts()).containsExactly("1 7");
    }

    @Test
    void aConnectionThatHangsIsReplaced() throws Exception {
        try (HangingProxy proxy = new HangingProxy(store.port())) {
            var writer = TestStore.writer(options(through(proxy, "socketTimeout=1"), PATIENT));
            TestStore.write(writer, List.of(row(1, TEN, 5)));
            writer.flush(false);
            proxy.hang();
            TestStore.write(writer, List.of(row(1, TEN, 6)));
            Writing writing = Writing.flush(writer);
            await().atMost(PATIENT).until(() -> proxy.connections() > 1);
            assertThat(writing.end()).isNotDone();

            proxy.forward();
            writing.end().get();
            writer.close();
        }

        assertThat(counts()).containsExactly("1 6");
    }

    /** What is written fills every buffer on the way: no read, and so no read timeout. */
    @Test
    void aWriteThatHangsIsEnded() throws Exception {
        try (HangingProxy proxy = new HangingProxy(store.port())) {
            StoreOptions options =
                    TestStore.options(through(proxy, "socketTimeout=1"), 100_000, PATIENT);
            var writer = TestStore.writer(options);
            TestStore.write(writer, List.of(row(1, TEN, 5)));
            writer.flush(false);
            proxy.hang();
            TestStore.write(writer, large(10_000));
            Writing writing = Writing.flush(writer);
            await().atMost(PATIENT).until(Writing::isWritingToSocket);
            await().atMost(30, SECONDS).until(() -> proxy.connections() > 1);

            proxy.forward();
            writing.end().get();
            writer.close();
        }

        assertThat(counts()).hasSize(10_000);
    }

    @Test
    void anInterruptEndsACallThatHangs() throws Exception {
        try (HangingProxy proxy = new HangingProxy(store.port())) {
            var writer = TestStore.writer(options(through(proxy, "socketTimeout=600"), PATIENT));
            TestStore.write(writer, List.of(row(1, TEN, 5)));
            writer.flush(false);
            proxy.hang();
            TestStore.write(writer, List.of(row(1, TEN, 6)));
            Writing writing = Writing.flush(writer);
            await().atMost(PATIENT).until(Writing::isReadingFromSocket);

            writing.thread().interrupt();

            assertThatThrownBy(() -> writing.end().get(10, SECONDS))
                    .hasCauseInstanceOf(InterruptedException.class);
            writer.close();
            await().atMost(PATIENT).until(() -> Writing.writers().isEmpty());
        }
    }

    private static StoreOptions options(String url, Duration retryLimit) {
        return TestStore.options(url, 1_000, retryLimit);
    }

    private static String through(HangingProxy proxy, String parameter) {
        return "jdbc:postgresql://127.0.0.1:" + proxy.port() + "/postgres?" + parameter;
    }

    private static int closedPort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    /** Rows with a full sketch each, together far beyond what sockets buffer. */
    private static List<TrafficRow> large(int rows) {
        Traffic traffic = new Traffic();
        Random random = new Random(1);
        for (int visitor = 0; visitor < 4_000; visitor++) {
            traffic.add(request(200, random.nextLong(), 1_000, 100, "BR"));
        }
        return IntStream.rangeClosed(1, rows).mapToObj(site -> row(site, TEN, traffic)).toList();
    }

    /** The writer's process at the server, once it waits for a lock and is not the given one. */
    private static String waitingBackend(String butNot) {
        String sql =
                "select pid from pg_stat_activity where application_name = 'weir'"
                        + " and wait_event_type = 'Lock' and pid <> "
                        + butNot;
        return await().atMost(PATIENT)
                .until(() -> store.query(sql), pids -> pids.size() == 1)
                .get(0);
    }

    private static List<String> counts() throws SQLException {
        return store.query(
                "select site_id, request_count from weir.http_request_1min order by site_id");
    }
}
