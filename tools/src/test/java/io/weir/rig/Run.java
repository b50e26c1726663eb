package io.weir.rig;

import io.weir.config.JobOptions;
import io.weir.tools.send.OutgoingRecord;
import io.weir.tools.send.RecordSender;
import io.weir.tools.send.RecordSource;
import io.weir.tools.send.TimeSpan;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** The topic, schema and options of one test. */
public final class Run {

    private final Stack stack;
    private final String name;
    private final int partitions;
    private final Map<String, String> settings = new HashMap<>();

    /**
     * Makes topic and schema.
     *
     * @param name of both, unlike any other test's
     */
    public Run(Stack stack, String name, int partitions, Instant first, Instant last)
            throws Exception {
        this.stack = stack;
        this.name = name;
        this.partitions = partitions;
        stack.createTopics(name, partitions);
        stack.createSchema(name, first, last);
        settings.put("kafka.bootstrap-servers", stack.bootstrapServers());
        settings.put("kafka.topic", name);
        settings.put("kafka.group-id", name);
        settings.put("kafka.start-from", "earliest");
        settings.put("event-time.idleness", "off");
        settings.put("event-time.alignment-drift", "off");
        settings.put("event-time.max-age", "off");
        settings.put("combine.interval", "100 ms");
        settings.put("provisional.minute", "200 ms");
        settings.put("provisional.hour", "300 ms");
        settings.put("provisional.day", "400 ms");
        settings.put("store.url", stack.jdbcUrl());
        settings.put("store.user", stack.databaseUser());
        settings.put("store.schema", name);
        settings.put("store.batch-interval", "100 ms");
    }

    public String topic() {
        return name;
    }

    public String schema() {
        return name;
    }

    /** Keys and values of the job's options. */
    public Map<String, String> settings() {
        return Map.copyOf(settings);
    }

    /** The job's options, with changes: key, value, key, value. */
    public JobOptions options(String... changes) {
        Map<String, String> changed = new HashMap<>(settings);
        for (int i = 0; i < changes.length; i += 2) {
            changed.put(changes[i], changes[i + 1]);
        }
        return JobOptions.of(changed);
    }

    /** Sends all records of the source. */
    public void send(RecordSource source) throws InterruptedException {
        send(source, null);
    }

    public void send(RecordSource source, @Nullable Double perSecond) throws InterruptedException {
        try (RecordSender sender =
                new RecordSender(
                        Map.of("bootstrap.servers", stack.bootstrapServers()),
                        name,
                        partitions,
                        perSecond)) {
            sender.send(source);
        }
    }

    /** Sends in the background; the future fails with what the sender throws. */
    public CompletableFuture<Void> sendInBackground(RecordSource source, double perSecond) {
        return CompletableFuture.runAsync(
                () -> {
                    try {
                        send(source, perSecond);
                    } catch (InterruptedException e) {
                        throw new IllegalStateException(e);
                    }
                });
    }

    /** Records made by a test, sent at the given times. */
    public static RecordSource of(List<OutgoingRecord> records) {
        return new RecordSource() {
            @Override
            public Iterator<OutgoingRecord> iterator() {
                return records.iterator();
            }

            @Override
            public Duration worstLag() {
                return Duration.ZERO;
            }

            @Override
            public TimeSpan eventTimes() {
                return new TimeSpan(Instant.EPOCH, Instant.EPOCH);
            }

            @Override
            public long size() {
                return records.size();
            }
        };
    }
}
