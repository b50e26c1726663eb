package io.weir.exactness;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.JobOptions;
import io.weir.request.ReadRecord;
import io.weir.rig.FlinkCluster;
import io.weir.rig.Run;
import io.weir.rig.Stack;
import io.weir.tools.send.GeneratedRequests;
import io.weir.tools.send.Ledger;
import io.weir.traffic.Grain;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.JobID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever happens to the job, the rows end as those of a run that nothing happened to. */
class ExactnessIT {

    private static final int REQUESTS = 30_000;
    private static final int PARTITIONS = 4;
    private static final double PER_SECOND = 5_000;
    private static final Instant END = GeneratedRequests.END_OF_SEEDED;
    private static final Instant FIRST = END.minus(Duration.ofHours(6));

    @TempDir private static Path folder;

    private static Stack stack;
    private static FlinkCluster flink;
    private static Map<Grain, List<String>> undisturbed;
    private static final Ledger LEDGER =
            new Ledger(PARTITIONS, Duration.ofSeconds(10), Duration.ofMinutes(10));

    @BeforeAll
    static void runUndisturbed() throws Exception {
        stack = Stack.start(folder);
        flink = FlinkCluster.start(folder, 2);
        Run run = run("undisturbed");
        run.send(requests().recordedIn(LEDGER));
        JobID job = flink.run(run.options(), 2);
        flink.awaitConsumed(stack, run.options());
        flink.drain(job);
        undisturbed = stack.rows(run.schema());
    }

    @AfterAll
    static void stop() throws Exception {
        flink.close();
        stack.close();
    }

    @Test
    void everyRecordIsCountedLateOrRejectedAsTheLedgerSays() throws Exception {
        Map<String, Long> totals = LEDGER.totals();

        for (Grain grain : Grain.values()) {
            assertThat(stack.query("select sum(request_count) from undisturbed." + grain.table()))
                    .as(grain.table())
                    .containsExactly(Long.toString(totals.getOrDefault("counted", 0L)));
        }
        assertThat(stack.records("undisturbed.late"))
                .hasSize(totals.getOrDefault("late", 0L).intValue());
        assertThat(stack.records("undisturbed.rejected"))
                .hasSize(
                        (int)
                                totals.entrySet().stream()
                                        .filter(e -> e.getKey().startsWith("rejected:"))
                                        .mapToLong(Map.Entry::getValue)
                                        .sum());
        assertThat(totals.getOrDefault("late", 0L)).isPositive();
        assertThat(intake("undisturbed", "undisturbed"))
                .containsExactly(
                        "%d %d 0 0 %d %d"
                                .formatted(
                                        REQUESTS,
                                        totals.getOrDefault("counted", 0L),
                                        totals.getOrDefault("late", 0L),
                                        stack.records("undisturbed.rejected").size()));
        assertAccountedFor("undisturbed");
        assertThat(
                        stack.query(
                                "select count(*) from undisturbed.http_request_1min where not is_final"))
                .containsExactly("0");
    }

    /** Read, counted, duplicate, held, late and rejected. */
    private static List<String> intake(String schema, String topic) throws Exception {
        return stack.query(
                """
                select concat_ws(' ', sum(read_count), sum(counted_count), sum(duplicate_count),
                                 sum(held_count), sum(late_count), sum(rejected_count))
                from %s.intake_partition where topic = '%s'
                """
                        .formatted(schema, topic));
    }

    private static void assertAccountedFor(String schema) throws Exception {
        // the test's time is long ago
        stack.execute("update %s.retention_policy set keep = null".formatted(schema));
        assertThat(
                        stack.query(
                                "select row(c.*)::text from %s.completeness as c where difference <> 0"
                                        .formatted(schema)))
                .isEmpty();
        assertThat(stack.query("select count(*) > 4 from %s.completeness".formatted(schema)))
                .containsExactly("t");
    }

    @Test
    void failuresAtRandomPointsChangeNothing() throws Exception {
        Run run = run("failures");
        CompletableFuture<Void> sending = run.sendInBackground(requests(), PER_SECOND);
        FailNowAndThen.reset(new Random(11));
        JobID job =
                flink.run(
                        run.options(),
                        2,
                        null,
                        records ->
                                records.map(new FailNowAndThen())
                                        .returns(ReadRecord.class)
                                        .uid("fault"));
        sending.get();
        flink.awaitConsumed(stack, run.options());
        flink.drain(job);

        assertThat(FailNowAndThen.FAILURES.get()).isGreaterThanOrEqualTo(3);
        assertThat(stack.rows(run.schema())).isEqualTo(undisturbed);
    }

