package io.weir.tools.send;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.weir.embedded.EmbeddedKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RecordSenderIT {

    private static final int PARTITIONS = 3;
    private static final long FIRST_SEND_TIME =
            Instant.parse("1995-07-01T04:00:00Z").toEpochMilli();

    @SuppressWarnings("NullAway.Init")
    private static EmbeddedKafka kafka;

    @BeforeAll
    static void startKafka(@TempDir Path directory) throws Exception {
        kafka = EmbeddedKafka.start(directory);
        try (Admin admin = Admin.create(client())) {
            admin.createTopics(
                            List.of(
                                    topic("ordered"),
                                    topic("large"),
                                    topic("paced"),
                                    topic("stopped")))
                    .all()
                    .get();
        }
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    @Test
    void sendsEachRecordInOrderToItsPartitionAtItsTime() throws Exception {
        int size = 10_000;
        List<OutgoingRecord> records =
                LongStream.range(0, size)
                        .mapToObj(i -> record(i, ("v" + i).getBytes(UTF_8)))
                        .toList();
        try (RecordSender sender = new RecordSender(client(), "ordered", PARTITIONS, null)) {
            sender.send(new ListSource(records));
            assertThat(sender.sent()).isEqualTo(size);
        }
        List<List<String>> read = read("ordered", size);
        for (int partition = 0; partition < PARTITIONS; partition++) {
            int p = partition;
            assertThat(read.get(partition))
                    .containsExactlyElementsOf(
                            IntStream.range(0, size)
                                    .filter(i -> i % PARTITIONS == p)
                                    .mapToObj(i -> shown(records.get(i)))
                                    .toList());
        }
    }

    @Test
    void takesRecordsUpToTheTopicsLimitAndStopsAtALargerOne() throws Exception {
        List<OutgoingRecord> records =
                List.of(
                        record(0, new byte[(4 << 20) - (64 << 10)]),
                        record(1, new byte[4 << 20]),
                        record(2, new byte[1]));
        try (RecordSender sender = new RecordSender(client(), "large", PARTITIONS, null)) {
            assertThatThrownBy(() -> sender.send(new ListSource(records)))
                    .isInstanceOf(KafkaException.class)
                    .hasCauseInstanceOf(RecordTooLargeException.class)
                    .hasMessageStartingWith(
                            "topic large did not accept line 2 of test.log (4194304 bytes): ");
            await().until(() -> sender.sent() == 1);
        }
        assertThat(read("large", 1).stream().mapToInt(List::size).sum()).isEqualTo(1);
    }

    @Test
    void stopsWhereThereIsNoTopic() {
        Map<String, Object> impatient = client();
        impatient.put("max.block.ms", 500);
        try (RecordSender sender = new RecordSender(impatient, "missing", PARTITIONS, null)) {
            assertThatThrownBy(() -> sender.send(new ListSource(List.of(record(0, new byte[1])))))
                    .isInstanceOf(KafkaException.class)
                    .hasCauseInstanceOf(TimeoutException.class)
                    .hasMessageContaining("topic missing did not accept line 1 of test.log");
            assertThat(sender.sent()).isZero();
        }
    }

    @Test
    void keepsToItsRate() throws Exception {
        List<OutgoingRecord> records =
                LongStream.range(0, 101).mapToObj(i -> record(i, new byte[1])).toList();
        try (RecordSender sender = new RecordSender(client(), "paced", PARTITIONS, 200.0)) {
            long start = System.nanoTime();
            sender.send(new ListSource(records));
            assertThat(Duration.ofNanos(System.nanoTime() - start))
                    .isGreaterThan(Duration.ofMillis(499));
        }
    }

    @Test
    void endsWhenItIsInterrupted() throws Exception {
        ExecutorService executor = Executors.newSingleThreadExecutor();
        try (RecordSender sender = new RecordSender(client(), "stopped", PARTITIONS, 20.0)) {
            List<OutgoingRecord> records =
                    LongStream.range(0, 100_000).mapToObj(i -> record(i, new byte[1])).toList();
            List<Throwable> thrown = new ArrayList<>();
            Future<?> sending =
                    executor.submit(
                            () -> {
                                try {
                                    sender.send(new ListSource(records));
                                } catch (InterruptedException e) {
                                    thrown.add(e);
                                }
                            });
            await().until(() -> sender.sent() > 2);
            executor.shutdownNow();
            await().until(sending::isDone);
            assertThat(thrown).hasSize(1);
        } finally {
            executor.shutdownNow();
        }
    }

    private record ListSource(List<OutgoingRecord> records) implements RecordSource {

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
    }

    private static OutgoingRecord record(long sequence, byte[] value) {
        return new OutgoingRecord(value, FIRST_SEND_TIME + sequence, "test.log", sequence + 1);
    }

    private static NewTopic topic(String name) {
        return new NewTopic(name, PARTITIONS, (short) 1)
                .configs(
                        Map.of(
                                "retention.ms", "-1",
                                "message.timestamp.type", "CreateTime",
                                "max.message.bytes", Integer.toString(4 << 20)));
    }

    private static Map<String, Object> client() {
        return new HashMap<>(Map.of("bootstrap.servers", kafka.bootstrapServers()));
    }

    private static String shown(OutgoingRecord record) {
        return "%s at %d from %s %d"
                .formatted(
                        new String(record.value(), UTF_8),
                        record.sendTimeMillis(),
                        record.source(),
                        record.line());
    }

    /** The records of each partition, as soon as there are as many as expected in all. */
    private static List<List<String>> read(String topic, int expected) {
        List<List<String>> read = new ArrayList<>();
        List<TopicPartition> partitions = new ArrayList<>();
        for (int partition = 0; partition < PARTITIONS; partition++) {
            read.add(new ArrayList<>());
            partitions.add(new TopicPartition(topic, partition));
        }
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        client(), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            await().until(
                            () -> {
                                for (ConsumerRecord<byte[], byte[]> found :
                                        consumer.poll(Duration.ofMillis(100))) {
                                    read.get(found.partition()).add(shown(found));
                                }
                                return read.stream().mapToInt(List::size).sum() >= expected;
                            });
        }
        return read;
    }

    private static String shown(ConsumerRecord<byte[], byte[]> record) {
        Header[] headers = record.headers().toArray();
        assertThat(headers).extracting(Header::key).containsExactly("source", "line");
        return "%s at %d from %s %s"
                .formatted(
                        new String(record.value(), UTF_8),
                        record.timestamp(),
                        new String(headers[0].value(), UTF_8),
                        new String(headers[1].value(), UTF_8));
    }
}
