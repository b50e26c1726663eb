package io.weir.exactness;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.JobOptions;
import io.weir.rig.FlinkCluster;
import io.weir.rig.Run;
import io.weir.rig.Stack;
import io.weir.tools.send.GeneratedRequests;
import io.weir.tools.send.OutgoingRecord;
import io.weir.traffic.Grain;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.apache.flink.api.common.JobID;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.common.config.ConfigResource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Requests of a time that the store no longer keeps, or does not keep yet. */
class OldRequestsIT {

    private static final Instant END = GeneratedRequests.END_OF_SEEDED;

    /** Minutes from here on are kept, and have partitions. */
    private static final Instant KEPT_FROM = END.minus(Duration.ofDays(6));

    private static Stack stack;
    private static FlinkCluster flink;

    @BeforeAll
    static void start(@TempDir Path folder) throws Exception {
        stack = Stack.start(folder);
        flink = FlinkCluster.start(folder, 1);
    }

    @AfterAll
    static void stop() throws Exception {
        flink.close();
        stack.close();
    }

    /** The topic keeps a month, the store minutes for a week. */
    @Test
    void aStartAtTheEarliestOfAMonthGoesOnAndLeavesNothingOutThatIsKept() throws Exception {
        Run run = runThatKeepsAWeekOfMinutes("month", 2);
        List<OutgoingRecord> records = new ArrayList<>();
        for (int day = 30; day >= 0; day--) {
            Instant time = END.minus(Duration.ofDays(day));
            records.add(request(time, time));
            records.add(request(time, time));
        }
        run.send(Run.of(records));

        JobID job = flink.run(run.options(), 1);
        flink.awaitConsumed(stack, run.options());
        flink.drain(job);

        assertThat(flink.restarts(job)).isZero();
        assertThat(rowsAndRequests("month.http_request_1min")).isEqualTo("7 14");
        assertThat(rowsAndRequests("month.http_request_1hour")).isEqualTo("31 62");
        assertThat(rowsAndRequests("month.http_request_1day")).isEqualTo("31 62");
        assertThat(intake("month", "month")).isEqualTo("62 62 0 0");
        assertAccountedFor("month");
    }

    /** Two jobs, the late one twice: of the oldest only what is kept, and the too old one whole. */
    @Test
    void aRequestThatComesAMonthLateFindsTheRowsThatAreKept() throws Exception {
        Run run = runThatKeepsAWeekOfMinutes("late", 1);
        run.send(
                Run.of(
                        List.of(
                                request(END, END),
                                request(END.minus(Duration.ofMinutes(12)), END),
                                request(END.minus(Duration.ofDays(1)), END),
                                request(END.minus(Duration.ofDays(29)), END),
                                request(END.minus(Duration.ofDays(31)), END))));
        JobID job = flink.run(run.options(), 1);
        flink.awaitConsumed(stack, run.options());
        flink.drain(job);
        assertThat(intake("late", "late")).isEqualTo("5 1 4 0");

        stack.createLetterTopics("late.late");
        for (String group : List.of("late_job", "late_job_again")) {
            JobOptions options = lateJob(run, group);
            job = flink.run(options, 1);
            flink.awaitConsumed(stack, options);
            flink.drain(job);

            assertThat(flink.restarts(job)).isZero();
            assertThat(rowsAndRequests("late.http_request_1min_late")).isEqualTo("2 2");
            assertThat(rowsAndRequests("late.http_request_1hour_late")).isEqualTo("3 3");
            assertThat(rowsAndRequests("late.http_request_1day_late")).isEqualTo("3 3");
            assertThat(
                            stack.query(
                                    "select sum(request_count) || ' ' || sum(late_count) from late."
                                            + Grain.HOUR.view()))
                    .containsExactly("4 3");
            assertThat(intake("late", "late.late")).isEqualTo("4 3 1 0");
        }
        assertThat(stack.records("late.late.late"))
                .hasSize(2)
                .allMatch(
                        letter ->
                                new String(letter.value(), StandardCharsets.UTF_8)
                                        .contains(END.minus(Duration.ofDays(31)).toString()));
        assertAccountedFor("late");
    }

    /** Both jobs run as conf has them, at the machine's time. */
    @Test
    void aLateRequestIsSeenWithinAMinute() throws Exception {
        Instant now = Instant.now();
        Run run = new Run(stack, "soon", 1, now.minus(Duration.ofDays(1)), now);
        stack.createLetterTopics("soon.late");
        JobID main = flink.run(asConfigured("weir.properties", "soon", "soon"), 1);
        JobID late = flink.run(asConfigured("weir-late.properties", "soon.late", "soon"), 1);

        Instant arrival = Instant.now();
        run.send(Run.of(List.of(request(now, now), request(now.minus(Duration.ofDays(1)), now))));

        for (Grain grain : Grain.values()) {
            Awaitility.await("the late request is in " + grain.view())
                    .atMost(Duration.between(Instant.now(), arrival.plusSeconds(60)))
                    .until(
                            () ->
                                    stack.query(
                                                    "select coalesce(sum(late_count), 0) from soon."
                                                            + grain.view())
                                            .equals(List.of("1")));
        }
        flink.cancel(main); // or they would keep the slots of other tests
        flink.cancel(late);
    }

