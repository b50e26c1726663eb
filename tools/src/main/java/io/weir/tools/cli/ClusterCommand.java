package io.weir.tools.cli;

import io.weir.TrafficJob;
import io.weir.tools.cluster.ClusterFolder;
import io.weir.tools.cluster.ClusterStatus;
import io.weir.tools.cluster.FlinkJobs;
import io.weir.tools.cluster.FlinkJobs.Job;
import io.weir.tools.cluster.JobLife;
import io.weir.tools.cluster.JobLife.Beginning;
import io.weir.tools.cluster.JobRecords;
import io.weir.tools.cluster.LocalCluster;
import io.weir.tools.cluster.LocalCluster.Wanted;
import io.weir.tools.cluster.Release;
import io.weir.tools.connect.CommandException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** A Flink cluster, and the job's life on it. */
@Command(
        name = "cluster",
        description = "Starts a Flink cluster, and submits and upgrades the job on it or another.")
final class ClusterCommand extends CommandGroup {

    private static final String LIMIT = "3min";
    private static final Duration ANY = Duration.ofMinutes(3);
    private static final int MAX_PROCESSES = 100;

    @Command(
            name = "start",
            description = {
                "Starts a JobManager and TaskManagers in processes of their own, which stay when"
                        + " the terminal is closed, and waits until they are ready. Started again,"
                        + " brings back what is dead.",
                "They listen on this machine only, but for the metrics. Give it WEIR_STORE_PASSWORD in"
                        + " its environment: the job finds it in that of its TaskManagers."
            })
    void start(
            @Option(
                            names = "--taskmanagers",
                            paramLabel = "N",
                            description = "How many (default: as many as there were, or 1)")
                    @Nullable Integer taskManagers,
            @Option(
                            names = "--slots",
                            paramLabel = "N",
                            description = "Of each TaskManager (default: as Flink is configured)")
                    @Nullable Integer slots,
            @Option(
                            names = "--rest-port",
                            paramLabel = "PORT",
                            description =
                                    "Of the REST interface and Flink's web page (default: 8081)")
                    @Nullable Integer restPort,
            @Option(
                            names = "--flink-conf",
                            paramLabel = "DIR",
                            description =
                                    "The folder of Flink's config.yaml (default: conf beside the"
                                            + " script weir). Where it keeps checkpoints and savepoints is"
                                            + " always the folder of the cluster")
                    @Nullable Path flinkConf,
            @Option(
                            names = "--folder",
                            paramLabel = "DIR",
                            description =
                                    "Of logs, checkpoints and everything else (default:"
                                            + " ~/.local/state/weir/cluster)")
                    @Nullable Path folder)
            throws IOException, InterruptedException {
        requireInRange("--taskmanagers", taskManagers, MAX_PROCESSES);
        requireInRange("--slots", slots, MAX_PROCESSES);
        requireInRange("--rest-port", restPort, Arguments.LAST_PORT);
        ClusterFolder where =
                folder == null ? ClusterFolder.ofUser(null) : new ClusterFolder(folder);
        LocalCluster cluster = new LocalCluster(where);
        try (FileChannel lock = where.lock()) {
            boolean anyStarted =
                    cluster.start(
                            new Wanted(
                                    flinkConf == null ? Home.folder().resolve("conf") : flinkConf,
                                    taskManagers,
                                    slots,
                                    restPort),
                            this::step);
            step(
                    (anyStarted ? "Flink runs at " : "Flink runs already at ")
                            + cluster.address()
                            + ", logs are in "
                            + where.root().resolve("logs"));
        }
        if (new JobRecords(where).release(TrafficJob.NAME).isEmpty()) {
            step("Next: ./weir cluster submit --config conf/weir.properties");
        }
    }

    private static void requireInRange(String option, @Nullable Integer value, int greatest) {
        if (value != null) {
            Arguments.require(option, value, 1, greatest);
        }
    }

    @Command(
            name = "submit",
            description = {
                "Submits the job and waits until it has completed a checkpoint. A job that ran"
                        + " before goes on where it stopped.",
                "Refuses while a job of the same name runs."
            })
    void submit(
            @Mixin ClusterArguments cluster,
            @Mixin ReleaseArguments release,
            @Option(
                            names = "--jar",
                            paramLabel = "FILE",
                            description =
                                    "The job's jar (default: the one that was built; without"
                                            + " --config the one of last time)")
                    @Nullable Path jar,
            @Option(
                            names = "--from",
                            paramLabel = "PATH",
                            description =
                                    "The savepoint or checkpoint to go on from, as Flink names it")
                    @Nullable String from,
            @Option(
                            names = "--without-state",
                            description = "Begin at kafka.start-from, although the job ran before")
                    boolean isWithoutState,
            @Option(
                            names = "--beside",
                            description =
                                    "Even if a job of that name runs. This one is not upgraded by"
                                            + " its name")
                    boolean isBeside,
            @Option(
                            names = "--limit",
                            paramLabel = "DURATION",
                            defaultValue = LIMIT,
                            description =
                                    "How long it may take until its first checkpoint (default:"
                                            + " ${DEFAULT-VALUE})")
                    Duration limit)
            throws IOException, InterruptedException {
        if (from != null && isWithoutState) {
            throw CommandException.wrongUsage(
                    "--from and --without-state contradict each other: give one of them");
        }
        release.check();
        cluster.change(
                (flink, folder) -> {
                    Release wanted = release.release(new JobRecords(folder), jar);
                    new JobLife(flink, folder, limit, this::step)
                            .submit(
                                    release.job(),
                                    wanted,
                                    new Beginning(from, isWithoutState),
                                    isBeside);
                    return ExitCode.OK;
                });
    }

