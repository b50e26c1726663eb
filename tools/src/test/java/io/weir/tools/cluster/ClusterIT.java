package io.weir.tools.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.TrafficJob;
import io.weir.rig.Run;
import io.weir.rig.Stack;
import io.weir.rig.Typed;
import io.weir.tools.cluster.JobRecord.Next;
import io.weir.tools.connect.FlinkRest;
import io.weir.tools.send.OutgoingRecord;
import java.io.IOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The commands on Flink's own processes, while requests flow: every one is counted once. */
@Timeout(900)
class ClusterIT {

    private static final Instant START = Instant.parse("2026-01-15T10:00:00Z");
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final int SITES = 3;
    private static final int REQUESTS = 120;
    private static final int BYTES = 100;

    @TempDir private Path folder;

    private final Typed typed = Typed.alone();
    private ClusterFolder cluster = new ClusterFolder(Path.of(""));
    private Stack stack;
    private Run run;

    /** Of each site, by minute. */
    private final List<Integer> sent = new ArrayList<>();

    @BeforeEach
    void aTopicAndASchema() throws Exception {
        cluster = new ClusterFolder(folder.resolve("cluster"));
        stack = Stack.start(folder);
        run = new Run(stack, "cluster", 1, START, START);
    }

    @AfterEach
    void nothingStays() throws Exception {
        new LocalCluster(cluster).stop(line -> {});
        stack.close();
    }

    @Test
    void countsEveryRequestOnceThroughALifeOfAJob() throws Exception {
        Path jar = builtJar();
        Path newer =
                changed(
                        jar,
                        "newer.jar",
                        content -> Files.writeString(content.getPath("META-INF/newer"), "nothing"));
        Path broken =
                changed(
                        jar,
                        "broken.jar",
                        content ->
                                Files.delete(content.getPath("io/weir/store/StoreWriter.class")));
        String port = Integer.toString(FlinkSettings.freePort());

        assertThat(weir("start --taskmanagers 2 --slots 1 --flink-conf ../conf --rest-port", port))
                .as(typed.err())
                .isZero();
        assertThat(weir("start")).isZero();
        assertThat(typed.out()).contains("runs already at http://127.0.0.1:" + port);

        assertThat(weir("submit --config", configuration(), "--jar", jar)).as(typed.err()).isZero();
        send();
        awaitRows();
        assertThat(weir("submit")).isEqualTo(1);
        assertThat(typed.err()).contains("weir traffic runs already");

        killATaskManager();
        awaitTheJobOnTheLastSlot();
        assertThat(weir("upgrade --blue-green --jar", newer)).isEqualTo(1);
        assertThat(typed.err())
                .contains(
                        "newer.jar (%s) needs 1 slot beside the job that runs, free: 0"
                                .formatted(digits(newer)),
                        "'weir cluster start --taskmanagers N'");
        send();
        awaitRows();
        assertThat(weir("status")).isEqualTo(1);
        assertThat(typed.out()).contains("dead: 'weir cluster start' brings it back");
        assertThat(weir("start")).isZero();
        assertThat(weir("status")).as(typed.out()).isZero();

        takesOverWhileRequestsFlow(newer, broken);

        assertThat(weir("upgrade --jar", newer)).as(typed.err()).isZero();
        send();
        awaitRows();
        assertThat(weir("upgrade --jar", newer)).isZero();
        assertThat(typed.out()).contains(" runs newer.jar (%s) already".formatted(digits(newer)));

        assertThat(weir("upgrade --limit 20s --jar", broken)).isEqualTo(1);
        assertThat(typed.err())
                .contains(
                        "broken.jar (%s) did not run, so newer.jar (%s) runs again"
                                .formatted(digits(broken), digits(newer)),
                        "StoreWriter");
        send();
        awaitRows();

        assertThat(weir("rollback")).as(typed.err()).isZero();
        send();
        awaitRows();
        assertThat(weir("rollback")).isEqualTo(1);
        assertThat(typed.err()).contains("nothing to go back to");

        goesOnAfterAnUpgradeWasKilled(newer);
        send();
        awaitRows();

        assertThat(weir("stop")).as(typed.err()).isZero();
        assertThat(new LocalCluster(cluster).processes()).isEmpty();
        assertThat(weir("stop")).isEqualTo(1);
        assertThat(typed.err()).contains("no cluster was started in " + cluster.root());
        assertThat(rows("1hour", "2026-01-15 10:00:00+00")).isEqualTo(expectedSums());
        assertThat(rows("1day", "2026-01-15 00:00:00+00")).isEqualTo(expectedSums());
    }

