package io.weir.exactness;

import static io.weir.exactness.DisturbedRuns.END;
import static io.weir.exactness.DisturbedRuns.PARTITIONS;
import static io.weir.exactness.DisturbedRuns.PATIENCE;
import static io.weir.exactness.DisturbedRuns.REQUESTS;
import static io.weir.exactness.DisturbedRuns.requests;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.JobOptions;
import io.weir.rig.FlinkCluster;
import io.weir.rig.Run;
import io.weir.rig.Stack;
import io.weir.tools.send.OutgoingRecord;
import io.weir.traffic.Grain;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.JobID;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The store, the broker or a partition goes away, or comes back late. */
class OutageIT {

    @TempDir private static Path folder;

    private static Stack stack;
    private static FlinkCluster flink;
    private static DisturbedRuns runs;
    private static Map<Grain, List<String>> undisturbed;

    @BeforeAll
    static void runUndisturbed() throws Exception {
        stack = Stack.start(folder);
        flink = FlinkCluster.start(folder, 2);
        runs = new DisturbedRuns(stack, flink);
        Run run = runs.run("undisturbed");
        run.send(requests());
        undisturbed = finish(run, flink.run(run.options(), 2));
    }

    @AfterAll
    static void stop() throws Exception {
        flink.close();
        stack.close();
    }

    @Test
    void aDatabaseThatIsAwayForTenSecondsCostsNoTaskAndNoRow() throws Exception {
        Run run = runs.run("short_outage");
        CompletableFuture<Void> sending = DisturbedRuns.sendSlowly(run);
        JobID job = flink.run(run.options(), 2);
        runs.awaitRows(run);
        stack.stopDatabase();
        awaitTenSeconds();
        stack.restartDatabase();
        sending.get();

        Map<Grain, List<String>> rows = finish(run, job);
        assertThat(flink.restarts(job)).isZero();
        assertThat(rows).isEqualTo(undisturbed);
    }

    @Test
    void aDatabaseThatIsAwayForLongerThanTheLimitRestartsTheJob() throws Exception {
        Run run = runs.run("long_outage");
        CompletableFuture<Void> sending = DisturbedRuns.sendSlowly(run);
        JobID job = flink.run(run.options("store.retry-limit", "1 s"), 2);
        runs.awaitRows(run);
        stack.stopDatabase();
        runs.awaitRestart(job);
        stack.restartDatabase();
        sending.get();

        assertThat(finish(run, job)).isEqualTo(undisturbed);
    }

    @Test
    void aBrokerThatIsAwayForTenSecondsCostsNoRow() throws Exception {
        Run run = runs.run("broker_outage");
        run.send(requests());
        JobID job = flink.run(run.options(), 2);
        runs.awaitRows(run);
        stack.stopBroker();
        awaitTenSeconds();
        stack.restartBroker();

        assertThat(finish(run, job)).isEqualTo(undisturbed);
    }

    @Test
    void offsetsThatKafkaNoLongerHasEndTheJobAndSayWhatToDo() throws Exception {
        Run run = runs.run("gone");
        run.send(requests());
        JobID job = flink.run(run.options(), 1);
        flink.awaitConsumed(stack, run.options());
        String savepoint = flink.stop(job);
        run.send(requests());
        try (Admin admin = stack.admin()) {
            admin.deleteRecords(
                            Map.of(
                                    new TopicPartition("gone", 0),
                                    RecordsToDelete.beforeOffset(REQUESTS / PARTITIONS + 100L)))
                    .all()
                    .get();
        }

        JobResult result = flink.result(flink.run(run.options(), 1, savepoint, records -> records));

        assertThat(result.isSuccess()).isFalse();
        assertThat(result.getSerializedThrowable().orElseThrow().getFullStringifiedStackTrace())
                .contains("Kafka no longer has the records that come next")
                .contains("gone-0")
                .contains("--kafka.start-from earliest");
    }

