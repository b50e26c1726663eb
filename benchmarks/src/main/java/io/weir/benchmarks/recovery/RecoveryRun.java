package io.weir.benchmarks.recovery;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.TrafficJob;
import io.weir.benchmarks.contestants.Assignment;
import io.weir.benchmarks.contestants.JobSchema;
import io.weir.benchmarks.throughput.Broker;
import io.weir.benchmarks.throughput.PlainRequests;
import io.weir.benchmarks.throughput.RequestTopic;
import io.weir.config.JobOptions;
import io.weir.database.Database;
import io.weir.embedded.EmbeddedPostgres;
import io.weir.testing.ScratchFolder;
import io.weir.tools.connect.CommandException;
import io.weir.tools.connect.KafkaCluster;
import io.weir.tools.send.RecordSender;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.core.execution.SavepointFormatType;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/**
 * The job on a TaskManager, which is killed, with another one that waits. Kafka, PostgreSQL and
 * Flink's processes are their own; requests come from this one.
 */
public final class RecoveryRun implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final long LOOK_MILLIS = 20;
    private static final double NANOS = 1e9;

    private final RecoverySettings settings;
    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final Path folder;
    private final Database database;
    private final String bootstrapServers;
    private final FlinkCluster cluster;
    private final JobClient job;
    private final RecordSender sender;
    private final Future<?> sending;
    private TaskManager active;
    private TaskManager spare;

    private RecoveryRun(RecoverySettings settings) throws Exception {
        this.settings = settings;
        try {
            folder = part(ScratchFolder.make()).path();
            EmbeddedPostgres postgres = part(EmbeddedPostgres.start(folder.resolve("postgres")));
            database = new Database(postgres.jdbcUrl(), postgres.user(), null);
            bootstrapServers = part(Broker.start(folder.resolve("kafka"))).bootstrapServers();
            cluster =
                    part(
                            FlinkCluster.start(
                                    settings, Files.createDirectory(folder.resolve("flink"))));
            active = cluster.startTaskManager();
            spare = cluster.startTaskManager();
            prepareStoreAndTopics();
            await("two TaskManagers", () -> cluster.freeSlots() == 2);
            job = submit();
            sender =
                    part(
                            new RecordSender(
                                    Map.of("bootstrap.servers", bootstrapServers),
                                    Assignment.TOPIC,
                                    RequestTopic.PARTITIONS,
                                    settings.rate()));
            sending = sender.start(new PlainRequests(settings.workload()));
            await("the job to read", () -> active.position() + spare.position() > 0);
            if (spare.position() > 0) {
                changeRoles();
            }
        } catch (Exception e) {
            close();
            throw e;
        }
    }

    /** Starts everything, and returns when the job reads. */
    public static RecoveryRun start(RecoverySettings settings) throws Exception {
        return new RecoveryRun(settings);
    }

    private <T extends AutoCloseable> T part(T part) {
        parts.push(part);
        return part;
    }

    private void changeRoles() {
        TaskManager last = active;
        active = spare;
        spare = last;
    }

    private void prepareStoreAndTopics() throws Exception {
        JobSchema.make(
                database,
                settings.workload().eventTimes().first().toEpochMilli(),
                settings.workload().eventTimes().last().toEpochMilli());
        RequestTopic.make(bootstrapServers);
    }

    private JobClient submit() throws Exception {
        StreamExecutionEnvironment environment = cluster.environment().setParallelism(1);
        TrafficJob.build(
                environment,
                JobOptions.of(
                        Map.of(
                                "kafka.bootstrap-servers",
                                bootstrapServers,
                                "kafka.topic",
                                Assignment.TOPIC,
                                "kafka.start-from",
                                "earliest",
                                "store.url",
                                database.jdbcUrl(),
                                "store.user",
                                database.user(),
                                "store.schema",
                                JobSchema.NAME.name())));
        return environment.executeAsync(TrafficJob.NAME);
    }

    /**
     * Kills the TaskManager when it has run for a while, and returns when the job has caught up.
     */
    public Recovery round() throws Exception {
        TimeUnit.NANOSECONDS.sleep(settings.before().toNanos());
        await("the job to keep up", () -> isCaughtUp(active));
        await("a checkpoint", () -> checkpoint().isObject());
        JsonNode checkpoint = checkpoint();
        long readBefore = active.position();
        long killed = System.nanoTime();
        active.kill();
        await("the job to read again", () -> spare.position() > 0);
        long reading = System.nanoTime();
        await("the job to catch up", () -> isCaughtUp(spare));
        long caughtUp = System.nanoTime();
        changeRoles();
        long firstPosition = active.firstPosition();
        long readWhile = active.position() - firstPosition;
        spare = cluster.startTaskManager();
        await("another TaskManager", () -> cluster.freeSlots() == 1);
        return new Recovery(
                (reading - killed) / NANOS,
                (caughtUp - killed) / NANOS,
                readBefore - firstPosition,
                readWhile * NANOS / (caughtUp - reading),
                checkpoint.path("state_size").asLong(),
                checkpoint.path("end_to_end_duration").asLong());
    }

    private JsonNode checkpoint() throws IOException, InterruptedException {
        return cluster.lastCheckpoint(job.getJobID().toHexString());
    }

    private boolean isCaughtUp(TaskManager taskManager) {
        return sender.sent() - taskManager.position() < settings.rate();
    }

    /**
     * Ends the job, so that all rows are final.
     *
     * @throws CommandException when they are not of all requests that were sent
     */
    public void requireEachCountedOnce() throws Exception {
        sender.close();
        long sent;
        try (KafkaCluster kafka =
                KafkaCluster.connect(Map.of("bootstrap.servers", bootstrapServers))) {
            sent =
                    kafka.endOffsets(Assignment.TOPIC).values().stream()
                            .mapToLong(Long::longValue)
                            .sum();
        }
        await("the job to read everything", () -> active.position() == sent);
        job.stopWithSavepoint(
                        true,
                        folder.resolve("savepoints").toUri().toString(),
                        SavepointFormatType.NATIVE)
                .get();
        job.getJobExecutionResult().get();
        long counted = JobSchema.counted(database);
        if (counted != sent) {
            throw new CommandException(
                    String.format(
                            Locale.ROOT, "%,d requests were sent, but %,d counted", sent, counted));
        }
    }

    private void await(String what, Callable<Boolean> condition) throws Exception {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.call()) {
            if (sending != null && sending.isDone()) {
                sending.get();
                throw new CommandException(
                        "all requests were sent while waiting for "
                                + what
                                + ": ask for fewer --rounds");
            }
            if (System.nanoTime() > deadline) {
                throw new CommandException(
                        "waited "
                                + PATIENCE.toMinutes()
                                + " minutes for "
                                + what
                                + ": the logs bench-taskmanager-*.log say why; is --rate too high?");
            }
            TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
        }
    }

    @Override
    public void close() throws Exception {
        while (!parts.isEmpty()) {
            parts.pop().close();
        }
    }
}
