package io.weir.tools.requests;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.embedded.EmbeddedKafka;
import io.weir.rig.Typed;
import io.weir.tools.connect.KafkaCluster;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The command on a real broker, whose records have the timestamps that the test gives them. */
class RequestsIT {

    private static final String TOPIC = "raw";
    private static final ObjectMapper JSON = new ObjectMapper();

    private static EmbeddedKafka kafka;
    private static Path configuration;

    private final Typed typed = Typed.at("jdbc:postgresql://127.0.0.1:1/none", "nobody");

    @BeforeAll
    static void fillTopic(@TempDir Path folder) throws Exception {
        kafka = EmbeddedKafka.start(folder.resolve("kafka"));
        configuration =
                Files.writeString(
                        folder.resolve("job.properties"),
                        """
                        kafka.bootstrap-servers = %s
                        kafka.topic = %s
                        store.url = jdbc:postgresql://127.0.0.1:1/none
                        store.user = nobody
                        """
                                .formatted(kafka.bootstrapServers(), TOPIC));
        try (KafkaCluster cluster = KafkaCluster.connect(client())) {
            cluster.create(TOPIC, 2);
        }
        send(0, "09:30:00", event(7, "09:30:00", 503, "'url': '/before'"));
        send(0, "10:00:02", event(7, "10:00:01", 200, "'url': '/one', 'ip_address': '192.0.2.1'"));
        send(0, "10:00:03", event(8, "10:00:02", 503, "'url': '/other/site'"));
        send(
                0,
                "10:00:40",
                event(
                        7,
                        "10:00:30",
                        503,
                        "'url': '/api/two', 'ip_address': '192.0.2.1', 'tier': 'gold', 'via': '203.0.113.9'"));
        send(0, "10:00:41", "not a request");
        // a partition of its own, in which an earlier one comes later
        send(
                1,
                "10:02:00",
                event(
                        7,
                        "10:00:50",
                        502,
                        "'url': '/api/four', 'response_time_msec': 12.5, 'big': 1e999999999"));
        send(
                1,
                "10:03:00",
                event(
                        7,
                        "10:00:40",
                        500,
                        "'url': '\\u001b[31m/api/three\\u202e', 'ip_address': '2001:DB8::1'"));
        send(1, "10:03:01", event(7, "10:01:00", 503, "'url': '/after'"));
        // ten minutes of lateness and five seconds of disorder after the minute, the next one is
        // late
        send(1, "10:11:10", event(7, "10:11:00", 200, "'url': '/clock'"));
        send(1, "10:11:11", event(7, "10:00:59", 503, "'url': '/late'"));
    }

    @AfterAll
    static void stopKafka() {
        kafka.close();
    }

    private static Map<String, Object> client() {
        return Map.of("bootstrap.servers", kafka.bootstrapServers());
    }

    private static String event(int site, String time, int status, String others) {
        return "{'site_id': %d, 'event_time': '2026-03-01T%sZ', 'status_code': %d, %s}"
                .formatted(site, time, status, others)
                .replace('\'', '"');
    }

