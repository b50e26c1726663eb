package io.weir.benchmarks.contestants;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import io.weir.database.SchemaName;
import io.weir.database.Session;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/**
 * The design of Citus's tutorial of real-time dashboards: raw rows by COPY, and an INSERT .. SELECT
 * for each minute that has passed, in a session of its own beside the loading. Minutes only, with
 * counts, average and exact distinct addresses.
 */
final class Tutorial implements Contestant {

    private static final SchemaName SCHEMA = new SchemaName("tutorial");
    private static final int ROWS_A_COPY = 10_000;
    private static final Duration POLL = Duration.ofMillis(100);
    private static final long OUT_OF_ORDERNESS_MILLIS = 10_000;
    private static final long MINUTE_MILLIS = 60_000;

    private final Assignment assignment;
    private final PeerTables tables;
    private final ObjectReader json = new ObjectMapper().readerFor(JsonRequest.class);

    Tutorial(Assignment assignment) {
        this.assignment = assignment;
        this.tables = new PeerTables(assignment, SCHEMA.name());
    }

    @Override
    public void prepare() throws Exception {
        tables.make();
    }

    @Override
    public Effort count() throws Exception {
        try (KafkaConsumer<byte[], byte[]> consumer =
                        new KafkaConsumer<>(
                                Map.of(
                                        ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
                                        assignment.bootstrapServers(),
                                        ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
                                        ROWS_A_COPY),
                                new ByteArrayDeserializer(),
                                new ByteArrayDeserializer());
                Session loading = assignment.database().open(SCHEMA);
                Rollup rollup = new Rollup()) {
            List<TopicPartition> partitions =
                    consumer.partitionsFor(Assignment.TOPIC).stream()
                            .map(info -> new TopicPartition(info.topic(), info.partition()))
                            .toList();
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            ConsumerRecords<byte[], byte[]> records = ConsumerRecords.empty();
            while (records.isEmpty()) {
                records = consumer.poll(POLL);
            }
            Stopwatch watch = new Stopwatch();
            CopyManager copy = loading.connection().unwrap(PGConnection.class).getCopyAPI();
            long[] latest = new long[partitions.size()];
            for (long loaded = 0; loaded < assignment.records(); records = consumer.poll(POLL)) {
                load(records, copy, latest);
                loaded += records.count();
                rollup.upTo(watermark(latest));
            }
            rollup.upTo(assignment.lastMillis() + MINUTE_MILLIS);
            rollup.await();
            watch.stop();
            return watch.effort(tables.requestsIn("http_request_1min"));
        }
    }

    /** No later request is expected before it. */
    private static long watermark(long[] latest) {
        long least = Long.MAX_VALUE;
        for (long millis : latest) {
            least = Math.min(least, millis);
        }
        return least - OUT_OF_ORDERNESS_MILLIS;
    }

    /**
     * Copies a poll's records.
     *
     * @param latest by partition, the latest event time, epoch milliseconds; is brought up to date
     */
    private void load(ConsumerRecords<byte[], byte[]> records, CopyManager copy, long[] latest)
            throws IOException, SQLException {
        if (records.isEmpty()) {
            return;
        }
        StringBuilder rows = new StringBuilder();
        for (ConsumerRecord<byte[], byte[]> record : records) {
            JsonRequest request = json.readValue(record.value());
            latest[record.partition()] = Math.max(latest[record.partition()], request.eventTime);
            rows.append(request.siteId).append('\t');
            rows.append(Instant.ofEpochMilli(request.eventTime)).append('\t');
            rows.append(request.url).append('\t');
            rows.append(request.requestCountry).append('\t');
            rows.append(request.ipAddress).append('\t');
            rows.append(request.statusCode).append('\t');
            rows.append(request.responseTimeMsec).append('\n');
        }
        copy.copyIn(
                "copy tutorial.http_request from stdin",
                new ByteArrayInputStream(rows.toString().getBytes(UTF_8)));
    }

    /** Rolls minutes up, one after the other, beside the loading. */
    private final class Rollup implements AutoCloseable {

        private final ExecutorService thread = Executors.newSingleThreadExecutor();
        private final Session session = assignment.database().open(SCHEMA);
        private CompletableFuture<Void> done = CompletableFuture.completedFuture(null);
        private long nextMillis = minuteOf(assignment.firstMillis());

        /** Sees to the minutes that have ended. */
        void upTo(long millis) {
            long end = minuteOf(millis);
            if (end > nextMillis) {
                Instant since = Instant.ofEpochMilli(nextMillis);
                done = done.thenRunAsync(() -> rollUp(since, Instant.ofEpochMilli(end)), thread);
                nextMillis = end;
            }
        }

        void await() throws Exception {
            done.get();
        }

        private void rollUp(Instant since, Instant until) {
            try {
                session.execute("select ${schema}.rollup_http_request(?, ?)", since, until);
            } catch (SQLException e) {
                throw new IllegalStateException("minutes from %s on".formatted(since), e);
            }
        }

        private static long minuteOf(long millis) {
            return Math.floorDiv(millis, MINUTE_MILLIS) * MINUTE_MILLIS;
        }

        @Override
        public void close() throws SQLException {
            thread.shutdownNow();
            session.close();
        }
    }
}
