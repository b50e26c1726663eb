package io.weir.gate;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.weir.config.JobOptions;
import io.weir.rig.FlinkCluster;
import io.weir.rig.Run;
import io.weir.rig.Stack;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.flink.api.common.JobID;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;

/** Carries out a plan: sends its records, disturbs the job, and compares all that came of it. */
final class Trial {

    private static final Duration LATENESS_OF_LATE_JOB = Duration.ofDays(30);
    private static final Duration MARGIN = Duration.ofHours(1);
    private static final Duration STEP = Duration.ofMillis(400);
    private static final Duration AWAY = Duration.ofMillis(700);
    private static final int ATTEMPTS = 4;

    private final Plan plan;
    private final Stack stack;
    private final FlinkCluster flink;
    private final Run run;
    private final Random random;
    private final EarlierRows earlier;

    /** What the job was started from, null without state. */
    private @Nullable String state;

    /** Makes topics and a schema that no other trial has. */
    Trial(Plan plan, Stack stack, FlinkCluster flink, String name) throws Exception {
        this.plan = plan;
        this.stack = stack;
        this.flink = flink;
        this.random = new Random(plan.seed());
        this.run =
                new Run(
                        stack,
                        name,
                        plan.partitions(),
                        Plan.START.minus(MARGIN),
                        plan.end().plus(MARGIN));
        this.earlier = new EarlierRows(stack, name);
        stack.createLetterTopics(name + ".late");
        stack.execute("update " + name + ".retention_policy set keep = null");
    }

    /** Runs it, and returns what is not as it must be. */
    Differences run() throws Exception {
        List<List<SentRecord>> records = SentTraffic.of(plan);
        JobID late = flink.run(lateOptions(), 1);
        send(records);
        flink.awaitConsumed(stack, lateOptions());
        drain(late);
        earlier.offerAgain();
        return new Outcome(stack, run.schema()).compare(Truth.of(plan, logged(records)));
    }

    /**
     * What the topic holds, in its order: a broker that restarts can make its client send again.
     */
    private List<List<SentRecord>> logged(List<List<SentRecord>> sent) throws Exception {
        Map<Integer, SentRecord> missing = new HashMap<>();
        sent.forEach(step -> step.forEach(each -> missing.put(each.number(), each)));
        Map<Integer, SentRecord> byNumber = Map.copyOf(missing);
        List<List<SentRecord>> logged = new ArrayList<>();
        sent.forEach(step -> logged.add(new ArrayList<>()));
        for (ConsumerRecord<byte[], byte[]> each : stack.records(run.topic())) {
            Integer number = Integer.valueOf(new String(each.key(), UTF_8));
            SentRecord record = Objects.requireNonNull(byNumber.get(number));
            logged.get(plan.stepAt(record.timestampMillis())).add(record);
            missing.remove(number);
        }
        if (!missing.isEmpty()) {
            throw new IllegalStateException(missing.size() + " records are not in the topic");
        }
        return logged;
    }

    private void send(List<List<SentRecord>> records) throws Exception {
        try (Sender sender = new Sender(stack.bootstrapServers(), run.topic())) {
            if (plan.hasIdleness()) {
                sender.send(records.get(0), Duration.ZERO).get();
            }
            JobID job = start(0, null);
            for (int step = 0; step < records.size(); step++) {
                boolean isSent = step == 0 && plan.hasIdleness();
                Future<?> sending =
                        sender.send(isSent ? List.of() : records.get(step), isSent ? AWAY : STEP);
                TimeUnit.MILLISECONDS.sleep(random.nextLong(STEP.toMillis()));
                job = disturb(job, step, sending);
                sending.get();
                if (plan.hasIdleness()) {
                    // or an idle partition would come back with what the others have closed
                    flink.awaitConsumed(stack, options(step));
                }
                if (step == records.size() / 2) {
                    earlier.take();
                }
            }
            flink.awaitConsumed(stack, options(records.size() - 1));
            drain(job);
        }
    }

    private JobID disturb(JobID job, int step, Future<?> sending) throws Exception {
        Disturbance disturbance = plan.steps().get(step).disturbance();
        switch (disturbance) {
            case NOTHING -> {}
            case TASK_FAILS, FAILS_BEFORE_CHECKPOINT, FAILS_AFTER_CHECKPOINT ->
                    Faults.fail(disturbance);
            case CONNECTIONS_ARE_CUT ->
                    stack.query(
                            """
                            select pg_terminate_backend(pid) from pg_stat_activity
                            where backend_type = 'client backend' and pid <> pg_backend_pid()
                            """);
            case DATABASE_RESTARTS -> {
                stack.stopDatabase();
                TimeUnit.MILLISECONDS.sleep(AWAY.toMillis());
                stack.restartDatabase();
            }
            case BROKER_RESTARTS -> {
                stack.stopBroker();
                TimeUnit.MILLISECONDS.sleep(AWAY.toMillis());
                stack.restartBroker();
            }
            case RESTARTS_FROM_CHECKPOINT -> {
                flink.cancel(job);
                String checkpoint = flink.lastCheckpoint(job);
                return start(step, checkpoint == null ? state : checkpoint);
            }
            case RESUMES_RESCALED -> {
                return start(step, stop(job));
            }
            case RESUMES_WITH_OTHER_SETTINGS -> {
                sending.get();
                flink.awaitConsumed(stack, options(step));
                return start(step + 1, stop(job));
            }
        }
        return job;
    }

    private JobID start(int step, @Nullable String from) throws Exception {
        state = from;
        return flink.run(options(step), plan.steps().get(step).parallelism(), state, Faults::put);
    }

    private String stop(JobID job) throws Exception {
        return retried(() -> flink.stop(job));
    }

    private void drain(JobID job) throws Exception {
        boolean unused =
                retried(
                        () -> {
                            flink.drain(job);
                            return true;
                        });
    }

    /** A job that fails while it is stopped restarts, and can be stopped then. */
    private static <T> T retried(Callable<T> stop) throws Exception {
        for (int attempt = 1; ; attempt++) {
            try {
                return stop.call();
            } catch (ExecutionException failedMeanwhile) {
                if (attempt == ATTEMPTS) {
                    throw failedMeanwhile;
                }
            }
        }
    }

    private JobOptions options(int step) {
        Duration lateness = plan.steps().get(step).lateness();
        return run.options(
                "event-time.out-of-orderness",
                Plan.OUT_OF_ORDERNESS.toMillis() + " ms",
                "event-time.max-ahead",
                Plan.MAX_AHEAD.toMillis() + " ms",
                "event-time.allowed-lateness",
                lateness.toMillis() + " ms",
                "event-time.idleness",
                plan.hasIdleness() ? "200 ms" : "off",
                "provisional.minute",
                100 * lateness.toMinutes() + " ms",
                "deduplicate",
                plan.isDeduplicated() ? "request-id" : "none",
                "deduplicate.keep",
                "1 d");
    }

    private JobOptions lateOptions() {
        return run.options(
                "kafka.topic",
                run.topic() + ".late",
                "kafka.group-id",
                run.topic() + "_late",
                "event-time.allowed-lateness",
                LATENESS_OF_LATE_JOB.toMillis() + " ms",
                "deduplicate",
                plan.isDeduplicated() ? "request-id" : "letter",
                "deduplicate.keep",
                LATENESS_OF_LATE_JOB.plusDays(1).toMillis() + " ms",
                "store.tables",
                "late");
    }
}
