package io.weir.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.embedded.EmbeddedKafka;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class ReplayLogIT {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void oldRequestsAreNotGeneratedForATopicThatStampsArrivals(@TempDir Path folder)
            throws Exception {
        try (EmbeddedKafka kafka = EmbeddedKafka.start(folder)) {
            make(kafka, "stamped", Map.of("message.timestamp.type", "LogAppendTime"));
            make(kafka, "plain", Map.of());

            assertThat(generate(kafka, "stamped", "--span", "3h")).isEqualTo(1);
            assertThat(generate(kafka, "stamped", "--span", "1m", "--seed", "7")).isEqualTo(1);
            assertThat(err.toString()).contains("LogAppendTime", "--span", "2026-01-15T11:59:00Z");
            assertThat(out.toString()).isEmpty();
            assertThat(generate(kafka, "stamped", "--span", "1m")).isZero();
            assertThat(generate(kafka, "plain", "--span", "3h")).isZero();
        }
    }

    @Test
    void aTopicThatStampsArrivalsIsRefused(@TempDir Path folder) throws Exception {
        String log =
                Path.of(ReplayLogIT.class.getResource("/access-logs/quirky.log").toURI())
                        .toString();
        try (EmbeddedKafka kafka = EmbeddedKafka.start(folder)) {
            make(kafka, "stamped", Map.of("message.timestamp.type", "LogAppendTime"));
            make(kafka, "plain", Map.of());

            assertThat(replay(kafka, "stamped", log)).isEqualTo(1);
            assertThat(err.toString()).contains("LogAppendTime", "late", "stamped");
            assertThat(replay(kafka, "missing", log)).isEqualTo(1);
            assertThat(err.toString()).contains("there is no topic missing");
            assertThat(replay(kafka, "plain", log)).isZero();
            assertThat(out.toString())
                    .contains(
                            "response times: read of 1 of 8 requests",
                            "sent 13 records to plain",
                            "5 of them are not requests; the job rejects them:",
                            "  JSON                               1   line 13 of quirky.log: {\"site_id\":7,",
                            "some requests are 1800 s older");

            InputStream before = System.in;
            System.setIn(new ByteArrayInputStream(zippedTwice(Path.of(log))));
            try {
                assertThat(replay(kafka, "plain", "-")).isZero();
            } finally {
                System.setIn(before);
            }
            assertThat(out.toString()).contains("sent 26 records to plain");
        }
    }

    private static byte[] zippedTwice(Path log) throws IOException {
        ByteArrayOutputStream joined = new ByteArrayOutputStream();
        for (int i = 0; i < 2; i++) {
            try (GZIPOutputStream zip = new GZIPOutputStream(joined)) {
                zip.write(Files.readAllBytes(log));
            }
        }
        return joined.toByteArray();
    }

    private static void make(EmbeddedKafka kafka, String topic, Map<String, String> settings)
            throws Exception {
        try (Admin admin =
                Admin.create(
                        Map.<String, Object>of("bootstrap.servers", kafka.bootstrapServers()))) {
            admin.createTopics(List.of(new NewTopic(topic, 3, (short) 1).configs(settings)))
                    .all()
                    .get();
        }
    }

    private int replay(EmbeddedKafka kafka, String topic, String log) {
        return weir(kafka, topic, "replay-log", log);
    }

    private int generate(EmbeddedKafka kafka, String topic, String... options) {
        List<String> arguments = new ArrayList<>(List.of("generate", "--requests", "1000"));
        arguments.addAll(List.of(options));
        return weir(kafka, topic, arguments.toArray(String[]::new));
    }

    private int weir(EmbeddedKafka kafka, String topic, String... arguments) {
        CommandLine command = Weir.commandLine();
        command.setOut(new PrintWriter(out));
        command.setErr(new PrintWriter(err));
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of("--bootstrap-servers", kafka.bootstrapServers(), "--topic", topic));
        return command.execute(all.toArray(String[]::new));
    }
}