    /** A sender's clock is wrong, and the topic takes it; those of the letters do not. */
    @Test
    void recordsFromAnotherCenturyStopNobody() throws Exception {
        Run run = runThatKeepsAWeekOfMinutes("century", 2);
        takeAnyTimestamp("century");
        Instant century = Instant.parse("2199-12-31T22:00:00Z");
        run.send(
                Run.of(
                        List.of(
                                request(END, END),
                                request(END, END),
                                request(century, century),
                                record("garbage", century),
                                request(END, END),
                                request(END, END),
                                request(century.minusSeconds(3_600), century))));
        JobID job = flink.run(run.options(), 1);
        flink.awaitConsumed(stack, run.options());
        Awaitility.await("the open minute's provisional row is written")
                .untilAsserted(
                        () ->
                                assertThat(rowsAndRequests("century.http_request_1min"))
                                        .isEqualTo("1 3"));
        flink.stop(job);

        assertThat(flink.restarts(job)).isZero();
        assertThat(intake("century", "century")).isEqualTo("7 4 2 1");
        assertAccountedFor("century");
    }

    private static Run runThatKeepsAWeekOfMinutes(String name, int partitions) throws Exception {
        Run run = new Run(stack, name, partitions, KEPT_FROM, END.plus(Duration.ofDays(1)));
        stack.execute(
                """
                update %s.retention_policy
                set keep = case when table_name like 'http_request_1min%%' then now() - timestamptz '%s' end
                """
                        .formatted(name, KEPT_FROM.minus(Duration.ofHours(1))));
        return run;
    }

    private static void takeAnyTimestamp(String topic) throws Exception {
        try (Admin admin = stack.admin()) {
            admin.incrementalAlterConfigs(
                            Map.of(
                                    new ConfigResource(ConfigResource.Type.TOPIC, topic),
                                    List.of(
                                            new AlterConfigOp(
                                                    new ConfigEntry(
                                                            "message.timestamp.after.max.ms",
                                                            Long.toString(Long.MAX_VALUE)),
                                                    AlterConfigOp.OpType.SET))))
                    .all()
                    .get();
        }
    }

    private static JobOptions lateJob(Run run, String group) {
        return run.options(
                "kafka.topic",
                run.topic() + ".late",
                "kafka.group-id",
                group,
                "event-time.allowed-lateness",
                "30 d",
                "deduplicate",
                "letter",
                "deduplicate.keep",
                "31 d",
                "store.tables",
                "late");
    }

    private static JobOptions asConfigured(String file, String topic, String schema)
            throws Exception {
        Properties properties = new Properties();
        try (Reader reader = Files.newBufferedReader(Path.of("../conf", file))) {
            properties.load(reader);
        }
        Map<String, String> settings = new HashMap<>();
        properties.forEach((key, value) -> settings.put((String) key, (String) value));
        settings.putAll(
                Map.of(
                        "kafka.bootstrap-servers",
                        stack.bootstrapServers(),
                        "kafka.topic",
                        topic,
                        "kafka.group-id",
                        topic,
                        "kafka.start-from",
                        "earliest",
                        "store.url",
                        stack.jdbcUrl(),
                        "store.user",
                        stack.databaseUser(),
                        "store.schema",
                        schema));
        return JobOptions.of(settings);
    }

    private static String rowsAndRequests(String table) throws Exception {
        return stack.query("select count(*) || ' ' || sum(request_count) from " + table).get(0);
    }

    /** Read, counted, late and rejected. */
    private static String intake(String schema, String topic) throws Exception {
        return stack.query(
                        """
                        select concat_ws(' ', sum(read_count), sum(counted_count), sum(late_count), sum(rejected_count))
                        from %s.intake_partition where topic = '%s'
                        """
                                .formatted(schema, topic))
                .get(0);
    }

    private static void assertAccountedFor(String schema) throws Exception {
        assertThat(
                        stack.query(
                                "select row(c.*)::text from %s.completeness as c where difference <> 0"
                                        .formatted(schema)))
                .isEmpty();
    }

    private static OutgoingRecord request(Instant eventTime, Instant sent) {
        return record(
                "{\"site_id\": 1, \"event_time\": \"%s\", \"status_code\": 200}"
                        .formatted(eventTime),
                sent);
    }

    private static OutgoingRecord record(String value, Instant sent) {
        return new OutgoingRecord(
                value.getBytes(StandardCharsets.UTF_8), sent.toEpochMilli(), "test", 1);
    }
}
