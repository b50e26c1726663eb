package io.weir.exactness;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.JobOptions;
import io.weir.rig.FlinkCluster;
import io.weir.rig.Run;
import io.weir.rig.Stack;
import io.weir.tools.send.GeneratedRequests;
import io.weir.tools.send.OutgoingRecord;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.JobID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever happens to the job, the elections end as those of a run that nothing happened to. */
class ElectionIT {

    private static final int REQUESTS = 20_000;
    private static final int SITES = 40;
    private static final int PARTITIONS = 4;
    private static final double PER_SECOND = 4_000;
    private static final Instant END = GeneratedRequests.END_OF_SEEDED;
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir private static Path folder;

    private static Stack stack;
    private static FlinkCluster flink;
    private static List<String> undisturbed;

    @BeforeAll
    static void runUndisturbed() throws Exception {
        stack = Stack.start(folder);
        flink = FlinkCluster.start(folder, 2);
        Run run = run("undisturbed");
        run.send(requests());
        undisturbed = finish(run, flink.run(run.options(), 2));
        assertThat(stack.query("select count(*) from undisturbed.top_site where left_at is null"))
                .containsExactly("12");
        assertThat(stack.query("select count(*) from undisturbed.top_site_election"))
                .containsExactly("12");
        assertThat(stack.query("select 1 from undisturbed.top_site where left_at is not null"))
                .isNotEmpty();
    }

    @AfterAll
    static void stop() throws Exception {
        flink.close();
        stack.close();
    }

    @Test
    void failuresBetweenAnElectionAndItsWriteChangeNothing() throws Exception {
        Run run = run("failing_write");
        failEverySecondWrite("failing_write");
        CompletableFuture<Void> sending = run.sendInBackground(requests(), PER_SECOND);
        JobID job = flink.run(run.options(), 2);
        sending.get();
        flink.awaitConsumed(stack, run.options());
        Awaitility.await("the job has failed at elections")
                .atMost(PATIENCE)
                .until(() -> flink.restarts(job) >= 2);
        stack.execute("drop trigger failing on failing_write.top_site_election");

        assertThat(finish(run, job)).isEqualTo(undisturbed);
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

        assertThat(finish(run, job)).isEqualTo(undisturbed);
    }

    @Test
    void parallelismChangesNothing() throws Exception {
        for (int parallelism : new int[] {1, 3}) {
            Run run = run("parallel_" + parallelism);
            run.send(requests());

            assertThat(finish(run, flink.run(run.options(), parallelism))).isEqualTo(undisturbed);
        }
    }

    @Test
    void aSecondJobWithoutStateKeepsTheHistory() throws Exception {
        Run run = run("again");
        run.send(requests());
        assertThat(finish(run, flink.run(run.options(), 2))).isEqualTo(undisturbed);

        JobOptions again = run.options("kafka.group-id", "again_from_the_beginning");
        JobID job = flink.run(again, 1);
        flink.awaitConsumed(stack, again);
        flink.drain(job);

        assertThat(rows("again")).isEqualTo(undisturbed);
    }

    @Test
    void aJobWithoutStateGoesOnWhereAnotherEnded() throws Exception {
        Run run = run("goes_on");
        CompletableFuture<Void> sending = run.sendInBackground(requests(), PER_SECOND);
        JobOptions crashes = run.options("kafka.group-id", "crashes");
        JobID job = flink.run(crashes, 2);
        Awaitility.await("some elections are held")
                .atMost(PATIENCE)
                .until(() -> count("goes_on.top_site_election") >= 3);
        flink.cancel(job);
        sending.get();

        assertThat(finish(run, flink.run(run.options(), 2))).isEqualTo(undisturbed);
    }

    @Test
    void aShorterListHoldsFromTheNextElectionOnWithoutARestart() throws Exception {
        Instant now = Instant.now().truncatedTo(ChronoUnit.MINUTES);
        Run run = new Run(stack, "live", 2, now.minus(Duration.ofHours(1)), now.plusSeconds(3600));
        elections("live", "2 min", "1 min", 1, 1000);
        JobOptions options =
                run.options(
                        "event-time.allowed-lateness", "1 s",
                        "event-time.max-ahead", "1 s",
                        "event-time.out-of-orderness", "1 s");
        run.send(Run.of(everySiteEveryMinute(now.minus(Duration.ofMinutes(9)), now)));
        JobID job = flink.run(options, 2);
        try {
            shortenTheList(now, run);
            assertThat(flink.restarts(job)).isZero();
        } finally {
            flink.cancel(job); // or it would keep its slots from the other tests
        }
    }

