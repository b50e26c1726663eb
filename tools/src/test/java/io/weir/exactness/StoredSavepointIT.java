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
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.JobID;
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

    /** Of later measures it counted nothing, in buckets that were open then. */
    private static final List<Measure> KNOWN_TO_0_1_0 = Measure.ALL.subList(0, 11);

    private static final int REQUESTS = 2_000;
    private static final int PARTITIONS = 2;
    private static final Instant END = GeneratedRequests.END_OF_SEEDED.plusSeconds(600);

    @Test
    void isRestoredByTodaysCode(@TempDir Path folder) throws Exception {
        try (Stack stack = Stack.start(folder);
                FlinkCluster flink = FlinkCluster.start(folder, 1)) {
            Run undisturbed = run(stack, "undisturbed");
            undisturbed.send(Run.of(records(0, REQUESTS)));
            finish(stack, flink, undisturbed, flink.run(undisturbed.options(), 2));

            Run stored = run(stack, "stored");
            stored.send(Run.of(records(0, REQUESTS / 2)));
            takeTodays(stack, flink, stored);
            stored.send(Run.of(records(REQUESTS / 2, REQUESTS)));
            stack.createSchema("stored_anew", END.minus(Duration.ofHours(2)), END);
            JobOptions options = stored.options("store.schema", "stored_anew");
            JobID job =
                    flink.run(
                            options,
                            2,
                            STORED.toAbsolutePath().toUri().toString(),
                            restored -> restored);
            finish(stack, flink, stored, job);

            for (Grain grain : List.of(Grain.HOUR, Grain.DAY)) {
                assertThat(stack.rows("stored_anew", grain, KNOWN_TO_0_1_0))
                        .isEqualTo(stack.rows("undisturbed", grain, KNOWN_TO_0_1_0))
                        .isNotEmpty();
            }
            assertThat(stack.rows("undisturbed", Grain.MINUTE, KNOWN_TO_0_1_0))
                    .containsAll(stack.rows("stored_anew", Grain.MINUTE, KNOWN_TO_0_1_0));
            // what it held of minutes before the savepoint was taken is not known to elections
            assertThat(stack.query("select election from undisturbed.top_site_election"))
                    .isNotEmpty();
            assertThat(stack.query("select election from stored_anew.top_site_election")).isEmpty();
            assertThat(stack.query("select site_id from stored_anew.top_site_candidate")).isEmpty();
        }
    }

    private static void takeTodays(Stack stack, FlinkCluster flink, Run run) throws Exception {
        JobID job = flink.run(run.options(), 1);
        flink.awaitConsumed(stack, run.options());
        Path savepoint = Path.of(java.net.URI.create(flink.stop(job)));
        Files.createDirectories(TODAY);
        try (var files = Files.list(savepoint)) {
            for (Path file : files.toList()) {
                Files.copy(
                        file,
                        TODAY.resolve(file.getFileName()),
                        java.nio.file.StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    private static void finish(Stack stack, FlinkCluster flink, Run run, JobID job)
            throws Exception {
        flink.awaitConsumed(stack, run.options());
        flink.drain(job);
    }

    private static Run run(Stack stack, String name) throws Exception {
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