    @Test
    void theStateOfAnotherTopicEndsTheJobAndSaysWhichItIs() throws Exception {
        Run run = runs.run("state_of_one");
        run.send(requests());
        JobID job = flink.run(run.options(), 1);
        flink.awaitConsumed(stack, run.options());
        String savepoint = flink.stop(job);
        Run other = runs.run("read_another");

        JobResult result =
                flink.result(flink.run(other.options(), 1, savepoint, records -> records));

        assertThat(result.isSuccess()).isFalse();
        assertThat(result.getSerializedThrowable().orElseThrow().getFullStringifiedStackTrace())
                .contains("the state holds offsets of topic state_of_one")
                .contains("kafka.topic is read_another");
    }

    /** It has more records than the old one had, so that the stored offsets are there again. */
    @Test
    void theStateOfATopicThatWasMadeAnewEndsTheJobAndSaysWhatToDo() throws Exception {
        Run run = runs.run("made_anew");
        run.send(requests());
        JobID job = flink.run(run.options(), 1);
        flink.awaitConsumed(stack, run.options());
        String savepoint = flink.stop(job);
        stack.recreate(run.topic(), PARTITIONS);
        run.send(requests());
        run.send(requests());

        JobResult result = flink.result(flink.run(run.options(), 1, savepoint, records -> records));

        assertThat(result.isSuccess()).isFalse();
        assertThat(result.getSerializedThrowable().orElseThrow().getFullStringifiedStackTrace())
                .contains("topic made_anew was deleted and created again")
                .contains("--kafka.start-from earliest or day");
    }

    @Test
    void aPartitionThatComesBackWithAnOldRequestAfterARestoreHasItParked() throws Exception {
        Run run = runs.run("comes_back");
        JobOptions options = run.options("event-time.idleness", "1 s");
        List<OutgoingRecord> records = new ArrayList<>();
        for (int minute = 0; minute < 60; minute++) {
            for (int partition = 0; partition < PARTITIONS; partition++) {
                Instant time = END.minus(Duration.ofMinutes(60 - minute));
                // partition 1 falls silent after a minute; its place is taken by garbage
                records.add(partition == 0 || minute < 2 ? request(time, time) : garbage(time));
            }
        }
        run.send(Run.of(records));
        JobID job = flink.run(options, 2);
        Awaitility.await("garbage holds up nobody")
                .atMost(PATIENCE)
                .until(() -> finalMinutes(run) >= 58);
        flink.awaitConsumed(stack, options);
        String savepoint = flink.stop(job);
        Map<Grain, List<String>> before = stack.rows(run.schema());

        Instant old = END.minus(Duration.ofMinutes(50));
        run.send(Run.of(List.of(request(END, END), request(old, END))));
        job = flink.run(options, 2, savepoint, restored -> restored);
        Awaitility.await("the old request is parked")
                .atMost(PATIENCE)
                .until(() -> stack.records("comes_back.late").size() == 1);
        flink.awaitConsumed(stack, options);
        flink.stop(job);

        assertThat(closedMinutes(stack.rows(run.schema()))).isEqualTo(closedMinutes(before));
    }

    /** In a catch-up the garbage of one partition takes longer to read than the idleness. */
    @Test
    void aPartitionThatIsStillBeingReadHoldsTheOthers() throws Exception {
        Run run = runs.run("still_read");
        int garbage = 100_000;
        List<OutgoingRecord> records = new ArrayList<>();
        Instant first = END.minus(Duration.ofMinutes(60));
        for (int i = 0; i < garbage; i++) {
            Instant time = first.plusMillis(i * Duration.ofMinutes(60).toMillis() / garbage);
            records.add(request(time, time));
            records.add(garbage(first));
        }
        for (int minute = 0; minute < 60; minute++) {
            Instant time = first.plus(Duration.ofMinutes(minute));
            records.add(request(END, END));
            records.add(request(time, time));
        }
        run.send(Run.of(records));

        finish(run, flink.run(run.options("event-time.idleness", "50 ms"), 2));

        assertThat(
                        stack.query(
                                "select count(*) || ' ' || sum(request_count) from still_read.http_request_1min where bucket < '"
                                        + END
                                        + "'"))
                .containsExactly("60 " + (garbage + 60));
        assertThat(stack.records("still_read.late")).isEmpty();
    }