    /** There and back, with one that never catches up: readers see none of it. */
    private void takesOverWhileRequestsFlow(Path newer, Path broken) throws Exception {
        FlowingRequests flowing =
                new FlowingRequests(
                        stack, run.topic(), START.plusSeconds(60L * sent.size()), SITES, BYTES);
        plan(newer, true); // as when the command ends before it has done anything
        assertThat(weir("status")).isEqualTo(1);
        assertThat(typed.out())
                .contains(
                        "an upgrade by blue/green to newer.jar (%s) of weir traffic was interrupted"
                                .formatted(digits(newer)));
        assertThat(weir("upgrade --blue-green --jar", newer)).as(typed.err()).isZero();
        assertThat(typed.out())
                .contains("going on with it", "which goes on", "it has caught up after");
        assertThat(weir("upgrade --blue-green --jar", newer)).isZero();
        assertThat(typed.out()).contains(" runs newer.jar (%s) already".formatted(digits(newer)));

        assertThat(weir("upgrade --blue-green --limit 15s --jar", broken)).isEqualTo(1);
        assertThat(typed.err())
                .contains(
                        "broken.jar (%s) did not take over and was ended, newer.jar (%s) was not touched"
                                .formatted(digits(broken), digits(newer)));

        assertThat(weir("rollback --blue-green")).as(typed.err()).isZero();
        assertThat(weir("rollback --blue-green")).isEqualTo(1);
        assertThat(typed.err()).contains("nothing to go back to");
        flowing.stop();

        for (int left = flowing.ticks(); left > 0; left -= FlowingRequests.TICKS_OF_MINUTE) {
            sent.add(Math.min(left, FlowingRequests.TICKS_OF_MINUTE));
        }
        awaitRows();
        assertThat(flowing.fallen()).isEmpty();
        assertThat(flowing.stalest()).isLessThan(Duration.ofSeconds(5));
        assertThat(flowing.looks()).isGreaterThan(30);
        for (String letters : List.of(run.topic() + ".rejected", run.topic() + ".late")) {
            // both jobs have written what came meanwhile
            assertThat(stack.records(letters)).hasSizeGreaterThan(flowing.letters());
            assertThat(flowing.read(letters)).hasSize(flowing.letters()).doesNotHaveDuplicates();
        }
    }

    /** As the command writes it down before it does anything. */
    private void plan(Path jar, boolean isBlueGreen) throws IOException {
        JobRecords records = new JobRecords(cluster);
        JobRecord record = records.find(TrafficJob.NAME).orElseThrow();
        Release release =
                new Release(records.keep(jar), record.current().release().settings(), null);
        records.write(
                record.withNext(new Next(false, isBlueGreen, release, null, FlinkJobs.newId())));
    }

    /** As when the command ends between stopping the old job and starting the new one. */
    private void goesOnAfterAnUpgradeWasKilled(Path newer) throws Exception {
        assertThat(weir("stop --job")).as(typed.err()).isZero();
        send();
        plan(newer, false);
        assertThat(weir("status")).isEqualTo(1);
        assertThat(typed.out())
                .contains(
                        "an upgrade to newer.jar (%s) of weir traffic was interrupted"
                                .formatted(digits(newer)));
        assertThat(weir("submit")).isEqualTo(1);
        assertThat(typed.err()).contains("'weir cluster upgrade' with the same jar goes on");
        assertThat(weir("upgrade --jar", newer)).as(typed.err()).isZero();
        awaitRows();
    }

    private int weir(String words, Object... more) {
        List<String> arguments = new ArrayList<>(List.of("cluster"));
        arguments.addAll(List.of(words.split(" ", -1)));
        Stream.of(more).forEach(argument -> arguments.add(argument.toString()));
        arguments.addAll(List.of("--folder", cluster.root().toString()));
        typed.forget();
        return typed.weir(arguments);
    }

    /** A job that began without state would lack what was sent while none ran. */
    private Path configuration() throws IOException {
        Map<String, String> settings = new HashMap<>(run.settings());
        settings.put("kafka.start-from", "latest");
        return Files.write(
                folder.resolve("weir.properties"),
                settings.entrySet().stream()
                        .map(setting -> setting.getKey() + " = " + setting.getValue())
                        .toList());
    }

