package io.weir.exactness;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.JobOptions;
import io.weir.rig.FlinkCluster;
import io.weir.rig.Run;
import io.weir.rig.Stack;
import io.weir.tools.send.GeneratedRequests;
import io.weir.tools.send.OutgoingRecord;
import io.weir.traffic.Grain;
import io.weir.traffic.Measure;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.JobID;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A savepoint that an earlier version took is restored by today's code, which then ends with the
 * rows of a run that never stopped.
 *
 * <p>The stored savepoint was taken after the first half of the records. Every run takes today's
 * too and leaves it in {@code target/savepoint-today}; at a release it is copied beside the stored
 * ones.
 */
class StoredSavepointIT {

    private static final Path STORED = Path.of("src/test/resources/savepoint-0.1.0");
    private static final Path TODAY = Path.of("target/savepoint-today");
    private static final Path LISTED = Path.of("../docs/state.txt");
    private static final Path STATE_TODAY = Path.of("target/state.txt");

    /** Of later measures it counted nothing, in buckets that were open then. */
    private static final List<Measure> KNOWN_TO_0_1_0 = Measure.ALL.subList(0, 11);

    private static final int REQUESTS = 2_000;
    private static final int PARTITIONS = 2;
    private static final Instant END = GeneratedRequests.END_OF_SEEDED.plusSeconds(600);

    @TempDir private static Path folder;
    private static Stack stack;
    private static FlinkCluster flink;

    @BeforeAll
    static void start() throws Exception {
        stack = Stack.start(folder);
        flink = FlinkCluster.start(folder, 1);
    }

    @AfterAll
    static void stop() throws Exception {
        flink.close();
        stack.close();
    }

    @Test
    void isRestoredByTodaysCode() throws Exception {
        Run undisturbed = run("undisturbed");
        undisturbed.send(Run.of(records(0, REQUESTS)));
        finish(undisturbed, flink.run(undisturbed.options(), 2));

        Run stored = run("stored");
        stored.send(Run.of(records(0, REQUESTS / 2)));
        keep(takeSavepoint(stored.options()));
        stored.send(Run.of(records(REQUESTS / 2, REQUESTS)));
        stack.createSchema("stored_anew", END.minus(Duration.ofHours(2)), END);
        JobOptions options = stored.options("store.schema", "stored_anew");
        JobID job =
                flink.run(
                        options,
                        2,
                        STORED.toAbsolutePath().toUri().toString(),
                        restored -> restored);
        finish(stored, job);

        for (Grain grain : List.of(Grain.HOUR, Grain.DAY)) {
            assertThat(stack.rows("stored_anew", grain, KNOWN_TO_0_1_0))
                    .isEqualTo(stack.rows("undisturbed", grain, KNOWN_TO_0_1_0))
                    .isNotEmpty();
        }
        assertThat(stack.rows("undisturbed", Grain.MINUTE, KNOWN_TO_0_1_0))
                .containsAll(stack.rows("stored_anew", Grain.MINUTE, KNOWN_TO_0_1_0));
        // what it held of minutes before the savepoint was taken is not known to elections
        assertThat(stack.query("select election from undisturbed.top_site_election")).isNotEmpty();
        assertThat(stack.query("select election from stored_anew.top_site_election")).isEmpty();
        assertThat(stack.query("select site_id from stored_anew.top_site_candidate")).isEmpty();
    }

    /** A changed or lost state is no surprise of an upgrade: it is listed, and so is what to do. */
    @Test
    void holdsTheStateThatIsListed() throws Exception {
        StateContract today = new StateContract();
        Run run = run("listed");
        run.send(Run.of(records(0, REQUESTS / 2)));
        for (String deduplicate : List.of("none", "request-id")) {
            today.add(takeSavepoint(run.options("deduplicate", deduplicate)));
        }
        Files.write(STATE_TODAY, today.lines());

        assertThat(today.lines())
                .as(
                        """
                        a savepoint holds other state than docs/%s lists. An upgrade drops what is \
                        renamed or gone, and Flink migrates or refuses what has other serializers: \
                        CONTRIBUTING.md, "To change a state type" and "To change a uid". Once the \
                        change is meant, say in CHANGELOG.md what an upgrade does with the old \
                        state, and copy tools/%s there"""
                                .formatted(LISTED.getFileName(), STATE_TODAY))
                .isEqualTo(
                        Files.readAllLines(LISTED).stream()
                                .filter(line -> !line.startsWith("#"))
                                .toList());
    }

    private static Path takeSavepoint(JobOptions options) throws Exception {
        JobID job = flink.run(options, 1);
        flink.awaitConsumed(stack, options);
        return Path.of(URI.create(flink.stop(job)));
    }

    private static void keep(Path savepoint) throws Exception {
        Files.createDirectories(TODAY);
        try (var files = Files.list(savepoint)) {
            for (Path file : files.toList()) {
                Files.copy(
                        file,
                        TODAY.resolve(file.getFileName()),
                        StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private static void finish(Run run, JobID job) throws Exception {
        flink.awaitConsumed(stack, run.options());
        flink.drain(job);
    }

    private static Run run(String name) throws Exception {
        return new Run(stack, name, PARTITIONS, END.minus(Duration.ofHours(2)), END);
    }

    private static List<OutgoingRecord> records(int from, int to) {
        List<OutgoingRecord> records = new ArrayList<>();
        new GeneratedRequests(REQUESTS, 5, Duration.ofMinutes(10), 7, END)
                .iterator()
                .forEachRemaining(records::add);
        return records.subList(from, to);
    }
}
