package io.weir.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.embedded.EmbeddedKafka;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PartitionEndsIT {

    @TempDir private static Path folder;

    private static EmbeddedKafka kafka;
    private static Admin admin;
    private static PartitionEnds ends;

    @BeforeAll
    static void start() throws Exception {
        kafka = EmbeddedKafka.start(folder);
        admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
        ends = new PartitionEnds(settings(kafka.bootstrapServers()));
    }

    @AfterAll
    static void stop() {
        ends.close();
        admin.close();
        kafka.close();
    }

    @Test
    void anEmptyPartitionEndsAtItsBeginning() throws Exception {
        create("empty");

        assertThat(after("empty", PartitionWatermark.BEGINNING)).isNotPositive();
        assertThat(after("empty", 0)).isZero();
    }

    @Test
    void theEndIsAfterTheLastRecord() throws Exception {
        create("plain");
        send("plain", 3);

        assertThat(after("plain", PartitionWatermark.BEGINNING)).isEqualTo(3);
        assertThat(after("plain", 1)).isEqualTo(3);
        assertThat(after("plain", 3)).isEqualTo(3);
    }

    @Test
    void theMarkOfACommitAndAbortedRecordsAreNothingToRead() throws Exception {
        create("transactions");
        try (KafkaProducer<byte[], byte[]> producer = producer("closed")) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(record("transactions")).get();
            producer.commitTransaction();
            producer.beginTransaction();
            producer.send(record("transactions")).get();
            producer.abortTransaction();
        }

        // record, mark, record, mark
        assertThat(after("transactions", PartitionWatermark.BEGINNING)).isEqualTo(1);
        assertThat(after("transactions", 1)).isEqualTo(1);
    }

    @Test
    void whatStandsBehindAnOpenTransactionIsStillToCome() throws Exception {
        create("open");
        send("open", 1);
        try (KafkaProducer<byte[], byte[]> producer = producer("open")) {
            producer.initTransactions();
            producer.beginTransaction();
            producer.send(record("open")).get();

            assertThat(after("open", 1)).isEqualTo(Long.MAX_VALUE);

            producer.commitTransaction();
        }
        assertThat(after("open", 1)).isEqualTo(2);
    }

    @Test
    void aBrokerThatDoesNotAnswerLeavesTheEndUnknown() throws Exception {
        try (PartitionEnds nobody = new PartitionEnds(settings("localhost:1"))) {
            assertThat(nobody.after(new TopicPartition("plain", 0), 0).get(30, TimeUnit.SECONDS))
                    .isEqualTo(Long.MAX_VALUE);
        }
    }

    @Test
    void aTopicThatIsMadeAnewWhileItIsReadIsAnotherOne() throws Exception {
        create("anew");
        KafkaPartitionSplit partition = new KafkaPartitionSplit(new TopicPartition("anew", 0), 0);
        try (TopicIdentity identity =
                new TopicIdentity(settings(kafka.bootstrapServers()), "anew")) {
            identity.check(partition);
            KafkaPartitionSplit stored = identity.identify(partition);
            identity.check(stored);
            identity.checkAgain();

            admin.deleteTopics(List.of("anew")).all().get();
            create("anew");

            Awaitility.await()
                    .atMost(30, TimeUnit.SECONDS)
                    .untilAsserted(
                            () ->
                                    assertThatThrownBy(identity::checkAgain)
                                            .isInstanceOf(SuppressRestartsException.class)
                                            .hasStackTraceContaining(
                                                    "topic anew was deleted and created again"));
        }
    }

    private static long after(String topic, long position) throws Exception {
        return ends.after(new TopicPartition(topic, 0), position).get(30, TimeUnit.SECONDS);
    }

    private static void create(String topic) throws Exception {
        admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
        Awaitility.await("the broker knows the topic")
                .atMost(30, TimeUnit.SECONDS)
                .ignoreExceptions()
                .untilAsserted(
                        () ->
                                admin.listOffsets(
                                                Map.of(
                                                        new TopicPartition(topic, 0),
                                                        OffsetSpec.latest()))
                                        .all()
                                        .get());
    }

    private static void send(String topic, int records) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        settings(kafka.bootstrapServers()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            for (int i = 0; i < records; i++) {
                producer.send(record(topic)).get();
            }
        }
    }

    private static KafkaProducer<byte[], byte[]> producer(String transactionalId) {
        Properties settings = settings(kafka.bootstrapServers());
        settings.setProperty("transactional.id", transactionalId);
        return new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
    }

    private static ProducerRecord<byte[], byte[]> record(String topic) {
        return new ProducerRecord<>(topic, 0, null, "{}".getBytes(UTF_8));
    }

    private static Properties settings(String bootstrapServers) {
        Properties settings = new Properties();
        settings.setProperty("bootstrap.servers", bootstrapServers);
        return settings;
    }
}
