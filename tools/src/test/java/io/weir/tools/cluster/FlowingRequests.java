package io.weir.tools.cluster;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.weir.rig.Stack;
import io.weir.tools.letters.LetterReader;
import io.weir.tools.letters.RecordPosition;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Requests that come all the time, four a second of each site, and a reader that looks once a
 * second: whether a count has fallen, and how long ago the first request was sent that it lacks.
 */
final class FlowingRequests {

    /** So many ticks are a minute of event time. */
    static final int TICKS_OF_MINUTE = 240;

    private static final Duration TICK = Duration.ofMinutes(1).dividedBy(TICKS_OF_MINUTE);
    private static final Duration LOOK = Duration.ofSeconds(1);

    /** So often there is a record that is no request, and one that is late. */
    private static final int TICKS_OF_LETTER = 10;

    private final Stack stack;
    private final String name;
    private final Instant start;
    private final int sites;
    private final int bytes;
    private final KafkaProducer<byte[], byte[]> producer;
    private final ScheduledExecutorService threads = Executors.newScheduledThreadPool(2);
    private final List<ScheduledFuture<?>> tasks;
    private final Map<Integer, Long> before;

    /** When each tick was sent, {@link System#nanoTime}; also the lock of what follows. */
    private final List<Long> sent = new ArrayList<>();

    private final Map<String, Long> counts = new HashMap<>();
    private final List<String> fallen = new ArrayList<>();
    private Duration stalest = Duration.ZERO;
    private int looks;

    /**
     * Begins.
     *
     * @param name of topic and schema
     * @param start event time of the first
     */
    FlowingRequests(Stack stack, String name, Instant start, int sites, int bytes)
            throws Exception {
        this.stack = stack;
        this.name = name;
        this.start = start;
        this.sites = sites;
        this.bytes = bytes;
        producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", stack.bootstrapServers()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
        before = bySite();
        tasks =
                List.of(
                        threads.scheduleAtFixedRate(
                                () -> done(this::tick), 0, TICK.toMillis(), TimeUnit.MILLISECONDS),
                        threads.scheduleAtFixedRate(
                                () -> done(this::look), 0, LOOK.toMillis(), TimeUnit.MILLISECONDS));
    }

    private interface Task {
        void run() throws Exception;
    }

    private static void done(Task task) {
        try {
            task.run();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    private void tick() throws Exception {
        int tick = ticks();
        Instant time = start.plus(TICK.multipliedBy(tick));
        long now = System.nanoTime();
        List<Future<RecordMetadata>> sending = new ArrayList<>();
        for (int site = 1; site <= sites; site++) {
            sending.add(send(time, request(site, time)));
        }
        if (tick % TICKS_OF_LETTER == 0) {
            sending.add(send(time, "no request"));
            sending.add(send(time, request(1, start.minus(Duration.ofHours(2)))));
        }
        for (Future<RecordMetadata> each : sending) {
            each.get();
        }
        synchronized (sent) {
            sent.add(now);
        }
    }

    private String request(int site, Instant time) {
        return """
               {"site_id": %d, "event_time": "%s", "status_code": 200, "bytes_sent": %d}"""
                .formatted(site, time, bytes);
    }

    private Future<RecordMetadata> send(Instant time, String value) {
        return producer.send(
                new ProducerRecord<>(name, 0, time.toEpochMilli(), null, value.getBytes(UTF_8)));
    }

    private void look() throws Exception {
        long now = System.nanoTime();
        int ticks = ticks();
        Map<Integer, Long> visible = bySite();
        List<String> rows =
                stack.query(
                        """
                        select format('minute %%s %%s=%%s', site_id, bucket, request_count)
                        from %1$s.http_request_1min union all
                        select format('hour %%s %%s=%%s', site_id, bucket, request_count)
                        from %1$s.http_request_1hour union all
                        select format('day %%s %%s=%%s', site_id, bucket, request_count)
                        from %1$s.http_request_1day"""
                                .formatted(name));
        synchronized (sent) {
            looks++;
            for (String row : rows) {
                String key = row.substring(0, row.indexOf('='));
                long count = Long.parseLong(row.substring(row.indexOf('=') + 1));
                Long last = counts.put(key, count);
                if (last != null && last > count) {
                    fallen.add("%s: from %d to %d".formatted(key, last, count));
                }
            }
            fallen.addAll(gone(rows));
            for (int site = 1; site <= sites; site++) {
                long seen = visible.getOrDefault(site, 0L) - before.getOrDefault(site, 0L);
                if (seen < ticks) {
                    Duration age = Duration.ofNanos(now - sent.get((int) Math.max(0, seen)));
                    stalest = age.compareTo(stalest) > 0 ? age : stalest;
                }
            }
        }
    }

    private List<String> gone(List<String> rows) {
        List<String> keys = rows.stream().map(row -> row.substring(0, row.indexOf('='))).toList();
        return counts.keySet().stream()
                .filter(key -> !keys.contains(key))
                .map(key -> key + " is gone")
                .toList();
    }

    private Map<Integer, Long> bySite() throws Exception {
        Map<Integer, Long> sums = new HashMap<>();
        for (String row :
                stack.query(
                        """
                        select format('%%s %%s', site_id, sum(request_count))
                        from %s.http_request_1min group by site_id"""
                                .formatted(name))) {
            String[] words = row.split(" ", -1);
            sums.put(Integer.valueOf(words[0]), Long.valueOf(words[1]));
        }
        return sums;
    }

    /** How many requests of each site were sent. */
    int ticks() {
        synchronized (sent) {
            return sent.size();
        }
    }

    /** How many records that are no requests were sent, and as many that are late. */
    int letters() {
        return (ticks() + TICKS_OF_LETTER - 1) / TICKS_OF_LETTER;
    }

    /** The letters of a topic, as its readers take them. */
    List<RecordPosition> read(String topic) {
        List<RecordPosition> origins = new ArrayList<>();
        LetterReader.Reading reading =
                LetterReader.read(
                        Map.of("bootstrap.servers", stack.bootstrapServers()),
                        topic,
                        letter -> origins.add(letter.origin()));
        if (reading.letters() != origins.size()) {
            throw new AssertionError(reading.letters() + " letters, not " + origins.size());
        }
        return origins;
    }

    /** Counts that have fallen, and rows that are gone. */
    List<String> fallen() {
        synchronized (sent) {
            return List.copyOf(fallen);
        }
    }

    /** How long ago a request was sent, at most, that a reader did not see. */
    Duration stalest() {
        synchronized (sent) {
            return stalest;
        }
    }

    int looks() {
        synchronized (sent) {
            return looks;
        }
    }

    /** Ends, and fails if either has failed before. */
    void stop() throws InterruptedException, ExecutionException {
        for (ScheduledFuture<?> task : tasks) {
            if (task.isDone()) {
                task.get();
            }
        }
        threads.shutdown();
        if (!threads.awaitTermination(1, TimeUnit.MINUTES)) {
            throw new IllegalStateException("the last look or the last requests do not end");
        }
        producer.close();
    }
}