    @Command(
            name = "savepoint",
            description = "Takes a savepoint of the job, which goes on, and prints where it is.")
    void savepoint(
            @Mixin ClusterArguments cluster,
            @Parameters(
                            paramLabel = "JOB",
                            defaultValue = TrafficJob.NAME,
                            description = "Its name or id (default: ${DEFAULT-VALUE})")
                    String job)
            throws IOException, InterruptedException {
        cluster.look(
                (flink, folder) -> {
                    new JobLife(flink, folder, ANY, this::step).savepoint(job);
                    return ExitCode.OK;
                });
    }

    @Command(
            name = "upgrade",
            description = {
                "Stops the job with a savepoint and starts another jar, or other settings, from it."
                        + " If that does not complete a checkpoint in time, what ran before is"
                        + " started again from the same savepoint.",
                "With --blue-green the new job starts beside the old one, from a savepoint of it,"
                        + " and the old one is stopped when the new one has read as far: rows are"
                        + " written all the time. It needs as many free slots as the job has, and"
                        + " asks Kafka here how far both are. If the new one does not catch up in"
                        + " time, it is ended and the old one was never touched.",
                "After an interruption, run it again."
            })
    void upgrade(
            @Mixin ClusterArguments cluster,
            @Mixin ReleaseArguments release,
            @Option(
                            names = "--jar",
                            required = true,
                            paramLabel = "FILE",
                            description = "The new jar of the job")
                    Path jar,
            @Option(
                            names = "--blue-green",
                            description = "Start the new job beside the old one, then stop that")
                    boolean isBlueGreen,
            @Option(
                            names = "--limit",
                            paramLabel = "DURATION",
                            defaultValue = LIMIT,
                            description =
                                    "How long the new job may take until its first checkpoint, and"
                                            + " then to catch up (default: ${DEFAULT-VALUE})")
                    Duration limit)
            throws IOException, InterruptedException {
        release.check();
        cluster.change(
                (flink, folder) -> {
                    Release wanted = release.release(new JobRecords(folder), jar);
                    new JobLife(flink, folder, limit, this::step)
                            .upgrade(release.job(), wanted, isBlueGreen);
                    return ExitCode.OK;
                });
    }

    @Command(
            name = "rollback",
            description = {
                "Returns to the jar and the settings that ran before the last upgrade, from the"
                        + " savepoint with which they were stopped. What came since is read again:"
                        + " rows only grow, so none becomes less meanwhile. With --blue-green it"
                        + " catches up beside the job that runs, which is stopped afterwards.",
                "After an upgrade that was interrupted, returns to what ran when it began."
            })
    void rollback(
            @Mixin ClusterArguments cluster,
            @Option(
                            names = "--job",
                            paramLabel = "NAME",
                            defaultValue = TrafficJob.NAME,
                            description = "The job's name in Flink (default: ${DEFAULT-VALUE})")
                    String job,
            @Option(
                            names = "--blue-green",
                            description = "Start it beside the job that runs, then stop that")
                    boolean isBlueGreen,
            @Option(
                            names = "--limit",
                            paramLabel = "DURATION",
                            defaultValue = LIMIT,
                            description =
                                    "How long it may take until its first checkpoint, and then to"
                                            + " catch up (default: ${DEFAULT-VALUE})")
                    Duration limit)
            throws IOException, InterruptedException {
        cluster.change(
                (flink, folder) -> {
                    new JobLife(flink, folder, limit, this::step).rollBack(job, isBlueGreen);
                    return ExitCode.OK;
                });
    }

    @Command(
            name = "status",
            description = {
                "Shows processes, slots and jobs: state, parallelism, last checkpoint, restarts, and"
                        + " what was interrupted.",
                "Exit code 1 if a process is dead, or a job that was not stopped does not run."
            })
    int status(@Mixin ClusterArguments cluster) throws IOException, InterruptedException {
        return cluster.look(
                (flink, folder) -> {
                    ClusterStatus status = new ClusterStatus(flink, folder, this::step);
                    boolean areAlive = cluster.isElsewhere() || status.showProcesses();
                    return status.showJobs() && areAlive ? ExitCode.OK : ExitCode.SOFTWARE;
                });
    }

    @Command(
            name = "stop",
            description = {
                "Stops all jobs, each with a savepoint, and the processes that 'weir cluster start'"
                        + " started. With --job stops only that job.",
                "'weir cluster start' and 'weir cluster submit' go on where it stopped."
            })
    void stop(
            @Mixin ClusterArguments cluster,
            @Option(
                            names = "--job",
                            arity = "0..1",
                            fallbackValue = TrafficJob.NAME,
                            paramLabel = "JOB",
                            description =
                                    "Only the job of this name or id (default: ${FALLBACK-VALUE})")
                    @Nullable String job)
            throws IOException, InterruptedException {
        if (cluster.isElsewhere() && job == null) {
            throw CommandException.wrongUsage(
                    "--flink: the processes of a cluster are stopped where they were started: give --job to stop a job");
        }
        cluster.change(
                (flink, folder) -> {
                    JobLife life = new JobLife(flink, folder, ANY, this::step);
                    if (job == null) {
                        stopAll(flink, life, new LocalCluster(folder));
                    } else {
                        life.stop(job);
                    }
                    return ExitCode.OK;
                });
    }

    private void stopAll(FlinkJobs flink, JobLife life, LocalCluster cluster)
            throws IOException, InterruptedException {
        if (cluster.isJobManagerAlive()) {
            for (Job job : flink.all()) {
                if (job.isActive()) {
                    life.stop(job);
                }
            }
        }
        cluster.stop(this::step);
    }

    /** Prints a line when it comes. */
    private void step(String line) {
        out().println(line);
        out().flush();
    }
}
