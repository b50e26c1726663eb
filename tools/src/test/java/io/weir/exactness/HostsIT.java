package io.weir.exactness;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.JobOptions;
import io.weir.rig.FlinkCluster;
import io.weir.rig.Run;
import io.weir.rig.Stack;
import io.weir.rig.Typed;
import io.weir.tools.send.GeneratedRequests;
import io.weir.tools.send.OutgoingRecord;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.JobID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Events that name their host instead of their site, from Kafka to the rows. */
class HostsIT {

    private static final Instant END = GeneratedRequests.END_OF_SEEDED;

    /** From here on the shop's second host is known. */
    private static final Instant OPENING = END.minusSeconds(30);

    private static final String ROWS =
            "select site_id || ' ' || request_count from hosts.http_request_1min order by site_id";

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

    @Test
    void aHostsRequestsAreItsSitesNowInAReplayAndInARecount(@TempDir Path folder) throws Exception {
        Run run = new Run(stack, "hosts", 1, END.minus(Duration.ofHours(1)), END.plusSeconds(3600));
        stack.execute("update hosts.retention_policy set keep = null"); // or nothing is recounted
        site("add", "5", "shop.example", "--from", "ever");
        site("add-host", "5", "www.shop.example", "--from", OPENING.toString());
        run.send(
                Run.of(
                        List.of(
                                event("\"host\": \"shop.example\"", 60),
                                event("\"host\": \"www.shop.example\"", 31),
                                event("\"host\": \"WWW.Shop.example.:443\"", 30),
                                event("\"site_id\": 0, \"host\": \"shop.example\"", 20),
                                event("\"host\": \"other.example\"", 10))));
        JobID job = flink.run(run.options(), 1);
        awaitIntake("5 3 0 2");

        site("add-host", "9", "other.example", "--from", Instant.now().toString());
        assertThat(
                        Typed.atKafka(stack.bootstrapServers())
                                .weir(
                                        "dead-letters",
                                        "replay",
                                        "--topic",
                                        "hosts",
                                        "--reason",
                                        "unknown_host",
                                        "--yes"))
                .isZero();
        awaitIntake("7 5 0 2");
        run.send(Run.of(List.of(record("the last one", 0))));
        awaitIntake("8 5 0 3");
        flink.drain(job);
        assertThat(stack.query(ROWS)).containsExactly("0 1", "5 3", "9 1");

        JobOptions again = run.options("kafka.group-id", "hosts_again");
        job = flink.run(again, 1);
        Awaitility.await("three letters of each job, and the marks of two replays")
                .atMost(Duration.ofSeconds(60))
                .until(() -> stack.records("hosts.rejected").size() == 8);
        flink.drain(job);
        assertThat(stack.query(ROWS)).containsExactly("0 1", "5 3", "9 1");
        assertThat(stack.query("select difference from hosts.completeness where difference <> 0"))
                .isEmpty();

        Typed reader = Typed.at(stack.jdbcUrl(), stack.databaseUser());
        assertThat(recount(reader, run, folder)).as(reader.out() + reader.err()).isZero();
    }

    private static int recount(Typed reader, Run run, Path folder) throws Exception {
        Path configuration =
                Files.writeString(
                        folder.resolve("weir.properties"),
                        """
                        kafka.bootstrap-servers = %s
                        kafka.topic = %s
                        event-time.max-age = off
                        store.url = %s
                        store.user = %s
                        store.schema = %s
                        """
                                .formatted(
                                        stack.bootstrapServers(),
                                        run.topic(),
                                        stack.jdbcUrl(),
                                        stack.databaseUser(),
                                        run.schema()));
        return reader.weir(
                "recount",
                "--config",
                configuration.toString(),
                "--from",
                END.minus(Duration.ofMinutes(1)).toString(),
                "--to",
                END.plus(Duration.ofMinutes(1)).toString());
    }

    private static void site(String... arguments) {
        Typed owner = Typed.at(stack.jdbcUrl(), stack.databaseUser());
        List<String> all = new ArrayList<>(List.of("site"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--schema", "hosts"));
        assertThat(owner.weir(all)).as(owner.err()).isZero();
    }

    /** Read, counted, late and rejected. */
    private static void awaitIntake(String expected) {
        Awaitility.await("read, counted, late and rejected are " + expected)
                .atMost(Duration.ofSeconds(60))
                .untilAsserted(
                        () ->
                                assertThat(
                                                stack.query(
                                                        "select concat_ws(' ', sum(read_count), sum(counted_count),"
                                                                + " sum(late_count), sum(rejected_count)) from"
                                                                + " hosts.intake_partition"))
                                        .containsExactly(expected));
    }

    private static OutgoingRecord event(String who, int secondsBefore) {
        return record(
                "{%s, \"event_time\": \"%s\", \"status_code\": 200}"
                        .formatted(who, END.minusSeconds(60)),
                secondsBefore);
    }

    /** Sent so many seconds before the end. */
    private static OutgoingRecord record(String value, int secondsBefore) {
        return new OutgoingRecord(
                value.getBytes(StandardCharsets.UTF_8),
                END.minusSeconds(secondsBefore).toEpochMilli(),
                "test",
                1);
    }
}