    private static void shortenTheList(Instant now, Run run) throws Exception {
        Awaitility.await("elections are held")
                .atMost(PATIENCE)
                .until(() -> count("live.top_site where left_at is null") == 20);
        Instant holdsFrom =
                Instant.ofEpochSecond(
                        Long.parseLong(
                                stack.query(
                                                "select extract(epoch from holds_from)::bigint from"
                                                        + " live.configure_election("
                                                        + "max_longterm_entries => 10)")
                                        .get(0)));
        long looks = looksAtTheSettings();
        Awaitility.await("the job has looked at the settings")
                .atMost(PATIENCE)
                .until(() -> looksAtTheSettings() >= looks + 1);

        run.send(
                Run.of(
                        everySiteEveryMinute(
                                now.plusSeconds(60), holdsFrom.plus(Duration.ofMinutes(4)))));

        Awaitility.await("the list is shorter")
                .atMost(PATIENCE)
                .until(() -> count("live.top_site where left_at is null") == 10);
        assertThat(
                        stack.query(
                                "select site_count || ' ' || version from live.top_site_election"
                                        + " where election = '"
                                        + holdsFrom
                                        + "'"))
                .containsExactly("10 2");
        assertThat(
                        stack.query(
                                "select distinct site_count || ' ' || version from"
                                        + " live.top_site_election where election < '"
                                        + holdsFrom
                                        + "'"))
                .containsExactly("20 1");
        assertThat(
                        stack.query(
                                "select site_id from live.top_site where left_at is null order by 1"))
                .containsExactly("1", "2", "3", "4", "5", "6", "7", "8", "9", "10");
    }

    /** All sites alike, so that the lower site_id stays. */
    private static List<OutgoingRecord> everySiteEveryMinute(Instant first, Instant last) {
        List<OutgoingRecord> records = new ArrayList<>();
        for (Instant time = first; !time.isAfter(last); time = time.plusSeconds(60)) {
            for (int site = 1; site <= 20; site++) {
                String event =
                        "{\"site_id\": %d, \"event_time\": \"%s\", \"status_code\": 200}"
                                .formatted(site, time);
                records.add(
                        new OutgoingRecord(
                                event.getBytes(StandardCharsets.UTF_8),
                                time.toEpochMilli(),
                                "test",
                                records.size() + 1));
            }
        }
        return records;
    }

    private static long looksAtTheSettings() throws Exception {
        return Long.parseLong(
                stack.query(
                                "select seq_scan from pg_stat_user_tables where schemaname = 'live'"
                                        + " and relname = 'top_site_config'")
                        .get(0));
    }

    private static long count(String from) throws Exception {
        return Long.parseLong(stack.query("select count(*) from " + from).get(0));
    }

    /** The database refuses the row that ends an election's transaction, so the job restarts. */
    private static void failEverySecondWrite(String schema) throws Exception {
        stack.execute("create sequence SCHEMA.writes".replace("SCHEMA", schema));
        stack.execute(
                """
                create function SCHEMA.fail() returns trigger language plpgsql as $$
                begin
                  if nextval('SCHEMA.writes') % 2 = 1 then
                    raise exception 'a failure made by the test';
                  end if;
                  return new;
                end
                $$
                """
                        .replace("SCHEMA", schema));
        stack.execute(
                "create trigger failing before insert on SCHEMA.top_site_election for each statement execute function SCHEMA.fail()"
                        .replace("SCHEMA", schema));
    }

    private static void awaitRead(JobOptions options, long records) {
        Awaitility.await("the job has read " + records + " records")
                .atMost(PATIENCE)
                .until(
                        () ->
                                stack.committedOffsets(options.kafka().groupId()).values().stream()
                                                .mapToLong(Long::longValue)
                                                .sum()
                                        >= records);
    }

    private static List<String> finish(Run run, JobID job) throws Exception {
        flink.awaitConsumed(stack, run.options());
        flink.drain(job);
        return rows(run.schema());
    }

    /** All cells of the list, the candidates and the elections but when these were written. */
    private static List<String> rows(String schema) throws Exception {
        List<String> rows = new ArrayList<>();
        rows.addAll(
                stack.query("select t::text from " + schema + ".top_site as t order by site_id"));
        rows.addAll(
                stack.query(
                        "select c::text from "
                                + schema
                                + ".top_site_candidate as c order by site_id, election"));
        rows.addAll(
                stack.query(
                        "select (to_jsonb(e) - 'held_at')::text from "
                                + schema
                                + ".top_site_election as e order by election"));
        return rows;
    }

    private static Run run(String name) throws Exception {
        Run run =
                new Run(
                        stack,
                        name,
                        PARTITIONS,
                        END.minus(Duration.ofHours(6)),
                        END.plus(Duration.ofHours(1)));
        elections(name, "30 min", "15 min", 20, 12);
        return run;
    }

    private static void elections(
            String schema, String window, String interval, int minHits, int maxEntries)
            throws Exception {
        stack.execute(
                "update %s.top_site_config set election_window = '%s', election_schedule_interval = '%s', min_hits_threshold = %d, max_longterm_entries = %d"
                        .formatted(schema, window, interval, minHits, maxEntries));
    }

    private static GeneratedRequests requests() {
        return new GeneratedRequests(REQUESTS, SITES, Duration.ofHours(3), 7, END);
    }
}
