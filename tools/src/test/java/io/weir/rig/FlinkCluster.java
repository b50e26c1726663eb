package io.weir.rig;

import io.weir.TrafficJob;
import io.weir.config.JobOptions;
import io.weir.request.ReadRecord;
import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ExternalizedCheckpointRetention;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.core.execution.CheckpointType;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.runtime.checkpoint.CheckpointStatsSnapshot;
import org.apache.flink.runtime.checkpoint.CompletedCheckpointStats;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.executiongraph.AccessExecutionVertex;
import org.apache.flink.runtime.jobgraph.SavepointRestoreSettings;
import org.apache.flink.runtime.jobmaster.JobResult;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.apache.flink.runtime.minicluster.MiniClusterConfiguration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamGraph;
import org.apache.kafka.common.TopicPartition;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** Runs the main job; several copies can run at once. */
public final class FlinkCluster implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Path folder;
    private final MiniCluster cluster;

    /** The last one of each consumer group. */
    private final Map<String, JobID> jobs = new HashMap<>();

    private FlinkCluster(Path folder, MiniCluster cluster) {
        this.folder = folder;
        this.cluster = cluster;
    }

    /** Starts a cluster of TaskManagers with two slots each. */
    public static FlinkCluster start(Path folder, int taskManagers) throws Exception {
        Configuration configuration = new Configuration();
        configuration.set(RestartStrategyOptions.RESTART_STRATEGY, "fixed-delay");
        configuration.set(
                RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_ATTEMPTS, Integer.MAX_VALUE);
        configuration.set(
                RestartStrategyOptions.RESTART_STRATEGY_FIXED_DELAY_DELAY, Duration.ofMillis(200));
        configuration.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                folder.resolve("checkpoints").toUri().toString());
        configuration.set(CheckpointingOptions.CHECKPOINTING_INTERVAL, Duration.ofMillis(300));
        configuration.set(
                CheckpointingOptions.EXTERNALIZED_CHECKPOINT_RETENTION,
                ExternalizedCheckpointRetention.RETAIN_ON_CANCELLATION);
        configuration.setString("metrics.reporters", "read");
        configuration.setString("metrics.reporter.read.factory.class", ReadOffsets.class.getName());
        configuration.setString("rest.port", "0");
        configuration.setString("rest.bind-port", "0");
        MiniCluster cluster =
                new MiniCluster(
                        new MiniClusterConfiguration.Builder()
                                .setConfiguration(configuration)
                                .setNumTaskManagers(taskManagers)
                                .setNumSlotsPerTaskManager(2)
                                .build());
        cluster.start();
        return new FlinkCluster(folder, cluster);
    }

    /** Starts the job as it is submitted to a cluster. */
    public JobID run(JobOptions options, int parallelism) throws Exception {
        return run(options, parallelism, null, records -> records);
    }

    /**
     * Starts the job.
     *
     * @param savepoint to start from, null to start without state
     * @param fault put between the source and the pipeline
     */
    public JobID run(
            JobOptions options,
            int parallelism,
            @Nullable String savepoint,
            UnaryOperator<DataStream<ReadRecord>> fault)
            throws Exception {
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.getExecutionEnvironment(cluster.getConfiguration());
        environment.setParallelism(parallelism);
        TrafficJob.build(environment, options, fault);

        StreamGraph graph = environment.getStreamGraph();
        graph.setJobName(TrafficJob.NAME);
        if (savepoint != null) {
            graph.setSavepointRestoreSettings(SavepointRestoreSettings.forPath(savepoint));
        }
        JobID job = cluster.submitJob(graph).get().getJobID();
        jobs.put(options.kafka().groupId(), job);
        return job;
    }

    /** Waits until a checkpoint of the job covers every record that its topic holds now. */
    public void awaitConsumed(Stack stack, JobOptions options) throws Exception {
        String group = options.kafka().groupId();
        JobID job = Objects.requireNonNull(jobs.get(group), group);
        Map<TopicPartition, Long> ends = stack.endOffsets(options.kafka().topic());
        ends.values().removeIf(end -> end == 0);
        Awaitility.await("all records are consumed")
                .atMost(PATIENCE)
                .ignoreExceptions() // while it restarts
                .until(() -> hasRead(stack, job, group, ends) && takesCheckpoint(job));
    }

    /** A job that was restored where nothing more came has only its commits to show for it. */
    private static boolean hasRead(
            Stack stack, JobID job, String group, Map<TopicPartition, Long> ends) throws Exception {
        return ends.entrySet().stream()
                        .allMatch(end -> ReadOffsets.isBefore(job, end.getKey(), end.getValue()))
                || stack.committedOffsets(group).entrySet().containsAll(ends.entrySet());
    }

    private boolean takesCheckpoint(JobID job) throws Exception {
        return cluster.triggerCheckpoint(job, CheckpointType.DEFAULT)
                        .get(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                > 0;
    }

    /** Stops with drain: all windows close and nothing more is to come. */
    public void drain(JobID job) throws Exception {
        stop(job, true);
    }

    /** Stops with a savepoint to go on from, and returns it. */
    public String stop(JobID job) throws Exception {
        return stop(job, false);
    }

    private String stop(JobID job, boolean drain) throws Exception {
        awaitRunning(job);
        String savepoint =
                cluster.stopWithSavepoint(
                                job,
                                folder.resolve("savepoints").toUri().toString(),
                                drain,
                                SavepointFormatType.CANONICAL)
                        .get();
        cluster.requestJobResult(job).get();
        return savepoint;
    }

    public void awaitRunning(JobID job) {
        Awaitility.await("the job is running").atMost(PATIENCE).until(() -> isRunning(job));
    }

    private boolean isRunning(JobID job) throws Exception {
        if (cluster.getJobStatus(job).get() != JobStatus.RUNNING) {
            return false;
        }
        for (AccessExecutionVertex vertex :
                cluster.getExecutionGraph(job).get().getAllExecutionVertices()) {
            if (vertex.getExecutionState() != ExecutionState.RUNNING) {
                return false;
            }
        }
        return true;
    }

    /** Ends the job at once, without a savepoint, as a crash of the whole cluster would. */
    public void cancel(JobID job) throws Exception {
        cluster.cancelJob(job).get();
        cluster.requestJobResult(job).get();
    }

    /** The last checkpoint of a job, null if it has none since it was started. */
    public @Nullable String lastCheckpoint(JobID job) throws Exception {
        CheckpointStatsSnapshot statistics =
                cluster.getExecutionGraph(job).get().getCheckpointStatsSnapshot();
        CompletedCheckpointStats last =
                statistics == null ? null : statistics.getHistory().getLatestCompletedCheckpoint();
        return last == null ? null : last.getExternalPath();
    }

    /** Waits for the job's end. */
    public JobResult result(JobID job) throws Exception {
        return cluster.requestJobResult(job).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    }

    /** The REST interface. */
    public URI rest() throws Exception {
        return cluster.getRestAddress().get();
    }

    /** How often the job was restarted: its largest attempt number. */
    public long restarts(JobID job) throws Exception {
        long restarts = 0;
        for (AccessExecutionVertex vertex :
                cluster.getExecutionGraph(job).get().getAllExecutionVertices()) {
            restarts = Math.max(restarts, vertex.getCurrentExecutionAttempt().getAttemptNumber());
        }
        return restarts;
    }

    @Override
    public void close() throws Exception {
        cluster.close();
    }
}
