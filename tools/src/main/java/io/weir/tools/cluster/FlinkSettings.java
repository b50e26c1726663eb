package io.weir.tools.cluster;

import io.weir.tools.connect.CommandException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.ConfigurationUtils;
import org.apache.flink.configuration.CoreOptions;
import org.apache.flink.configuration.GlobalConfiguration;
import org.apache.flink.configuration.JobManagerOptions;
import org.apache.flink.configuration.MemorySize;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.TaskManagerOptions;
import org.apache.flink.configuration.WebOptions;
import org.apache.flink.runtime.clusterframework.TaskExecutorProcessUtils;

/** Flink's configuration of a cluster whose processes all run on this machine. */
public final class FlinkSettings {

    /** Where its processes listen. */
    public static final String HOST = "127.0.0.1";

    private static final String FILE = GlobalConfiguration.FLINK_CONF_FILENAME;
    private static final String PROMETHEUS_PORT = "metrics.reporter.prom.port";
    private static final int PROMETHEUS_PORTS = 50;

    /** As in the configuration that Flink's distribution comes with. */
    private static final MemorySize JOB_MANAGER_MEMORY = MemorySize.ofMebiBytes(1600);

    private static final MemorySize TASK_MANAGER_MEMORY = MemorySize.ofMebiBytes(1728);

    private FlinkSettings() {}

    /**
     * A configuration for processes on this machine, with what must be their own.
     *
     * @param given folder of a {@code config.yaml}
     * @throws CommandException when there is none, or it cannot be read
     */
    static Configuration of(Path given, ClusterFolder folder, int restPort) throws IOException {
        Configuration settings = read(given);
        onThisMachine(settings, restPort);
        settings.set(CoreOptions.TMP_DIRS, folder.temporary().toString());
        settings.set(WebOptions.TMP_DIR, folder.temporary().toString());
        settings.set(
                CheckpointingOptions.CHECKPOINTS_DIRECTORY,
                folder.checkpoints().toUri().toString());
        settings.set(
                CheckpointingOptions.SAVEPOINT_DIRECTORY, folder.savepoints().toUri().toString());
        if (settings.getOptional(JobManagerOptions.TOTAL_PROCESS_MEMORY).isEmpty()
                && settings.getOptional(JobManagerOptions.TOTAL_FLINK_MEMORY).isEmpty()) {
            settings.set(JobManagerOptions.TOTAL_PROCESS_MEMORY, JOB_MANAGER_MEMORY);
        }
        if (settings.getOptional(TaskManagerOptions.TOTAL_PROCESS_MEMORY).isEmpty()
                && settings.getOptional(TaskManagerOptions.TOTAL_FLINK_MEMORY).isEmpty()
                && settings.getOptional(TaskManagerOptions.TASK_HEAP_MEMORY).isEmpty()) {
            settings.set(TaskManagerOptions.TOTAL_PROCESS_MEMORY, TASK_MANAGER_MEMORY);
        }
        givePortsForMetrics(settings);
        return settings;
    }

    /** Lets all processes listen on this machine only; the JobManager's own port is a free one. */
    public static void onThisMachine(Configuration settings, int restPort) throws IOException {
        settings.set(JobManagerOptions.ADDRESS, HOST);
        settings.set(JobManagerOptions.BIND_HOST, HOST);
        settings.set(JobManagerOptions.PORT, freePort());
        settings.set(RestOptions.ADDRESS, HOST);
        settings.set(RestOptions.BIND_ADDRESS, HOST);
        settings.set(RestOptions.PORT, restPort);
        settings.set(RestOptions.BIND_PORT, Integer.toString(restPort));
        settings.set(TaskManagerOptions.HOST, HOST);
        settings.set(TaskManagerOptions.BIND_HOST, HOST);
    }

    /** Two processes on one machine need two ports. */
    private static void givePortsForMetrics(Configuration settings) {
        String port = settings.getString(PROMETHEUS_PORT, "");
        if (port.matches("[0-9]{1,5}")) {
            settings.setString(
                    PROMETHEUS_PORT, port + "-" + (Integer.parseInt(port) + PROMETHEUS_PORTS));
        }
    }

    /**
     * Reads a configuration.
     *
     * @param folder of a {@code config.yaml}
     */
    static Configuration read(Path folder) {
        Path file = folder.resolve(FILE);
        if (!Files.isReadable(file)) {
            throw CommandException.wrongUsage(
                    "--flink-conf: there is no %s that can be read: name the folder of Flink's configuration"
                            .formatted(file));
        }
        try {
            return GlobalConfiguration.loadConfiguration(folder.toString());
        } catch (RuntimeException e) {
            throw CommandException.wrongUsage(
                    "--flink-conf: %s is no configuration of Flink: %s"
                            .formatted(file, String.valueOf(e.getMessage())));
        }
    }

    /** Writes {@code config.yaml} into the folder. */
    public static void write(Configuration settings, Path folder) throws IOException {
        Files.createDirectories(folder);
        Files.write(
                folder.resolve(FILE),
                ConfigurationUtils.convertConfigToWritableLines(settings, true));
    }

    /** The JobManager's REST interface. */
    public static URI rest(Configuration settings) {
        return URI.create("http://" + HOST + ":" + settings.get(RestOptions.PORT));
    }

    /** What a TaskManager is told of its memory beside the configuration. */
    public static List<String> taskManagerArguments(Configuration settings) {
        return words(
                TaskExecutorProcessUtils.generateDynamicConfigsStr(
                        TaskExecutorProcessUtils.processSpecFromConfig(settings)));
    }

    static List<String> words(String text) {
        return List.of(text.trim().split("\\s+"));
    }

    /** A port that nothing listens on. */
    public static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
