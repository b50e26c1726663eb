package io.weir.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.config.JobOptions;
import io.weir.embedded.EmbeddedKafka;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Topics with a record an hour from 2026-01-14T00:00Z on: offset h was written in hour h, in each
 * partition.
 */
class StartingPointIT {

    private static final Instant FIRST = Instant.parse("2026-01-14T00:00:00Z");
    private static final Instant NOW = Instant.parse("2026-01-15T20:30:00Z");
    private static final int HOURS = 45;
    private static final Duration MAX_AHEAD = Duration.ofMinutes(5);

    @TempDir private static Path folder;

    private static EmbeddedKafka kafka;
    private static Admin admin;

    @BeforeAll
    static void start() throws Exception {
        kafka = EmbeddedKafka.start(folder);
        admin = Admin.create(Map.of("bootstrap.servers", kafka.bootstrapServers()));
        create("kept");
        create("cut");
        admin.deleteRecords(Map.of(new TopicPartition("cut", 0), RecordsToDelete.beforeOffset(30)))
                .all()
                .get();
        admin.alterConsumerGroupOffsets(
                        "weir", Map.of(new TopicPartition("kept", 0), new OffsetAndMetadata(26)))
                .all()
                .get();
    }

    @AfterAll
    static void stop() {
        admin.close();
        kafka.close();
    }

    @Test
    void theDayIsWholeFromItsBeginning() {
        assertThat(find("kept", "day")).isEqualTo(start("kept", 24, "2026-01-15T00:00:00Z"));
    }

    /** A request of 00:00 may have arrived max-ahead earlier. */
    @Test
    void theDayAndAnInstantAreReadFromAMaxAheadBefore() {
        assertThat(findAhead(Duration.ofMinutes(61), "day"))
                .isEqualTo(start("kept", 23, "2026-01-15T00:00:00Z"));
        assertThat(findAhead(Duration.ofMinutes(61), "2026-01-15T02:00:00Z"))
                .isEqualTo(start("kept", 25, "2026-01-15T02:00:00Z"));
    }

    @Test
    void theDayIsWholeOnlyAfterWhatRetentionHasDeleted() {
        assertThat(find("cut", "day")).isEqualTo(start("cut", 30, "2026-01-15T06:05:00Z"));
    }

    @Test
    void anInstantIsWholeFromItselfUnlessRetentionHasDeletedLaterOnes() {
        assertThat(find("kept", "2026-01-15T02:00:00Z"))
                .isEqualTo(start("kept", 26, "2026-01-15T02:00:00Z"));
        assertThat(find("cut", "2026-01-15T02:00:00Z"))
                .isEqualTo(start("cut", 30, "2026-01-15T06:05:00Z"));
    }

    @Test
    void everythingIsWholeFromOffsetZero() {
        assertThat(find("kept", "earliest").wholeFromMillis()).isEqualTo(Long.MIN_VALUE);
    }

    @Test
    void earliestAfterRetentionAndCommittedAreWholeAfterTheirFirstRecord() {
        assertThat(find("cut", "earliest")).isEqualTo(start("cut", 30, "2026-01-15T06:05:00Z"));
        assertThat(find("kept", "committed")).isEqualTo(start("kept", 26, "2026-01-15T02:05:00Z"));
    }

    @Test
    void theFirstRecordThatComesLastDecidesOfSeveralPartitions() throws Exception {
        create("several", 3);
        admin.deleteRecords(
                        Map.of(
                                new TopicPartition("several", 0), RecordsToDelete.beforeOffset(3),
                                new TopicPartition("several", 1), RecordsToDelete.beforeOffset(9),
                                new TopicPartition("several", 2), RecordsToDelete.beforeOffset(6)))
                .all()
                .get();

        assertThat(Instant.ofEpochMilli(find("several", "earliest").wholeFromMillis()))
                .isEqualTo(Instant.parse("2026-01-14T09:05:00Z"));
    }

    @Test
    void aCommittedOffsetThatRetentionHasDeletedIsRefused() throws Exception {
        admin.alterConsumerGroupOffsets(
                        "weir", Map.of(new TopicPartition("cut", 0), new OffsetAndMetadata(29)))
                .all()
                .get();

        assertThatThrownBy(() -> find("cut", "committed"))
                .hasMessageContaining("committed offset 29 of cut-0")
                .hasMessageContaining("deleted everything before 30")
                .hasMessageContaining("kafka.start-from earliest or day");
    }