    private static void send(int partition, String timestamp, String value) throws Exception {
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        client(), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(
                            new ProducerRecord<>(
                                    TOPIC,
                                    partition,
                                    Instant.parse("2026-03-01T" + timestamp + "Z").toEpochMilli(),
                                    null,
                                    value.getBytes(UTF_8)))
                    .get();
        }
    }

    private int requests(String... arguments) {
        List<String> all =
                new ArrayList<>(
                        List.of(
                                "requests",
                                "--config",
                                configuration.toString(),
                                "--from",
                                "2026-03-01T10:00:00Z",
                                "--to",
                                "2026-03-01T10:01:00Z"));
        all.addAll(List.of(arguments));
        return typed.weir(all);
    }

    private List<JsonNode> lines() {
        return typed.out()
                .lines()
                .map(
                        line -> {
                            try {
                                return JSON.readTree(line);
                            } catch (IOException e) {
                                throw new IllegalStateException(line, e);
                            }
                        })
                .toList();
    }

    @Test
    void showsTheRequestsOfASiteAndMinuteInTheirOrder() {
        assertThat(requests("--site", "7")).as(typed.err()).isZero();

        assertThat(lines())
                .extracting(line -> line.get("event_time").asText() + line.get("url").asText())
                .containsExactly(
                        "2026-03-01T10:00:01Z/one",
                        "2026-03-01T10:00:30Z/api/two",
                        "2026-03-01T10:00:40Z\u001b[31m/api/three\u202e",
                        "2026-03-01T10:00:50Z/api/four");
        assertThat(typed.out()).doesNotContain("\u001b").doesNotContain("\u202e");
        // four of each partition: not what is older than max-ahead, nor what follows the clock
        assertThat(typed.err())
                .isEqualTo("read 8 records of raw in 2 partitions, found 4 requests\n");
    }

    @Test
    void aLineHasWhatWasDecodedAndAllElseThatWasSent() throws Exception {
        assertThat(requests("--where", "response_time_msec = 12.5")).as(typed.err()).isZero();

        assertThat(typed.out().strip())
                .isEqualTo(
                        "{\"site_id\":7,\"event_time\":\"2026-03-01T10:00:50Z\",\"status_code\":502,"
                                + "\"response_time_msec\":12.500,\"bytes_sent\":0,\"request_country\":\"ZZ\","
                                + "\"url\":\"/api/four\",\"big\":1E+999999999,"
                                + "\"weir.partition\":1,\"weir.offset\":0,\"weir.timestamp\":\"2026-03-01T10:02:00Z\"}");
    }

    @Test
    void aFilterChoosesAmongThem() {
        assertThat(
                        requests(
                                "--where",
                                "status >= 500 and (url like '/api/%' or site_id = 8) and not field:tier = 'silver'"))
                .as(typed.err())
                .isZero();

        assertThat(lines())
                .extracting(line -> line.get("url").asText())
                .containsExactly("/api/two");
        assertThat(typed.err()).endsWith("found 1 request\n");
    }

    @Test
    void addressesAreShownOnlyWhenAskedFor() {
        assertThat(requests("--where", "field:tier = 'gold' or url = '/one'")).isZero();
        String hidden = lines().get(0).get("ip_address").asText();
        assertThat(hidden).matches("#[0-9a-f]{16}");
        assertThat(lines().get(1).get("ip_address").asText()).isEqualTo(hidden);
        assertThat(lines().get(1).get("via").asText()).isEqualTo("#");
        assertThat(typed.out()).doesNotContain("192.0.2.1").doesNotContain("203.0.113.9");
        typed.forget();

        // nor can they be guessed
        assertThat(requests("--where", "ip_address = '192.0.2.1'")).isZero();
        assertThat(lines()).isEmpty();
        typed.forget();

        assertThat(requests("--where", "ip_address = '192.0.2.1'", "--show-addresses")).isZero();
        assertThat(lines())
                .extracting(line -> line.get("ip_address").asText())
                .containsExactly("192.0.2.1", "192.0.2.1");
    }

    @Test
    void aTableIsSafeToLookAt() {
        assertThat(requests("--site", "7", "--format", "table", "--where", "status = 500"))
                .isZero();

        assertThat(typed.out().lines().map(line -> line.strip().replaceAll(" +", " ")))
                .containsExactly(
                        "time site status msec bytes country client url",
                        "2026-03-01T10:00:40Z 7 500 0 ZZ "
                                + lineOf("status = 500").get("ip_address").asText()
                                + " ?[31m/api/three?");
    }

    private JsonNode lineOf(String filter) {
        typed.forget();
        assertThat(requests("--where", filter)).isZero();
        return lines().get(0);
    }

    @Test
    void theLimitKeepsTheEarliestAndSaysHowManyThereAre() {
        assertThat(requests("--limit", "2")).isZero();

        assertThat(lines())
                .extracting(line -> line.get("url").asText())
                .containsExactly("/one", "/other/site");
        assertThat(typed.err())
                .endsWith(
                        "found 5 requests, of which the first 2 are shown: raise --limit or give a shorter range\n");
    }

    @Test
    void aWrongFilterIsWrongUsageBeforeAnythingIsRead() {
        assertThat(requests("--where", "status >= 'x'")).isEqualTo(2);

        assertThat(typed.err())
                .startsWith(
                        "weir: --where: at character 11: status cannot be compared with 'x': give a number, such as 500");
    }
}
