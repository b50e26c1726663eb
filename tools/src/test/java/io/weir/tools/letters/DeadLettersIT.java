package io.weir.tools.letters;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.weir.embedded.EmbeddedKafka;
import io.weir.intake.DeadLetterSerializer;
import io.weir.request.KafkaHeader;
import io.weir.request.KafkaRecord;
import io.weir.request.RequestDecoder;
import io.weir.rig.Typed;
import io.weir.tools.connect.CommandException;
import io.weir.tools.connect.KafkaCluster;
import io.weir.tools.topics.KeptRecords;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The commands on a real broker, each test with topics that {@code topics create} made. */
class DeadLettersIT {

    private static final long AT_TEN = Instant.parse("2026-03-01T10:00:00Z").toEpochMilli();
    private static final String WRONG_TYPE =
            "{\"site_id\":7,\"event_time\":\"2026-03-01T10:00:00Z\",\"status_code\":\"200\"}";

    private static EmbeddedKafka kafka;

    private static int topics;

    private String topic = "";
    private String rejected = "";
    private String made = "";
    private Typed typed = Typed.atKafka("");

    @BeforeAll
    static void startKafka(@TempDir Path folder) {
        kafka = EmbeddedKafka.start(folder);
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    @BeforeEach
    void makeTopics() {
        topic = "requests" + topics++;
        rejected = topic + ".rejected";
        typed = Typed.atKafka(kafka.bootstrapServers());
        assertThat(typed.weir("topics", "create", "--topic", topic, "--partitions", "2"))
                .as(typed.err())
                .isZero();
        made = typed.out();
        typed.forget();
    }

    @Test
    void topicsAreMadeOnceAndSayHowTheyDiffer() {
        assertThat(made.lines())
                .containsExactly(
                        "created topic " + topic,
                        "created topic " + topic + ".rejected",
                        "created topic " + topic + ".late");
        try (KafkaCluster cluster = KafkaCluster.connect(client())) {
            awaitPartitions(cluster, topic, 2);
            assertThat(cluster.settings(topic))
                    .containsEntry("message.timestamp.type", "LogAppendTime")
                    .containsEntry("max.message.bytes", "4194304")
                    .containsEntry("retention.ms", "172800000");
            for (String letters : List.of(rejected, topic + ".late")) {
                awaitPartitions(cluster, letters, 1);
                assertThat(cluster.settings(letters))
                        .containsEntry("message.timestamp.type", "LogAppendTime")
                        .containsEntry("max.message.bytes", "4194304")
                        .containsEntry("retention.ms", "2592000000")
                        .containsEntry("retention.bytes", "-1");
            }
            assertThat(KeptRecords.of(cluster, topic, Instant.parse("2026-03-01T00:00:00Z")))
                    .containsExactly(
                            "topic %s keeps what it holds until 2026-03-10T01:00:00Z at the latest"
                                    .formatted(topic),
                            "topic %s keeps what it holds until 2026-04-07T01:00:00Z at the latest"
                                    .formatted(rejected),
                            "topic %s.late keeps what it holds until 2026-04-07T01:00:00Z at the latest"
                                    .formatted(topic));
        }

        typed.forget();
        assertThat(typed.weir("topics", "create", "--topic", topic, "--partitions", "2")).isZero();
        assertThat(typed.out().lines()).containsOnlyOnce("topic " + topic + " exists").hasSize(3);

        typed.forget();
        assertThat(
                        typed.weir(
                                "topics",
                                "create",
                                "--topic",
                                topic,
                                "--partitions=3",
                                "--replication-factor=2",
                                "--letters-retention=7d"))
                .isEqualTo(1);
        assertThat(typed.out().lines())
                .containsExactly(
                        "topic %s exists and was left as it is: partitions is 2, not 3; replication factor is 1, not 2"
                                .formatted(topic),
                        "topic %s exists and was left as it is: replication factor is 1, not 2; retention.ms is 2592000000, not 604800000"
                                .formatted(rejected),
                        "topic %s.late exists and was left as it is: replication factor is 1, not 2; retention.ms is 2592000000, not 604800000"
                                .formatted(topic));
    }

    /** A broker knows a topic a moment after it was made. */
    private static void awaitPartitions(KafkaCluster cluster, String topic, int partitions) {
        await().untilAsserted(() -> assertThat(cluster.partitions(topic)).contains(partitions));
    }

    @Test
    void listCountsEachLetterOnceAndShowsTheNewestOfEachReason() throws Exception {
        put(letter(0, 10, AT_TEN, WRONG_TYPE));
        put(letter(1, 10, AT_TEN + 60_000, WRONG_TYPE.replace("7", "\"\\u001b\"")));
        put(letter(1, 10, AT_TEN + 60_000, WRONG_TYPE.replace("7", "\"\\u001b\"")));
        put(letter(0, 11, AT_TEN + 1, "{\u001b[31m"));
        put(new ProducerRecord<>(rejected, "a stranger".getBytes(UTF_8)));

        assertThat(dead("list")).isZero();

        assertThat(typed.out().lines().map(line -> line.replaceAll(" +", " ").strip()))
                .containsExactly(
                        "reason letters replayed cut first last",
                        "wrong_type 2 0 0 2026-03-01T10:00:00Z 2026-03-01T10:01:00Z",
                        "not_json 1 0 0 2026-03-01T10:00:00.001Z 2026-03-01T10:00:00.001Z",
                        "",
                        "wrong_type: site_id is \"\\u001b\": expected an integer from 0 to 2147483647",
                        topic
                                + "-1-10: {\"site_id\":\"\\u001b\",\"event_time\":\"2026-03-01T10:00:00Z\",\"status_code\":\"200\"}",
                        "",
                        "not_json: not JSON: expected '\"' at byte 1, found byte 0x1b",
                        topic + "-0-11: {?[31m",
                        "",
                        "3 letters, and 1 record that Weir did not write");
    }

    @Test
    void linesOfLogsAreCountedByTheReasonOfTheirParser() throws Exception {
        put(lineOfLog(10, "no client", "] [01/Mar/2026:10:00:00 +0000] \"-\" 200 5"));
        put(lineOfLog(11, "no client", "| [01/Mar/2026:10:00:00 +0000] \"-\" 200 5"));
        put(lineOfLog(12, "empty line", ""));
        put(letter(0, 13, AT_TEN, "{"));

        assertThat(dead("replay", "--reason", "empty line", "--yes")).as(typed.err()).isZero();
        assertThat(dead("list")).isZero();
        assertThat(typed.out().lines().map(line -> line.replaceAll(" +", " ").strip()))
                .contains(
                        "no client (not_json) 2 0 0 2026-03-01T10:00:00Z 2026-03-01T10:00:00Z",
                        "empty line (not_json) 1 1 0 2026-03-01T10:00:00Z 2026-03-01T10:00:00Z",
                        "not_json 1 0 0 2026-03-01T10:00:00Z 2026-03-01T10:00:00Z",
                        "empty line (not_json): there is nothing in it");

        typed.forget();
        assertThat(dead("show", "--reason", "no client")).isZero();
        assertThat(typed.out().lines())
                .contains("  reason   no client (not_json)")
                .endsWith("2 letters match");
        typed.forget();
        assertThat(dead("show", "--reason", "not_json")).isZero();
        assertThat(typed.out().lines()).endsWith("4 letters match");
        assertThat(dead("show", "--reason", "no_client")).isEqualTo(2);
        assertThat(typed.err())
                .contains("--reason: 'no_client' must be one of not_json, not_an_object, ");
    }

    @Test
    void showPrintsWhatMatchesAndWritesTheBytesOfOne(@TempDir Path folder) throws Exception {
        put(letter(0, 10, AT_TEN, WRONG_TYPE));
        put(letter(0, 11, AT_TEN, "{\u001b[31m"));
        put(letter(1, 10, AT_TEN + 60_000, WRONG_TYPE));

        assertThat(dead("show", "--reason", "wrong_type", "--limit", "1")).isZero();
        assertThat(typed.out().lines())
                .startsWith(topic + ", partition 0, offset 10, 2026-03-01T10:00:00Z")
                .contains("  header   source: a.log", "  " + WRONG_TYPE)
                .endsWith("2 letters match, 1 more than --limit");

        typed.forget();
        Path file = folder.resolve("value");
        assertThat(dead("show", "--contains", "[31m", "--raw", file.toString())).isZero();
        assertThat(Files.readAllBytes(file)).isEqualTo("{\u001b[31m".getBytes(UTF_8));

        typed.forget();
        assertThat(dead("show", "--since", "2026-03-01", "--raw", folder + "/none")).isEqualTo(1);
        assertThat(typed.err()).contains("--raw: 3 letters match, so nothing was written");
        assertThat(folder.resolve("none")).doesNotExist();
    }

    @Test
    void replaySendsEachLetterOnceHoweverOftenItRuns() throws Exception {
        put(letter(1, 10, AT_TEN, WRONG_TYPE));
        put(letter(1, 10, AT_TEN, WRONG_TYPE));
        put(letter(0, 11, AT_TEN, "{"));
        put(letter(0, 12, AT_TEN, "x".repeat((1 << 20) + 1)));
        put(letterOf("elsewhere", 0, 1, AT_TEN, "{"));

        assertThat(dead("replay", "--dry-run")).isZero();
        assertThat(typed.out())
                .isEqualTo(
                        "would send 2 letters (left out: 1 whose value was cut, 1 of another topic (see --from-topic)) to %s%n"
                                .formatted(topic));
        assertThat(dead("replay")).isEqualTo(1);
        assertThat(typed.err()).contains("there was no answer, so nothing was done");
        assertThat(records(topic)).isEmpty();

        typed.forget();
        assertThat(dead("replay", "--reason", "wrong_type", "--yes")).isZero();
        assertThat(typed.out()).isEqualTo("sent 1 letter to %s%n".formatted(topic));
        ConsumerRecord<byte[], byte[]> sent = committed(1).get(0);
        assertThat(sent.partition()).isEqualTo(1);
        assertThat(sent.key()).isEqualTo("key".getBytes(UTF_8));
        assertThat(sent.value()).isEqualTo(WRONG_TYPE.getBytes(UTF_8));
        assertThat(headers(sent).stream().map(each -> each.replaceFirst("=[0-9]{13}$", "=now")))
                .containsExactly(
                        "source=a.log",
                        "weir.replayed-from=" + topic + "-1-10",
                        "weir.hosts-as-of=now",
                        "weir.replays=1");

        typed.forget();
        assertThat(dead("replay", "--yes")).isZero();
        assertThat(dead("replay", "--yes")).isZero();
        assertThat(typed.out().lines())
                .containsExactly(
                        "sent 1 letter to " + topic,
                        "nothing to send: 0 letters (left out: 2 replayed before, 1 whose value was cut, 1 of another topic (see --from-topic))");
        assertThat(committed(2)).hasSize(2);

        typed.forget();
        assertThat(dead("list")).isZero();
        assertThat(typed.out().lines().map(line -> line.replaceAll(" +", " ")))
                .anyMatch(line -> line.startsWith("not_json 2 1 0 "))
                .anyMatch(line -> line.startsWith("wrong_type 1 1 0 "))
                .anyMatch(line -> line.startsWith("too_large 1 0 1 "))
                .endsWith("4 letters");
    }

    @Test
    void aRunThatIsKilledLeavesNothingAndTheNextOneSendsAll() throws Exception {
        put(letter(0, 10, AT_TEN, WRONG_TYPE));
        put(letter(0, 11, AT_TEN, WRONG_TYPE));
        LetterReplay killed = LetterReplay.open(client(), rejected, 2);
        try (killed) {
            LetterReader.Reading unused = LetterReader.read(client(), rejected, killed::add);
            killed.sendPending();
            // a record and its mark have arrived, and nothing will ever commit them
            await().until(() -> written(topic) == 2 && written(rejected) == 4);

            assertThat(dead("replay", "--yes")).as(typed.err()).isZero();
            assertThat(typed.out()).isEqualTo("sent 2 letters to %s%n".formatted(topic));
            assertThat(committed(2)).hasSize(2);
        }
        assertThat(records(topic)).hasSize(2);
    }

    @Test
    void aRunThatAnotherOvertakesSendsNothing() throws Exception {
        put(letter(0, 10, AT_TEN, WRONG_TYPE));
        try (LetterReplay overtaken = LetterReplay.open(client(), rejected, 2)) {
            ReplayPlan plan =
                    ReplayPlan.of(
                            client(),
                            rejected,
                            topic,
                            new LetterFilter(null, null, null, null, null, null, null));
            assertThat(plan.letters()).hasSize(1);
            assertThat(dead("replay", "--yes")).isZero();

            assertThatThrownBy(() -> overtaken.send(plan))
                    .isInstanceOf(CommandException.class)
                    .hasMessageContaining("another replay of this topic was started")
                    .hasMessageContaining("0 letters sent before that");
        }
        assertThat(committed(1)).hasSize(1);
    }

    @Test
    void aTopicThatIsNotThereIsNamed() {
        assertThat(typed.weir("dead-letters", "list", "--topic", "nowhere")).isEqualTo(1);
        assertThat(typed.err()).contains("there is no topic nowhere.rejected at ");
    }

    private int dead(String... arguments) {
        List<String> all = new ArrayList<>(List.of("dead-letters"));
        all.addAll(List.of(arguments));
        all.addAll(List.of("--topic", topic));
        return typed.weir(all);
    }

    private ProducerRecord<byte[], byte[]> letter(
            int partition, long offset, long timestamp, String value) {
        return letterOf(topic, partition, offset, timestamp, value);
    }

    private ProducerRecord<byte[], byte[]> letterOf(
            String origin, int partition, long offset, long timestamp, String value) {
        return letterOf(origin, partition, offset, timestamp, value, List.of());
    }

    private ProducerRecord<byte[], byte[]> lineOfLog(long offset, String reason, String line) {
        List<KafkaHeader> why = List.of(new KafkaHeader("reason", reason.getBytes(UTF_8)));
        return letterOf(topic, 0, offset, AT_TEN, line, why);
    }

    /** As the job makes it. */
    private ProducerRecord<byte[], byte[]> letterOf(
            String origin,
            int partition,
            long offset,
            long timestamp,
            String value,
            List<KafkaHeader> more) {
        List<KafkaHeader> headers = new ArrayList<>(more);
        headers.add(new KafkaHeader("source", "a.log".getBytes(UTF_8)));
        KafkaRecord record =
                new KafkaRecord(
                        origin,
                        partition,
                        offset,
                        timestamp,
                        "key".getBytes(UTF_8),
                        value.getBytes(UTF_8),
                        headers);
        return new DeadLetterSerializer(rejected, false)
                .serialize(
                        new RequestDecoder(Duration.ofMinutes(5), null).decode(record),
                        new AnyContext(),
                        0L);
    }

    private record AnyContext() implements KafkaRecordSerializationSchema.KafkaSinkContext {

        @Override
        public int getParallelInstanceId() {
            return 0;
        }

        @Override
        public int getNumberOfParallelInstances() {
            return 1;
        }

        @Override
        public int[] getPartitionsForTopic(String topic) {
            return new int[] {0};
        }
    }

    private static void put(ProducerRecord<byte[], byte[]> record) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        client(), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(record).get();
        }
    }

    private static long written(String topic) {
        try (KafkaCluster cluster = KafkaCluster.connect(client())) {
            return cluster.endOffsets(topic).values().stream().mapToLong(Long::longValue).sum();
        }
    }

    /** The broker shows what is committed a moment after it has promised to. */
    private List<ConsumerRecord<byte[], byte[]>> committed(int atLeast) {
        return await().until(() -> records(topic), records -> records.size() >= atLeast);
    }

    /** All that is committed, and that the job would read. */
    private static List<ConsumerRecord<byte[], byte[]>> records(String topic) {
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        Map.of(
                                "bootstrap.servers",
                                kafka.bootstrapServers(),
                                "isolation.level",
                                "read_committed"),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            Set<TopicPartition> partitions =
                    Set.of(new TopicPartition(topic, 0), new TopicPartition(topic, 1));
            consumer.assign(partitions);
            consumer.seekToBeginning(partitions);
            Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
            List<ConsumerRecord<byte[], byte[]>> records = new ArrayList<>();
            while (ends.entrySet().stream()
                    .anyMatch(end -> consumer.position(end.getKey()) < end.getValue())) {
                consumer.poll(Duration.ofMillis(100)).forEach(records::add);
            }
            return records;
        }
    }

    private static List<String> headers(ConsumerRecord<byte[], byte[]> record) {
        List<String> headers = new ArrayList<>();
        for (Header header : record.headers()) {
            headers.add(header.key() + "=" + new String(header.value(), UTF_8));
        }
        return headers;
    }

    private static Map<String, Object> client() {
        return Map.of("bootstrap.servers", kafka.bootstrapServers());
    }
}
