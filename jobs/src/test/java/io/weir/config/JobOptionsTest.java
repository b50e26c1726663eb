package io.weir.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.store.StorePassword;
import io.weir.store.StoreTables;
import io.weir.traffic.Grain;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class JobOptionsTest {

    private static final Map<String, String> REQUIRED =
            Map.of(
                    "kafka.bootstrap-servers", "broker:9092",
                    "store.url", "jdbc:postgresql://db/weir",
                    "store.user", "weir_writer");

    @Test
    void hasTheDocumentedDefaults() {
        JobOptions options = JobOptions.of(REQUIRED);

        assertThat(options.kafka())
                .isEqualTo(
                        new KafkaOptions(
                                "broker:9092",
                                "http_requests",
                                "weir",
                                new StartFrom(StartFrom.Position.DAY, null),
                                null));
        assertThat(options.eventTime())
                .isEqualTo(
                        new EventTimeOptions(
                                Duration.ofSeconds(10),
                                Duration.ofMinutes(10),
                                Duration.ofMinutes(5),
                                Duration.ofMinutes(30),
                                Duration.ofMinutes(5),
                                Duration.ofDays(7),
                                true));
        assertThat(options.deduplicate().isOn()).isFalse();
        assertThat(options.deduplicate().keep()).isEqualTo(Duration.ofHours(1));
        assertThat(options.combineInterval()).isEqualTo(Duration.ofSeconds(1));
        assertThat(options.combineMaxKeys()).isEqualTo(50_000);
        assertThat(options.provisional().at(Grain.MINUTE)).isEqualTo(Duration.ofSeconds(5));
        assertThat(options.provisional().at(Grain.HOUR)).isEqualTo(Duration.ofSeconds(30));
        assertThat(options.provisional().at(Grain.DAY)).isEqualTo(Duration.ofMinutes(5));
        assertThat(options.hideAddresses()).isFalse();
        assertThat(options.store().schema()).isEqualTo("weir");
        assertThat(options.store().tables()).isEqualTo(StoreTables.MAIN);
        assertThat(options.store().batchRows()).isEqualTo(5_000);
        assertThat(options.store().batchInterval()).isEqualTo(Duration.ofSeconds(1));
        assertThat(options.store().retryLimit()).isEqualTo(Duration.ofSeconds(60));
        assertThat(options.store().password())
                .isEqualTo(StorePassword.inEnvironment("WEIR_STORE_PASSWORD"));
    }

    @Test
    void mapsEveryKey(@TempDir Path folder) throws IOException {
        Path clientProperties = Files.writeString(folder.resolve("client.properties"), "a=b\n");
        Path passwordFile = Files.writeString(folder.resolve("password"), "s3cret\n");
        Path countries = Files.writeString(folder.resolve("countries.mmdb"), "");
        Path hashKeyFile = Files.writeString(folder.resolve("key"), "0f".repeat(16) + "\n");
        Map<String, String> values = new HashMap<>();
        values.put("kafka.bootstrap-servers", "other:9092");
        values.put("kafka.topic", "hits");
        values.put("kafka.group-id", "group");
        values.put("kafka.start-from", "2026-01-31T00:00:00Z");
        values.put("kafka.client-properties", clientProperties.toString());
        values.put("event-time.out-of-orderness", "11 s");
        values.put("event-time.allowed-lateness", "12 min");
        values.put("event-time.idleness", "6 min");
        values.put("event-time.alignment-drift", "31 min");
        values.put("event-time.max-ahead", "4 min");
        values.put("event-time.max-age", "off");
        values.put("event-time.arrival-clock", "false");
        values.put("deduplicate", "request-id");
        values.put("deduplicate.keep", "2 d");
        values.put("deduplicate.hash-key-file", hashKeyFile.toString());
        values.put("combine.interval", "2 s");
        values.put("combine.max-keys", "7");
        values.put("provisional.minute", "6 s");
        values.put("provisional.hour", "31 s");
        values.put("provisional.day", "6 min");
        values.put("letters.hide-addresses", "true");
        values.put("country.database", countries.toString());
        values.put("store.url", "jdbc:postgresql://elsewhere/x");
        values.put("store.user", "me");
        values.put("store.password-file", passwordFile.toString());
        values.put("store.schema", "other");
        values.put("store.tables", "late");
        values.put("store.batch-rows", "10");
        values.put("store.batch-interval", "3 s");
        values.put("store.retry-limit", "61 s");
        assertThat(values.keySet())
                .isEqualTo(
                        JobOptions.OPTIONS.stream().map(Option::key).collect(Collectors.toSet()));

        JobOptions options = JobOptions.of(values);

        assertThat(options.kafka())
                .isEqualTo(
                        new KafkaOptions(
                                "other:9092",
                                "hits",
                                "group",
                                new StartFrom(
                                        StartFrom.Position.INSTANT,
                                        Instant.parse("2026-01-31T00:00:00Z")),
                                clientProperties));
        assertThat(options.kafka().clientSettings())
                .containsEntry("a", "b")
                .containsEntry("bootstrap.servers", "other:9092");
        assertThat(options.countryDatabase()).isEqualTo(countries);
        assertThat(options.eventTime())
                .isEqualTo(
                        new EventTimeOptions(
                                Duration.ofSeconds(11),
                                Duration.ofMinutes(12),
                                Duration.ofMinutes(6),
                                Duration.ofMinutes(31),
                                Duration.ofMinutes(4),
                                null,
                                false));
        assertThat(options.deduplicate().isOn()).isTrue();
        assertThat(options.deduplicate().keep()).isEqualTo(Duration.ofDays(2));
        assertThat(options.combineInterval()).isEqualTo(Duration.ofSeconds(2));
        assertThat(options.combineMaxKeys()).isEqualTo(7);
        assertThat(options.provisional().at(Grain.MINUTE)).isEqualTo(Duration.ofSeconds(6));
        assertThat(options.provisional().at(Grain.HOUR)).isEqualTo(Duration.ofSeconds(31));
        assertThat(options.provisional().at(Grain.DAY)).isEqualTo(Duration.ofMinutes(6));
        assertThat(options.hideAddresses()).isTrue();
        assertThat(options.store().url()).isEqualTo("jdbc:postgresql://elsewhere/x");
        assertThat(options.store().user()).isEqualTo("me");
        assertThat(options.store().password()).isEqualTo(StorePassword.inFile(passwordFile));
        assertThat(options.store().password().read()).isEqualTo("s3cret");
        assertThat(options.store().schema()).isEqualTo("other");
        assertThat(options.store().tables()).isEqualTo(StoreTables.LATE);
        assertThat(options.store().batchRows()).isEqualTo(10);
        assertThat(options.store().batchInterval()).isEqualTo(Duration.ofSeconds(3));
        assertThat(options.store().retryLimit()).isEqualTo(Duration.ofSeconds(61));
    }

    @Test
    void namesAllUnknownMissingAndWrongKeysAtOnce() {
        assertThatThrownBy(
                        () ->
                                JobOptions.of(
                                        Map.of(
                                                "kafka.topik", "x",
                                                "store.user", "me",
                                                "kafka.bootstrap-servers", "b:9092",
                                                "kafka.topic", "",
                                                "combine.interval", "soon",
                                                "combine.max-keys", "0",
                                                "store.tables", "both")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("kafka.topik: unknown key")
                .hasMessageContaining("store.url: missing")
                .hasMessageContaining("kafka.topic: is empty")
                .hasMessageContaining("combine.interval: 'soon' is not a duration")
                .hasMessageContaining("combine.max-keys: '0' is not a count: use 1 or more")
                .hasMessageContaining(
                        "store.tables: 'both' is not a main or late: use main or late");
    }

    @Test
    void theLateJobsFileIsValid() throws IOException {
        Properties file = new Properties();
        try (Reader reader = Files.newBufferedReader(Path.of("../conf/weir-late.properties"))) {
            file.load(reader);
        }
        Map<String, String> values = new HashMap<>();
        file.stringPropertyNames().forEach(key -> values.put(key, file.getProperty(key)));

        JobOptions options = JobOptions.of(values);

        assertThat(options.store().tables()).isEqualTo(StoreTables.LATE);
        assertThat(options.deduplicate().keep())
                .isGreaterThanOrEqualTo(options.eventTime().settle());
    }

    @Test
    void refusesAnIdlenessOfZero() {
        Map<String, String> values = new HashMap<>(REQUIRED);
        values.put("event-time.idleness", "0 s");

        assertThatThrownBy(() -> JobOptions.of(values))
                .hasMessageContaining("event-time.idleness must be longer than 0");
    }

    @Test
    void refusesToForgetIdsWhileTheirMinutesCanChange() {
        Map<String, String> values = new HashMap<>(REQUIRED);
        values.put("deduplicate.keep", "15 min");
        JobOptions.of(values);
        values.put("deduplicate", "request-id");

        assertThatThrownBy(() -> JobOptions.of(values))
                .hasMessageContaining("deduplicate.keep must be at least")
                .hasMessageContaining("PT16M");
    }

    @Test
    void refusesAHashKeyThatIsNoneAndDoesNotShowIt(@TempDir Path folder) throws IOException {
        Map<String, String> values = new HashMap<>(REQUIRED);
        values.put("deduplicate", "letter");
        values.put(
                "deduplicate.hash-key-file",
                Files.writeString(folder.resolve("key"), "s3cret").toString());

        assertThatThrownBy(() -> JobOptions.of(values))
                .hasMessageContaining("deduplicate.hash-key-file")
                .hasMessageContaining("32 hex digits")
                .hasMessageNotContaining("s3cret");
    }

    @Test
    void refusesAnAlignmentDriftThatASilentPartitionWouldStall() {
        Map<String, String> values = new HashMap<>(REQUIRED);
        values.put("event-time.alignment-drift", "5 min");

        assertThatThrownBy(() -> JobOptions.of(values))
                .hasMessageContaining("event-time.alignment-drift")
                .hasMessageContaining("event-time.idleness");
    }

    @Test
    void theDocumentedTableIsThisOne() throws IOException {
        String table =
                JobOptions.OPTIONS.stream()
                        .map(JobOptionsTest::tableRow)
                        .collect(Collectors.joining("\n"));

        assertThat(Files.readString(Path.of("../docs/configuration.md"))).contains(table);
    }

    private static String tableRow(Option<?> option) {
        String defaultText = option.defaultText();
        String shown =
                defaultText == null
                        ? "**required**"
                        : defaultText.isEmpty() ? "" : "`" + defaultText + "`";
        return "| `%s` | %s | %s | %s |"
                .formatted(option.key(), option.type(), shown, option.description());
    }
}