    @Test
    void rescalingThroughSavepointsChangesNothing() throws Exception {
        Run run = run("rescaled");
        CompletableFuture<Void> sending = run.sendInBackground(requests(), PER_SECOND);
        JobOptions options = run.options();
        JobID job = flink.run(options, 1);
        awaitRead(options, REQUESTS / 3);
        String savepoint = flink.stop(job);
        job = flink.run(options, 3, savepoint, records -> records);
        awaitRead(options, 2 * REQUESTS / 3);
        savepoint = flink.stop(job);
        job = flink.run(options, 2, savepoint, records -> records);
        sending.get();
        flink.awaitConsumed(stack, options);
        flink.drain(job);

        assertThat(stack.rows(run.schema())).isEqualTo(undisturbed);
    }

    @Test
    void parallelismAndSpeedChangeNothing() throws Exception {
        for (int parallelism : new int[] {1, 3}) {
            Run run = run("parallel_" + parallelism);
            run.send(requests());
            JobID job = flink.run(run.options(), parallelism);
            flink.awaitConsumed(stack, run.options());
            flink.drain(job);

            assertThat(stack.rows(run.schema())).isEqualTo(undisturbed);
        }
    }

    @Test
    void aSecondCopyOfTheJobAndACrashedOneChangeNothing() throws Exception {
        Run run = run("copies");
        CompletableFuture<Void> sending = run.sendInBackground(requests(), PER_SECOND);
        JobID crashed = flink.run(run.options("kafka.group-id", "crashed"), 1);
        awaitRead(run.options("kafka.group-id", "crashed"), REQUESTS / 3);
        flink.cancel(crashed);
        JobID one = flink.run(run.options(), 1);
        JobID other = flink.run(run.options("kafka.group-id", "other"), 2);
        sending.get();
        flink.awaitConsumed(stack, run.options());
        flink.awaitConsumed(stack, run.options("kafka.group-id", "other"));
        flink.drain(one);
        flink.drain(other);

        assertThat(stack.rows(run.schema())).isEqualTo(undisturbed);
    }

    @Test
    void aStartWithoutStateFromTheMiddleTakesNothingBack() throws Exception {
        Run run = run("from_the_middle");
        run.send(requests());
        Instant middle = END.minus(Duration.ofMinutes(90));
        JobOptions fromTheMiddle =
                run.options("kafka.start-from", middle.toString(), "kafka.group-id", "middle");
        JobID late = flink.run(fromTheMiddle, 2);
        flink.awaitConsumed(stack, fromTheMiddle);
        flink.drain(late);

        assertThat(
                        stack.query(
                                "select distinct is_whole || ' ' || is_final from from_the_middle."
                                        + "http_request_1min where bucket < '"
                                        + middle
                                        + "'"))
                .containsExactly("false false");
        String wholeMinutes = "where bucket >= '" + middle + "'";
        assertThat(minutes("from_the_middle", wholeMinutes))
                .isEqualTo(minutes("undisturbed", wholeMinutes))
                .isNotEmpty();

        JobID whole = flink.run(run.options(), 2);
        flink.awaitConsumed(stack, run.options());
        flink.drain(whole);
        JobID again = flink.run(fromTheMiddle, 1);
        flink.awaitRunning(again);
        flink.drain(again);

        assertThat(stack.rows(run.schema())).isEqualTo(undisturbed);
    }

    @Test
    void whatIsSentAgainIsCountedOnceWhateverHappens() throws Exception {
        RepeatedRequests repeated = new RepeatedRequests(PARTITIONS, FIRST, 5);
        assertThat(repeated.duplicatesOnTime()).isGreaterThan(500);
        assertThat(repeated.late()).isGreaterThan(100);
        assertThat(repeated.lateDuplicates()).isGreaterThan(100);
        Run calm = run("repeated");
        calm.send(repeated.source());
        JobID job = flink.run(onceEach(calm), 1);
        flink.awaitConsumed(stack, calm.options());
        flink.drain(job);

        Run disturbed = run("repeated_disturbed");
        CompletableFuture<Void> sending =
                disturbed.sendInBackground(repeated.source(), PER_SECOND / 3);
        FailNowAndThen.reset(new Random(13), 150, 400);
        job =
                flink.run(
                        onceEach(disturbed),
                        3,
                        null,
                        records ->
                                records.map(new FailNowAndThen())
                                        .returns(ReadRecord.class)
                                        .uid("fault"));
        awaitRead(disturbed.options(), repeated.copies() / 2);
        assertThat(FailNowAndThen.FAILURES.get()).as("no failure is to come").isEqualTo(5);
        String savepoint = flink.stop(job);
        job =
                flink.run(
                        onceEach(disturbed),
                        2,
                        savepoint,
                        records ->
                                records.map(each -> each).returns(ReadRecord.class).uid("fault"));
        sending.get();
        flink.awaitConsumed(stack, disturbed.options());
        flink.drain(job);

        Run throttled = run("repeated_throttled");
        throttled.send(repeated.source());
        job =
                flink.run(
                        onceEach(throttled),
                        2,
                        null,
                        records ->
                                records.map(new SlowFirstSubtask())
                                        .returns(ReadRecord.class)
                                        .uid("slow"));
        flink.awaitConsumed(stack, throttled.options());
        flink.drain(job);

        List<Run> runs = List.of(calm, disturbed, throttled);
        for (Run run : runs) {
            assertThat(
                            stack.query(
                                    """
                                    select format('%%s %%s %%s', site_id,
                                                  to_char(bucket at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'),
                                                  request_count)
                                    from %s.http_request_1min order by site_id, bucket
                                    """
                                            .formatted(run.schema())))
                    .containsExactlyElementsOf(repeated.counted());
            for (Grain grain : Grain.values()) {
                assertThat(
                                stack.query(
                                        "select sum(duplicate_count) from %s.%s"
                                                .formatted(run.schema(), grain.table())))
                        .containsExactly(Long.toString(repeated.duplicatesOnTime()));
            }
        }
        assertThat(stack.records("repeated.late")).hasSize((int) repeated.late());
        for (Run run : runs) {
            assertThat(intake(run.schema(), run.topic()))
                    .containsExactly(
                            "%d %d %d 0 %d 0"
                                    .formatted(
                                            repeated.copies(),
                                            repeated.copies()
                                                    - repeated.duplicatesOnTime()
                                                    - repeated.lateDuplicates()
                                                    - repeated.late(),
                                            repeated.duplicatesOnTime() + repeated.lateDuplicates(),
                                            repeated.late()));
            assertAccountedFor(run.schema());
        }
        assertThat(stack.rows(disturbed.schema())).isEqualTo(stack.rows(calm.schema()));
        assertThat(stack.rows(throttled.schema())).isEqualTo(stack.rows(calm.schema()));
    }

