package io.weir.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.config.JobOptions;
import io.weir.embedded.EmbeddedKafka;
import io.weir.request.ReadRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.runtime.metrics.groups.UnregisteredMetricGroups;
import org.apache.flink.streaming.api.operators.source.TimestampsAndWatermarks;
import org.apache.flink.streaming.runtime.tasks.TestProcessingTimeService;
import org.apache.flink.util.clock.SystemClock;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One subtask of the source on a real broker, with Flink's own outputs of several partitions. */
class RequestReaderIT {

    private static final Duration IDLENESS = Duration.ofSeconds(1);

    @TempDir private static Path folder;

    private static EmbeddedKafka kafka;

    @BeforeAll
    static void start() {
        kafka = EmbeddedKafka.start(folder);
    }

    @AfterAll
    static void stop() {
        kafka.close();
    }

    @Test
    void aPartitionOfGarbageHoldsTheOtherUntilItIsRead() throws Exception {
        create("garbage", 2);
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of())) {
            producer.send(request("garbage", "10:00:00")).get();
            producer.send(request("garbage", "10:05:00")).get();
            for (int i = 0; i < 3; i++) {
                producer.send(new ProducerRecord<>("garbage", 1, null, new byte[] {'{'})).get();
            }
        }
        try (Reading reading = new Reading("garbage", 2)) {
            long began = System.nanoTime();
            reading.until(() -> reading.output.said.contains("watermark 10:04:59"));

            assertThat(System.nanoTime() - began)
                    .as("the other is waited for")
                    .isGreaterThan(IDLENESS.toNanos());
            assertThat(reading.output.said)
                    .filteredOn(each -> each.startsWith("record 1"))
                    .containsExactly("record 1/0", "record 1/1", "record 1/2");
            assertThat(reading.output.said)
                    .last()
                    .as("nothing holds before all is read")
                    .isEqualTo("watermark 10:04:59");
            assertThat(reading.output.said)
                    .filteredOn(each -> each.startsWith("watermark"))
                    .hasSize(1);
        }
    }

    @Test
    void aPausedPartitionIsNeitherReadNorTakenForIdle() throws Exception {
        create("paused", 1);
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of());
                Reading reading = new Reading("paused", 1)) {
            producer.send(request("paused", "10:00:00")).get();
            reading.until(() -> reading.output.said.contains("record 0/0"));
            reading.reader.pauseOrResumeSplits(List.of("paused-0"), List.of());
            producer.send(request("paused", "10:01:00")).get();
            long paused = System.nanoTime();
            reading.until(() -> System.nanoTime() - paused > IDLENESS.multipliedBy(3).toNanos());
            assertThat(reading.output.said).doesNotContain("record 0/1");
            assertThat(reading.isEverIdle()).isFalse();

            reading.reader.pauseOrResumeSplits(List.of(), List.of("paused-0"));
            reading.until(reading::isEverIdle);

            assertThat(reading.output.said).contains("record 0/1");
        }
    }

    @Test
    void aPausedPartitionThatIsReadToItsEndIsNotIdleBeforeItIsResumed() throws Exception {
        create("at_end", 1);
        try (KafkaProducer<byte[], byte[]> producer = producer(Map.of());
                Reading reading = new Reading("at_end", 1)) {
            producer.send(request("at_end", "10:00:00")).get();
            reading.until(() -> reading.output.said.contains("record 0/0"));
            reading.reader.pauseOrResumeSplits(List.of("at_end-0"), List.of());
            long paused = System.nanoTime();
            reading.until(() -> System.nanoTime() - paused > IDLENESS.multipliedBy(3).toNanos());
            assertThat(reading.isEverIdle()).isFalse();

            reading.reader.pauseOrResumeSplits(List.of(), List.of("at_end-0"));
            reading.until(reading::isEverIdle);
        }
    }

    @Test
    void whatWasAbortedIsNotRead() throws Exception {
        create("transactions", 1);
        try (KafkaProducer<byte[], byte[]> producer =
                producer(Map.of("transactional.id", "requests"))) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(request("transactions", "10:00:00")).get();
            producer.abortTransaction();
            producer.beginTransaction();
            producer.send(request("transactions", "10:01:00")).get();
            producer.commitTransaction();
            producer.beginTransaction();
            producer.send(request("transactions", "10:02:00")).get();
            producer.commitTransaction();
        }
        try (Reading reading = new Reading("transactions", 1)) {
            reading.until(() -> reading.output.said.contains("record 0/4"));

            // a mark ends each transaction
            assertThat(records(reading)).containsExactly("record 0/2", "record 0/4");
        }
    }

    private static Stream<String> records(Reading reading) {
        return reading.output.said.stream().filter(each -> each.startsWith("record"));
    }

    private static ProducerRecord<byte[], byte[]> request(String topic, String time) {
        String event =
                "{\"site_id\": 1, \"event_time\": \"2026-01-15T%sZ\", \"status_code\": 200}"
                        .formatted(time);
        long arrival = Instant.parse("2026-01-15T" + time + "Z").toEpochMilli();
        return new ProducerRecord<>(topic, 0, arrival, null, event.getBytes(UTF_8));
    }

    private static void create(String topic, int partitions) throws Exception {
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()))) {
            NewTopic created =
                    new NewTopic(topic, partitions, (short) 1)
                            .configs(Map.of("retention.ms", "-1"));
            admin.createTopics(List.of(created)).all().get();
        }
    }

    private static KafkaProducer<byte[], byte[]> producer(Map<String, Object> more) {
        Map<String, Object> settings = new HashMap<>(more);
        settings.put("bootstrap.servers", kafka.bootstrapServers());
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /** Reads all partitions of a topic as the only subtask. */
    private static final class Reading implements AutoCloseable {

        final RecordedOutput output = new RecordedOutput();
        final SourceReader<ReadRecord, KafkaPartitionSplit> reader;
        private final ReaderContext context = new ReaderContext();
        private final ReaderOutput<ReadRecord> outputs;

        Reading(String topic, int partitions) throws Exception {
            JobOptions options =
                    JobOptions.of(
                            Map.of(
                                    "kafka.bootstrap-servers", kafka.bootstrapServers(),
                                    "kafka.topic", topic,
                                    "event-time.idleness", IDLENESS.toSeconds() + " s",
                                    "event-time.out-of-orderness", "1 s",
                                    "event-time.max-age", "off",
                                    "store.url", "jdbc:postgresql://none/weir",
                                    "store.user", "none"));
            reader =
                    RequestSource.of(options, new StartingPoint(Map.of(), 0)).createReader(context);
            outputs =
                    TimestampsAndWatermarks.createProgressiveEventTimeLogic(
                                    RequestSource.eventTimes(options.eventTime()),
                                    UnregisteredMetricGroups
                                            .createUnregisteredOperatorMetricGroup(),
                                    new TestProcessingTimeService(),
                                    0,
                                    SystemClock.getInstance(),
                                    SystemClock.getInstance(),
                                    UnregisteredMetricGroups.createUnregisteredTaskMetricGroup()
                                            .getIOMetricGroup())
                            .createMainOutput(output, output);
            reader.start();
            List<KafkaPartitionSplit> all = new ArrayList<>();
            for (int partition = 0; partition < partitions; partition++) {
                all.add(new KafkaPartitionSplit(new TopicPartition(topic, partition), 0));
            }
            reader.addSplits(all);
        }

        void until(BooleanSupplier condition) {
            Awaitility.await()
                    .pollInSameThread()
                    .pollInterval(Duration.ofMillis(5))
                    .atMost(Duration.ofMinutes(1))
                    .until(
                            () -> {
                                reader.pollNext(outputs);
                                return condition.getAsBoolean();
                            });
        }

        boolean isEverIdle() {
            return context.sent.stream()
                    .anyMatch(
                            event ->
                                    event instanceof ReaderWatermark watermark
                                            && watermark.isIdle());
        }

        @Override
        public void close() throws Exception {
            reader.close();
        }
    }
}