    private static Path builtJar() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("../jobs/target"))) {
            return files.filter(file -> file.getFileName().toString().matches("weir-jobs-.*\\.jar"))
                    .findFirst()
                    .orElseThrow();
        }
    }

    private Path changed(Path jar, String name, Change change) throws IOException {
        Path copy = Files.copy(jar, folder.resolve(name));
        try (FileSystem content = FileSystems.newFileSystem(copy)) {
            change.in(content);
        }
        return copy;
    }

    /** By which a jar is told from another of its name: the first of SHA-256. */
    private static String digits(Path jar) throws Exception {
        byte[] hash = MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(jar));
        return HexFormat.of().formatHex(hash).substring(0, 7);
    }

    /** What differs in a jar. */
    private interface Change {
        void in(FileSystem content) throws IOException;
    }

    /** One that has tasks: the job has one slot of the two. */
    private void killATaskManager() throws Exception {
        String busy = busyTaskManager();
        FlinkProcess process =
                new LocalCluster(cluster)
                        .processes().stream()
                                .filter(each -> each.id().equals(busy))
                                .findFirst()
                                .orElseThrow();
        assertThat(ProcessHandle.of(process.pid()).orElseThrow().destroyForcibly()).isTrue();
        await().atMost(PATIENCE).until(() -> !process.isAlive());
    }

    /** Flink takes a moment to see that a TaskManager is gone. */
    private void awaitTheJobOnTheLastSlot() throws Exception {
        FlinkJobs jobs = new FlinkJobs(new FlinkRest(new LocalCluster(cluster).address()));
        await().atMost(PATIENCE).until(() -> jobs.freeSlots() == 0);
    }

    private String busyTaskManager() throws Exception {
        var managers =
                new FlinkRest(new LocalCluster(cluster).address())
                        .get("/taskmanagers")
                        .path("taskmanagers");
        for (var manager : managers) {
            if (manager.path("freeSlots").asInt() == 0) {
                return manager.path("id").asText();
            }
        }
        throw new AssertionError("no TaskManager has a task: " + managers);
    }

    /** A minute of requests, the same number to each site. */
    private void send() throws Exception {
        List<OutgoingRecord> records = new ArrayList<>();
        for (int i = 0; i < REQUESTS; i++) {
            Instant time = START.plusSeconds(60L * sent.size()).plusMillis(500L * i);
            String request =
                    """
                    {"site_id": %d, "event_time": "%s", "status_code": 200, "bytes_sent": %d}"""
                            .formatted(1 + i % SITES, time, BYTES);
            records.add(
                    new OutgoingRecord(
                            request.getBytes(UTF_8), time.toEpochMilli(), "test", i + 1));
        }
        run.send(Run.of(records));
        sent.add(REQUESTS / SITES);
    }

    /** Waits for the rows of all minutes, and no other ones. */
    private void awaitRows() {
        List<String> expected = new ArrayList<>();
        for (int site = 1; site <= SITES; site++) {
            for (int minute = 0; minute < sent.size(); minute++) {
                int requests = sent.get(minute);
                expected.add(
                        "%d 10:%02d %d %d".formatted(site, minute, requests, requests * BYTES));
            }
        }
        await().atMost(PATIENCE)
                .untilAsserted(
                        () ->
                                assertThat(
                                                stack.query(
                                                        """
                                                        select format('%s %s %s %s', site_id,
                                                            to_char(bucket at time zone 'UTC', 'HH24:MI'),
                                                            request_count, bytes_sum)
                                                        from cluster.http_request_1min
                                                        order by site_id, bucket"""))
                                        .isEqualTo(expected));
    }

    private List<String> rows(String grain, String bucket) throws Exception {
        return stack.query(
                """
                select format('%%s %%s %%s', site_id, request_count, bytes_sum)
                from cluster.http_request_%s where bucket = '%s' order by site_id"""
                        .formatted(grain, bucket));
    }

    private List<String> expectedSums() {
        int requests = sent.stream().mapToInt(count -> count).sum();
        return Stream.iterate(1, site -> site + 1)
                .limit(SITES)
                .map(site -> "%d %d %d".formatted(site, requests, requests * BYTES))
                .collect(Collectors.toList());
    }
}