    /**
     * Its own clock would take the request; the windows have closed the minute by the others. The
     * producers would keep letters for minutes, were it not for the checkpoints.
     */
    @Test
    void aPartitionThatComesBackWithAnOldRequestHasItParkedByTheNextCheckpoints() throws Exception {
        Run run = runs.run("comes_back_old");
        Path lingering =
                Files.writeString(
                        folder.resolve("lingering.properties"),
                        "linger.ms = 600000\ndelivery.timeout.ms = 1200000\n");
        JobOptions options =
                run.options(
                        "event-time.idleness",
                        "1 s",
                        "kafka.client-properties",
                        lingering.toString());
        List<OutgoingRecord> records = new ArrayList<>();
        for (int minute = 0; minute < 60; minute++) {
            Instant time = END.minus(Duration.ofMinutes(60 - minute));
            records.add(request(time, time));
            records.add(minute == 0 ? request(time, time) : garbage(time));
        }
        run.send(Run.of(records));
        JobID job = flink.run(options, 2);
        Awaitility.await("the silent partition holds up nobody")
                .atMost(PATIENCE)
                .until(() -> finalMinutes(run) >= 58);

        flink.awaitConsumed(stack, options);
        assertThat(stack.records("comes_back_old.rejected")).hasSize(59);

        Instant old = END.minus(Duration.ofMinutes(50));
        run.send(Run.of(List.of(request(END, END), request(old, old))));
        Awaitility.await("two checkpoints: the first holds that the minute is closed")
                .atMost(PATIENCE)
                .until(() -> stack.records("comes_back_old.late").size() == 1);
        flink.drain(job);

        assertThat(stack.query("select sum(request_count) from comes_back_old.http_request_1min"))
                .containsExactly("62");
    }

    @Test
    void aRequestWithinTheLatenessOfAPassedMinuteIsInTheRow() throws Exception {
        Run run = runs.run("corrected");
        JobOptions options = run.options("event-time.idleness", "1 s");
        Instant minute = END.minus(Duration.ofMinutes(30));
        run.send(
                Run.of(
                        List.of(
                                request(minute, minute),
                                request(minute, minute),
                                request(minute.plusSeconds(300), minute.plusSeconds(300)),
                                request(minute.plusSeconds(300), minute.plusSeconds(300)))));
        JobID job = flink.run(options, 2);
        String count =
                "select request_count || ' ' || is_final from corrected.http_request_1min"
                        + " where bucket = '"
                        + minute
                        + "'";
        Awaitility.await("the minute is final")
                .atMost(PATIENCE)
                .until(() -> stack.query(count).equals(List.of("2 true")));

        run.send(Run.of(List.of(request(minute.plusSeconds(30), minute.plusSeconds(300)))));

        Awaitility.await("the minute is corrected, though all partitions are idle")
                .atMost(PATIENCE)
                .until(() -> stack.query(count).equals(List.of("3 true")));
        flink.drain(job);
        assertThat(stack.query(count)).containsExactly("3 true");
    }

    private static long finalMinutes(Run run) throws Exception {
        return Long.parseLong(
                stack.query(
                                "select count(*) from "
                                        + run.schema()
                                        + ".http_request_1min where is_final")
                        .get(0));
    }

    private static List<String> closedMinutes(Map<Grain, List<String>> rows) {
        return rows.getOrDefault(Grain.MINUTE, List.of()).stream()
                .filter(row -> row.endsWith(",t)"))
                .limit(50)
                .toList();
    }

    private static OutgoingRecord request(Instant eventTime, Instant sent) {
        String event =
                "{\"site_id\": 1, \"event_time\": \"%s\", \"status_code\": 200}"
                        .formatted(eventTime);
        return record(event, sent);
    }

    private static OutgoingRecord garbage(Instant sent) {
        return record("garbage", sent);
    }

    private static OutgoingRecord record(String value, Instant sent) {
        return new OutgoingRecord(
                value.getBytes(StandardCharsets.UTF_8), sent.toEpochMilli(), "test", 1);
    }

    private static void awaitTenSeconds() {
        Instant over = Instant.now().plusSeconds(10);
        Awaitility.await().atMost(PATIENCE).until(() -> Instant.now().isAfter(over));
    }

    private static Map<Grain, List<String>> finish(Run run, JobID job) throws Exception {
        runs.finish(run, job);
        return stack.rows(run.schema());
    }
}