    /** The main job runs twice, so each late request is in the topic twice; the late job, too. */
    @Test
    void everyLateRequestFindsItsRowsOnce() throws Exception {
        Run run = run("delayed");
        run.send(requests());
        JobID job = flink.run(run.options(), 2);
        flink.awaitConsumed(stack, run.options());
        flink.drain(job);
        job = flink.run(run.options("kafka.group-id", "again"), 1);
        flink.awaitConsumed(stack, run.options("kafka.group-id", "again"));
        flink.drain(job);
        Map<String, Long> totals = LEDGER.totals();
        long late = totals.getOrDefault("late", 0L);
        assertThat(stack.records("delayed.late")).hasSize((int) (2 * late));

        stack.execute("update delayed.retention_policy set keep = null");
        stack.createLetterTopics("delayed.late");
        Map<Grain, List<String>> main = stack.rows("delayed");
        for (String group : List.of("late", "late_again")) {
            JobOptions options = lateJob(run, "letter", group);
            job = flink.run(options, 2);
            flink.awaitConsumed(stack, options);
            flink.drain(job);

            for (Grain grain : Grain.values()) {
                assertThat(
                                stack.query(
                                        "select sum(request_count) || ' ' || sum(late_count) from delayed."
                                                + grain.view()))
                        .as("%s of %s", grain, group)
                        .containsExactly(totals.getOrDefault("counted", 0L) + late + " " + late);
            }
            assertThat(stack.rows("delayed")).isEqualTo(main);
        }
        assertThat(stack.records("delayed.late.late")).isEmpty();
        assertThat(intake("delayed", "delayed.late"))
                .containsExactly("%d %d %d 0 0 0".formatted(2 * late, late, late));
        assertAccountedFor("delayed");
    }

    private static JobOptions lateJob(Run run, String deduplicate, String group) {
        return run.options(
                "kafka.topic",
                run.topic() + ".late",
                "kafka.group-id",
                group,
                "event-time.allowed-lateness",
                "30 d",
                "event-time.idleness",
                "1 s",
                "deduplicate",
                deduplicate,
                "deduplicate.keep",
                "31 d",
                "store.tables",
                "late");
    }

    private static JobOptions onceEach(Run run) {
        return run.options("deduplicate", "request-id");
    }

    private static List<String> minutes(String schema, String where) throws Exception {
        return stack.query(
                "select row(site_id, bucket, request_count, status_counters, is_final)::text from "
                        + schema
                        + ".http_request_1min "
                        + where
                        + " order by site_id, bucket");
    }

    private static void awaitRead(JobOptions options, long records) {
        Awaitility.await("the job has read " + records + " records")
                .atMost(Duration.ofMinutes(2))
                .until(
                        () ->
                                stack.committedOffsets(options.kafka().groupId()).values().stream()
                                                .mapToLong(Long::longValue)
                                                .sum()
                                        >= records);
    }

    private static Run run(String name) throws Exception {
        return new Run(stack, name, PARTITIONS, FIRST, END.plus(Duration.ofHours(1)));
    }

    private static GeneratedRequests requests() {
        return new GeneratedRequests(REQUESTS, 40, Duration.ofHours(3), 7, END);
    }
}
