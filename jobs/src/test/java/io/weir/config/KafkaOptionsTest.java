package io.weir.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What travels to the machines of the job, as Kafka's own client reads it there. */
class KafkaOptionsTest {

    @TempDir private Path folder;

    @Test
    void aClientReadsTheFileWhereItRuns() throws IOException {
        Path file = file("sasl.mechanism = PLAIN", "sasl.jaas.config = old", "retries = 7");
        Properties references = options(file).clientReferences();
        assertThat(references.toString()).doesNotContain("PLAIN", "old");

        file("sasl.mechanism = PLAIN", "sasl.jaas.config = rotated", "retries = 7");
        AdminClientConfig client = new AdminClientConfig(references);

        assertThat(client.getString("sasl.mechanism")).isEqualTo("PLAIN");
        assertThat(client.getPassword("sasl.jaas.config").value()).isEqualTo("rotated");
        assertThat(client.getInt("retries")).isEqualTo(7);
        assertThat(client.getList("bootstrap.servers")).containsExactly("broker:9092");
    }

    @Test
    void aFileThatIsNotThereIsNamed() throws IOException {
        Path file = file("sasl.jaas.config = secret");
        Properties references = options(file).clientReferences();
        Files.delete(file);

        assertThatThrownBy(() -> new AdminClientConfig(references))
                .hasMessageContaining(file.toString());
    }

    @Test
    void whatTheFileRefersToItselfStays() throws IOException {
        Path directory = Files.createDirectory(folder.resolve("secrets"));
        Files.writeString(directory.resolve("jaas"), "elsewhere");
        Path file =
                file(
                        "config.providers = dir",
                        "config.providers.dir.class = org.apache.kafka.common.config.provider.DirectoryConfigProvider",
                        "sasl.jaas.config = ${dir:" + directory + ":jaas}",
                        "sasl.mechanism = PLAIN");

        AdminClientConfig client = new AdminClientConfig(options(file).clientReferences());

        assertThat(client.getPassword("sasl.jaas.config").value()).isEqualTo("elsewhere");
        assertThat(client.getString("sasl.mechanism")).isEqualTo("PLAIN");
    }

    @Test
    void withoutAFileThereIsOnlyTheAddress() {
        assertThat(options(null).clientReferences())
                .containsOnly(Map.entry("bootstrap.servers", "broker:9092"));
    }

    @Test
    void aPlaceThatAReferenceCannotNameIsRefused() throws IOException {
        Path file = Files.writeString(folder.resolve("a:b"), "retries = 7");

        assertThatThrownBy(() -> options(file).clientReferences())
                .hasMessage(
                        "kafka.client-properties: "
                                + file
                                + " has a : or a }: give the file another place");
    }

    private Path file(String... lines) throws IOException {
        return Files.writeString(folder.resolve("kafka.properties"), String.join("\n", lines));
    }

    private static KafkaOptions options(@Nullable Path file) {
        return new KafkaOptions("broker:9092", "t", "g", StartFrom.parse("day"), file);
    }
}