    @Test
    void latestIsWholeAfterNow() {
        assertThat(find("kept", "latest")).isEqualTo(start("kept", 45, "2026-01-15T20:35:00Z"));
    }

    /** What retention has deleted is older than the retention. */
    @Test
    void aPartitionThatRetentionHasEmptiedLeavesWholeWhatCameSince() throws Exception {
        createEmptied("six_hours", Map.of("retention.ms", "21600000"));
        createEmptied("day", Map.of("retention.ms", "86400000"));
        createEmptied("by_size", Map.of("retention.ms", "86400000", "retention.bytes", "1000000"));

        assertThat(find("six_hours", "day"))
                .isEqualTo(start("six_hours", 45, "2026-01-15T14:35:00Z"));
        assertThat(find("six_hours", "earliest"))
                .isEqualTo(start("six_hours", 45, "2026-01-15T14:35:00Z"));
        assertThat(find("day", "day")).isEqualTo(start("day", 45, "2026-01-15T00:00:00Z"));
        assertThat(find("by_size", "day")).isEqualTo(start("by_size", 45, "2026-01-15T20:35:00Z"));
    }

    @Test
    void namesTheTopicsThatAreMissing() {
        assertThatThrownBy(() -> find("elsewhere", "day"))
                .hasMessageContaining("elsewhere, elsewhere.late, elsewhere.rejected");
    }

    private static StartingPoint start(String topic, long offset, String wholeFrom) {
        return new StartingPoint(
                Map.of(new TopicPartition(topic, 0), offset),
                Instant.parse(wholeFrom).toEpochMilli());
    }

    private static StartingPoint findAhead(Duration maxAhead, String startFrom) {
        return find("kept", startFrom, maxAhead);
    }

    private static StartingPoint find(String topic, String startFrom) {
        return find(topic, startFrom, MAX_AHEAD);
    }

    private static StartingPoint find(String topic, String startFrom, Duration maxAhead) {
        JobOptions options =
                JobOptions.of(
                        Map.of(
                                "kafka.bootstrap-servers",
                                kafka.bootstrapServers(),
                                "kafka.topic",
                                topic,
                                "kafka.start-from",
                                startFrom,
                                "store.url",
                                "jdbc:postgresql://none/weir",
                                "store.user",
                                "none"));
        return StartingPoint.find(options.kafka(), maxAhead, NOW);
    }

    private static void createEmptied(String topic, Map<String, String> settings) throws Exception {
        create(topic);
        TopicPartition partition = new TopicPartition(topic, 0);
        admin.deleteRecords(Map.of(partition, RecordsToDelete.beforeOffset(HOURS))).all().get();
        admin.incrementalAlterConfigs(
                        Map.of(
                                new ConfigResource(ConfigResource.Type.TOPIC, topic),
                                settings.entrySet().stream()
                                        .map(
                                                setting ->
                                                        new AlterConfigOp(
                                                                new ConfigEntry(
                                                                        setting.getKey(),
                                                                        setting.getValue()),
                                                                AlterConfigOp.OpType.SET))
                                        .toList()))
                .all()
                .get();
    }

    private static void create(String topic) throws Exception {
        create(topic, 1);
    }

    private static void create(String topic, int partitions) throws Exception {
        List<NewTopic> topics = new ArrayList<>();
        for (String name : List.of(topic, topic + ".late", topic + ".rejected")) {
            topics.add(
                    new NewTopic(name, partitions, (short) 1)
                            .configs(
                                    Map.of(
                                            "retention.ms",
                                            "-1",
                                            "message.timestamp.after.max.ms",
                                            Long.toString(Long.MAX_VALUE))));
        }
        admin.createTopics(topics).all().get();
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", kafka.bootstrapServers()),
                        new ByteArraySerializer(),
                        new ByteArraySerializer())) {
            for (int hour = 0; hour < HOURS; hour++) {
                long time = FIRST.plus(Duration.ofHours(hour)).toEpochMilli();
                for (int partition = 0; partition < partitions; partition++) {
                    producer.send(
                                    new ProducerRecord<>(
                                            topic, partition, time, null, new byte[] {1}))
                            .get();
                }
            }
        }
    }
}
