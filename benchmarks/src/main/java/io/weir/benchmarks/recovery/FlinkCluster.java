package io.weir.benchmarks.recovery;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.benchmarks.throughput.JavaProcess;
import io.weir.tools.cluster.FlinkSettings;
import io.weir.tools.connect.FlinkRest;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.configuration.BlobServerOptions;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.HeartbeatManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.configuration.StateBackendOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** A JobManager and TaskManagers of one slot, with the heartbeats of conf/config.yaml. */
final class FlinkCluster implements AutoCloseable {

    private static final String JOB_MANAGER_HEAP = "512m";

    /** What Flink adds to the heap of tasks by default, in mebibytes. */
    private static final int FRAMEWORK_HEAP = 128;

    private static final MemorySize MANAGED = MemorySize.ofMebiBytes(256);

    private final Configuration configuration;
    private final Path directory;
    private final int heap;
    private final List<AutoCloseable> processes = new ArrayList<>();
    private int taskManagers;

    private FlinkCluster(Configuration configuration, Path directory, int heap) {
        this.configuration = configuration;
        this.directory = directory;
        this.heap = heap;
    }

    /** Starts the JobManager. */
    static FlinkCluster start(RecoverySettings settings, Path directory) throws IOException {
        Configuration configuration = configuration(settings, directory);
        FlinkSettings.write(configuration, directory);
        FlinkCluster cluster = new FlinkCluster(configuration, directory, settings.heap());
        cluster.processes.add(
                JavaProcess.start(
                        "jobmanager",
                        JOB_MANAGER_HEAP,
                        ClusterProcess.class,
                        ClusterProcess.JOB_MANAGER,
                        "--configDir",
                        directory.toString()));
        return cluster;
    }

    private static Configuration configuration(RecoverySettings settings, Path directory)
            throws IOException {
        Configuration configuration =
                new Configuration()
                        .set(BlobServerOptions.STORAGE_DIRECTORY, directory.toString())
                        .set(CoreOptions.TMP_DIRS, directory.toString())
                        .set(
                                TaskManagerOptions.TASK_HEAP_MEMORY,
                                MemorySize.ofMebiBytes(settings.heap()))
                        .set(TaskManagerOptions.MANAGED_MEMORY_SIZE, MANAGED)
                        .set(HeartbeatManagerOptions.HEARTBEAT_INTERVAL, Duration.ofSeconds(2))
                        .set(HeartbeatManagerOptions.HEARTBEAT_TIMEOUT, Duration.ofSeconds(20))
                        .set(CheckpointingOptions.CHECKPOINTING_INTERVAL, settings.checkpoints())
                        .set(
                                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                                directory.resolve("checkpoints").toUri().toString())
                        .set(StateBackendOptions.STATE_BACKEND, settings.state().flinkName())
                        .set(CheckpointingOptions.INCREMENTAL_CHECKPOINTS, true)
                        .set(RestartStrategyOptions.RESTART_STRATEGY, "exponential-delay");
        FlinkSettings.onThisMachine(configuration, FlinkSettings.freePort());
        configuration.set(PipelineOptions.OBJECT_REUSE, true);
        configuration.setString("metrics.reporters", "positions");
        configuration.setString(
                "metrics.reporter.positions.factory.class", ReadPositions.class.getName());
        configuration.setString("metrics.reporter.positions.interval", "100 ms");
        return configuration;
    }

    TaskManager startTaskManager() throws IOException {
        List<String> arguments =
                new ArrayList<>(
                        List.of(ClusterProcess.TASK_MANAGER, "--configDir", directory.toString()));
        arguments.addAll(FlinkSettings.taskManagerArguments(configuration));
        taskManagers++;
        TaskManager started =
                new TaskManager(
                        JavaProcess.start(
                                "taskmanager-" + taskManagers,
                                heap + FRAMEWORK_HEAP + "m",
                                ClusterProcess.class,
                                arguments.toArray(String[]::new)));
        processes.add(started);
        return started;
    }

    /** Where jobs are submitted to. */
    StreamExecutionEnvironment environment() {
        return StreamExecutionEnvironment.createRemoteEnvironment(
                FlinkSettings.HOST, configuration.get(RestOptions.PORT), configuration);
    }

    /** How many slots the JobManager knows to be free, 0 before it answers. */
    int freeSlots() throws InterruptedException {
        try {
            return rest().get("/overview").path("slots-available").asInt();
        } catch (IOException e) {
            return 0;
        }
    }

    /** The last checkpoint that a job has completed; missing before the first. */
    JsonNode lastCheckpoint(String job) throws IOException, InterruptedException {
        return rest().get("/jobs/" + job + "/checkpoints").path("latest").path("completed");
    }

    private FlinkRest rest() {
        return new FlinkRest(FlinkSettings.rest(configuration));
    }

    @Override
    public void close() throws Exception {
        for (AutoCloseable process : processes) {
            process.close();
        }
    }
}
