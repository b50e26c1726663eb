package io.weir.benchmarks.contestants;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * A Flink in this process, configured alike for every contestant, and the time that a job takes.
 */
final class FlinkRun {

    private static final long LOOK_NANOS = Duration.ofMillis(1).toNanos();

    private FlinkRun() {}

    /** For one job; the source of the requests is to be named {@code requests}. */
    static StreamExecutionEnvironment environment(Assignment assignment) {
        RecordsRead.clear();
        Path directory = Path.of(assignment.directory());
        Configuration configuration =
                new Configuration()
                        .set(RestOptions.BIND_PORT, "0")
                        .set(CoreOptions.TMP_DIRS, assignment.directory())
                        .set(PipelineOptions.OBJECT_REUSE, true)
                        .set(StateBackendOptions.STATE_BACKEND, assignment.stateBackend())
                        .set(
                                CheckpointingOptions.CHECKPOINTING_INTERVAL,
                                Duration.ofMillis(assignment.checkpointMillis()))
                        .set(
                                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                                directory.resolve("checkpoints").toUri().toString())
                        .set(RestartStrategyOptions.RESTART_STRATEGY, "none");
        configuration.setString("metrics.reporters", "bench");
        configuration.setString(
                "metrics.reporter.bench.factory.class", RecordsRead.class.getName());
        return StreamExecutionEnvironment.createLocalEnvironment(
                assignment.parallelism(), configuration);
    }

    /** Waits for a job that ends by itself. */
    static Stopwatch untilEnd(JobClient job) throws InterruptedException, ExecutionException {
        CompletableFuture<?> end = job.getJobExecutionResult();
        await(() -> RecordsRead.sum() > 0, end);
        Stopwatch watch = new Stopwatch();
        end.get();
        watch.stop();
        return watch;
    }

    /** Ends a job that has read so many records, so that all its windows close. */
    static Stopwatch untilDrained(JobClient job, Assignment assignment)
            throws InterruptedException, ExecutionException {
        CompletableFuture<?> end = job.getJobExecutionResult();
        await(() -> RecordsRead.sum() > 0, end);
        Stopwatch watch = new Stopwatch();
        await(() -> RecordsRead.sum() == assignment.records(), end);
        String savepoints =
                Path.of(assignment.directory()).resolve("savepoints").toUri().toString();
        job.stopWithSavepoint(true, savepoints, SavepointFormatType.NATIVE).get();
        end.get();
        watch.stop();
        return watch;
    }

    private static void await(BooleanSupplier condition, CompletableFuture<?> end) {
        while (!condition.getAsBoolean() && !end.isDone()) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }
}
