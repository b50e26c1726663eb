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
import org.apache.flink.runtime.checkpoint.CheckpointException;
import org.apache.flink.runtime.checkpoint.CheckpointFailureReason;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.ExceptionUtils;

/**
 * A Flink in this process, configured alike for every contestant, and the time that a job takes.
 */
final class FlinkRun {

    private static final long LOOK_NANOS = Duration.ofMillis(1).toNanos();

    private static final CheckpointFailureReason TASKS_STARTING =
            CheckpointFailureReason.NOT_ALL_REQUIRED_TASKS_RUNNING;

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

    /** Waits for a job that ends by itself, when all that it writes is written. */
    static Stopwatch untilEnd(JobClient job) throws InterruptedException, ExecutionException {
        CompletableFuture<?> end = job.getJobExecutionResult();
        Stopwatch watch = fromFirst(end);
        end.get();
        watch.stop();
        return watch;
    }

    /** Waits for the last record of a job that ends by itself; its end is no part of the time. */
    static Stopwatch untilRead(JobClient job, long records)
            throws InterruptedException, ExecutionException {
        CompletableFuture<?> end = job.getJobExecutionResult();
        Stopwatch watch = fromFirst(end);
        await(() -> RecordsRead.sum() == records, end);
        watch.stop();
        end.get();
        return watch;
    }

    /** Ends a job that has read so many records, so that all its windows close. */
    static Stopwatch untilDrained(JobClient job, Assignment assignment)
            throws InterruptedException, ExecutionException {
        CompletableFuture<?> end = job.getJobExecutionResult();
        Stopwatch watch = fromFirst(end);
        await(() -> RecordsRead.sum() == assignment.records(), end);
        while (!isDraining(job, assignment)) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
        end.get();
        watch.stop();
        return watch;
    }

    /** Asks for it; false while some tasks are still starting, as with few records they may be. */
    private static boolean isDraining(JobClient job, Assignment assignment)
            throws InterruptedException, ExecutionException {
        String savepoints =
                Path.of(assignment.directory()).resolve("savepoints").toUri().toString();
        try {
            job.stopWithSavepoint(true, savepoints, SavepointFormatType.NATIVE).get();
            return true;
        } catch (ExecutionException e) {
            if (ExceptionUtils.findThrowable(e, CheckpointException.class)
                    .filter(refusal -> refusal.getCheckpointFailureReason() == TASKS_STARTING)
                    .isEmpty()) {
                throw e;
            }
            return false;
        }
    }

    private static Stopwatch fromFirst(CompletableFuture<?> end) {
        await(() -> RecordsRead.sum() > 0, end);
        return new Stopwatch();
    }

    private static void await(BooleanSupplier condition, CompletableFuture<?> end) {
        while (!condition.getAsBoolean() && !end.isDone()) {
            LockSupport.parkNanos(LOOK_NANOS);
        }
    }
}
