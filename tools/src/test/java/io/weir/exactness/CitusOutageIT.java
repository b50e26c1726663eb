package io.weir.exactness;

import static io.weir.exactness.DisturbedRuns.PATIENCE;
import static io.weir.exactness.DisturbedRuns.REQUESTS;
import static io.weir.exactness.DisturbedRuns.requests;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.weir.rig.FlinkCluster;
import io.weir.rig.Run;
import io.weir.rig.Stack;
import io.weir.testing.EmbeddedCitus;
import io.weir.traffic.Grain;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.JobID;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

/**
 * A worker of the Citus cluster dies while the job writes, and comes back.
 *
 * <p>The cluster is one of this machine, never of containers: these tests stop its servers.
 */
class CitusOutageIT {

    @TempDir private static Path folder;

    private static EmbeddedCitus citus;
    private static Stack stack;
    private static FlinkCluster flink;
    private static DisturbedRuns runs;
    private static Map<Grain, List<String>> undisturbed;

    @BeforeAll
    static void runUndisturbed() throws Exception {
        Optional<String> missing = EmbeddedCitus.missing();
        missing.ifPresent(
                reason ->
                        LoggerFactory.getLogger(CitusOutageIT.class)
                                .warn("SKIPPED, NOT TESTED ON CITUS: {}", reason));
        assumeTrue(missing.isEmpty(), missing::toString);

        citus = EmbeddedCitus.start(folder.resolve("citus"));
        stack = Stack.start(folder);
        stack.useDatabase(citus.jdbcUrl());
        flink = FlinkCluster.start(folder, 2);
        runs = new DisturbedRuns(stack, flink);
        Run run = runs.run("undisturbed");
        run.send(requests());
        JobID job = flink.run(run.options(), 2);
        undisturbed = finish(run, job);
        assertThat(undisturbed.get(Grain.MINUTE)).hasSizeGreaterThan(1_000);
    }

    @AfterAll
    static void stop() throws Exception {
        if (flink != null) {
            flink.close();
        }
        if (stack != null) {
            stack.close();
        }
        if (citus != null) {
            citus.close();
        }
    }

    @Test
    void aWorkerThatIsAwayWhileRequestsFlowCostsNoTaskAndNoRow() throws Exception {
        Run run = runs.run("away");
        CompletableFuture<Void> sending = DisturbedRuns.sendSlowly(run);
        JobID job = flink.run(run.options(), 2);
        runs.awaitRows(run);
        citus.stopWorker(1);
        long before = sent(run);
        awaitSent(run, before + REQUESTS / 4);
        citus.startWorker(1);
        sending.get();

        Map<Grain, List<String>> rows = finish(run, job);
        assertThat(flink.restarts(job)).isZero();
        assertThat(rows).isEqualTo(undisturbed);
    }

    @Test
    void workersThatDieByTurnsWhileRequestsFlowCostNoRow() throws Exception {
        Run run = runs.run("by_turns");
        CompletableFuture<Void> sending = DisturbedRuns.sendSlowly(run);
        JobID job = flink.run(run.options(), 2);
        runs.awaitRows(run);
        for (int kill = 0; !sending.isDone(); kill++) {
            int worker = 1 + kill % 2;
            citus.stopWorker(worker);
            citus.startWorker(worker);
            long before = sent(run);
            awaitSent(run, Math.min(REQUESTS, before + REQUESTS / 20));
        }
        sending.get();

        assertThat(finish(run, job)).isEqualTo(undisturbed);
    }

    @Test
    void aWorkerThatIsAwayForLongerThanTheLimitRestartsTheJob() throws Exception {
        Run run = runs.run("long_away");
        CompletableFuture<Void> sending = DisturbedRuns.sendSlowly(run);
        JobID job = flink.run(run.options("store.retry-limit", "1 s"), 2);
        runs.awaitRows(run);
        citus.stopWorker(2);
        runs.awaitRestart(job);
        citus.startWorker(2);
        sending.get();

        assertThat(finish(run, job)).isEqualTo(undisturbed);
    }

    private static long sent(Run run) throws Exception {
        return stack.endOffsets(run.topic()).values().stream().mapToLong(Long::longValue).sum();
    }

    private static void awaitSent(Run run, long records) {
        Awaitility.await(records + " requests are sent")
                .atMost(PATIENCE)
                .until(() -> sent(run) >= records);
    }

    private static Map<Grain, List<String>> finish(Run run, JobID job) throws Exception {
        runs.finish(run, job);
        // What a worker had prepared when it died is seen when it is recovered.
        Awaitility.await("nothing is prepared any more")
                .atMost(PATIENCE)
                .until(
                        () ->
                                stack.query(
                                                "select success || ' ' || result from"
                                                        + " run_command_on_workers('select count(*)"
                                                        + " from pg_prepared_xacts')")
                                        .equals(List.of("true 0", "true 0")));
        return stack.rows(run.schema());
    }
}
