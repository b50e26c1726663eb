package io.weir.store;

import static io.weir.store.TrafficRows.row;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.traffic.TrafficRow;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Metric;
import org.apache.flink.runtime.testutils.InMemoryReporter;
import org.apache.flink.runtime.testutils.MiniClusterResourceConfiguration;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.test.junit5.MiniClusterExtension;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The sink in a running job. */
@Timeout(120)
class StoreSinkIT {

    private static final String TEN = "2026-05-01T10:00:00Z";
    private static final int ROWS = 1_000;
    private static final Duration PATIENT = Duration.ofSeconds(60);

    private static final InMemoryReporter METRICS = InMemoryReporter.createWithRetainedMetrics();

    @RegisterExtension
    static final MiniClusterExtension FLINK =
            new MiniClusterExtension(
                    new MiniClusterResourceConfiguration.Builder()
                            .setNumberTaskManagers(1)
                            .setNumberSlotsPerTaskManager(2)
                            .setConfiguration(METRICS.addToConfiguration(new Configuration()))
                            .build());

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

    /** The stock JdbcSink takes the TaskManager down here, and the job never comes back. */
    @Test
    void aLongOutageRestartsTheJobAndNothingElse() throws Exception {
        store.stop();
        JobClient job =
                job(TestStore.options(store.url(), 100, Duration.ofMillis(300)), 2).executeAsync();
        await().atMost(PATIENT).until(() -> restarts(job.getJobID()) >= 2);

        store.startAgain();
        job.getJobExecutionResult().get();

        assertThat(
                        store.query(
                                "select site_id, request_count from weir.http_request_1min"
                                        + " order by site_id"))
                .containsExactlyElementsOf(
                        IntStream.rangeClosed(1, ROWS)
                                .mapToObj(site -> site + " " + (site + 1))
                                .toList());
    }

    @Test
    void tellsWhatItWrote() throws Exception {
        JobID job = job(TestStore.options(store.url(), 300, PATIENT), 1).execute().getJobID();

        assertThat(counter(job, "weir.rows-written")).isEqualTo(ROWS);
        assertThat(counter(job, "weir.batches")).isEqualTo(4);
        assertThat(counter(job, "weir.retries")).isZero();
        assertThat(gauge(job, "weir.batch-rows")).isEqualTo(100L);
        assertThat(gauge(job, "weir.batch-millis")).isBetween(1L, 10_000L);
        assertThat(counter(job, "numRecordsSend")).isEqualTo(ROWS);
    }

    private static StreamExecutionEnvironment job(StoreOptions options, int parallelism) {
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.getExecutionEnvironment();
        environment.setParallelism(parallelism);
        environment.configure(
                new Configuration()
                        .set(PipelineOptions.GENERIC_TYPES, false)
                        .set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay")
                        .set(
                                RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS,
                                Integer.MAX_VALUE)
                        .set(
                                RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY,
                                Duration.ofMillis(200)));
        List<TrafficRow> rows =
                IntStream.rangeClosed(1, ROWS).mapToObj(site -> row(site, TEN, site + 1)).toList();
        environment
                .fromData(rows)
                .sinkTo(
                        new StoreSink<>(
                                options, new TrafficUpsert(options.schema(), options.tables())))
                .name("store rows");
        return environment;
    }

    private static long restarts(JobID job) {
        return METRICS.findMetric(job, "numRestarts").map(StoreSinkIT::value).orElse(0L);
    }

    private static long counter(JobID job, String name) {
        return ((Counter) metric(job, name)).getCount();
    }

    private static long gauge(JobID job, String name) {
        return value(metric(job, name));
    }

    private static Metric metric(JobID job, String name) {
        return METRICS.findMetric(job, "store rows: Writer\\.0\\." + name).orElseThrow();
    }

    private static long value(Metric gauge) {
        return ((Number) ((Gauge<?>) gauge).getValue()).longValue();
    }
}
