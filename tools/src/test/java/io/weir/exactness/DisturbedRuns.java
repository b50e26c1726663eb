package io.weir.exactness;

import io.weir.rig.FlinkCluster;
import io.weir.rig.Run;
import io.weir.rig.Stack;
import io.weir.tools.send.GeneratedRequests;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.JobID;
import org.awaitility.Awaitility;

/** Runs of the job over the same requests, while something goes away. */
record DisturbedRuns(Stack stack, FlinkCluster flink) {

    static final int REQUESTS = 20_000;
    static final int PARTITIONS = 2;
    static final Instant END = GeneratedRequests.END_OF_SEEDED;
    static final Duration PATIENCE = Duration.ofMinutes(2);

    private static final double PER_SECOND = 2_000;

    Run run(String name) throws Exception {
        return new Run(
                stack,
                name,
                PARTITIONS,
                END.minus(Duration.ofHours(6)),
                END.plus(Duration.ofHours(1)));
    }

    static GeneratedRequests requests() {
        return new GeneratedRequests(REQUESTS, 40, Duration.ofHours(3), 7, END);
    }

    static CompletableFuture<Void> sendSlowly(Run run) {
        return run.sendInBackground(requests(), PER_SECOND);
    }

    void awaitRows(Run run) {
        String query = "select 1 from " + run.schema() + ".http_request_1min limit 1";
        Awaitility.await("rows arrive").atMost(PATIENCE).until(() -> !stack.query(query).isEmpty());
    }

    void awaitRestart(JobID job) {
        Awaitility.await("the job has restarted")
                .atMost(PATIENCE)
                .until(() -> flink.restarts(job) > 0);
    }

    /** Until all is counted and written. */
    void finish(Run run, JobID job) throws Exception {
        flink.awaitConsumed(stack, run.options());
        flink.drain(job);
    }
}
