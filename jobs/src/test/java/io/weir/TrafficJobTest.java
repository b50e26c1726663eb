package io.weir;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.TrafficPipeline.TrafficStreams;
import io.weir.config.JobOptions;
import io.weir.intake.StartingPoint;
import io.weir.request.ReadRecord;
import io.weir.view.Views;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.graph.StreamNode;
import org.apache.flink.util.InstantiationUtil;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrafficJobTest {

    @Test
    void runsInNoLocaleWhateverThatOfTheMachine() {
        Locale before = Locale.getDefault();
        try {
            Locale.setDefault(new Locale.Builder().setLanguage("tr").setRegion("TR").build());
            assertThatThrownBy(() -> TrafficJob.main(new String[] {"--no.such.key", "1"}))
                    .hasMessageContaining("no.such.key");
            assertThat(Locale.getDefault()).isEqualTo(Locale.ROOT);
        } finally {
            Locale.setDefault(before);
        }
    }

    /** What the operators' states are is compared where savepoints are taken. */
    @Test
    void theUidsAreThoseListedAndTheMaximumParallelismNeverChanges() throws IOException {
        Map<String, List<Integer>> maximumParallelism = new TreeMap<>();
        for (StreamNode node : nodes(options("5 min", "deduplicate", "request-id"))) {
            String uid = node.getTransformationUID();
            assertThat(uid).as(node.getOperatorName()).isNotNull();
            maximumParallelism.put(uid, List.of(node.getMaxParallelism()));
        }

        assertThat(maximumParallelism.keySet())
                .as(
                        "uids of docs/state.txt. An upgrade drops the state of one that is gone:"
                                + " see CONTRIBUTING.md, 'To change a uid', and say in CHANGELOG.md"
                                + " what an upgrade does with the old state")
                .isEqualTo(listedUids());
        assertThat(maximumParallelism.values()).containsOnly(List.of(720));
    }

    /** Lines that are neither indented, as states are, nor comments. */
    private static Set<String> listedUids() throws IOException {
        return Files.readAllLines(Path.of("../docs/state.txt")).stream()
                .filter(line -> !line.startsWith(" ") && !line.startsWith("#"))
                .collect(Collectors.toSet());
    }

    @Test
    void aJobThatWritesLateRowsHoldsNoElections() {
        assertThat(nodes(options("5 min", "store.tables", "late")))
                .extracting(StreamNode::getTransformationUID)
                .contains("store-rows")
                .doesNotContain("candidates", "elections", "store-elections");
    }

    @Test
    void checkpointsAreAlignedWhateverTheClusterSays() {
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.getExecutionEnvironment(
                        new Configuration().set(CheckpointingOptions.ENABLE_UNALIGNED, true));
        TrafficJob.configure(environment);

        assertThat(environment.getCheckpointConfig().isUnalignedCheckpointsEnabled()).isFalse();
    }

    /** In the job's graph, which Flink keeps and sends around, and where the options are shown. */
    @Test
    void whatFlinkStoresHoldsNoSecret(@TempDir Path folder) throws IOException {
        String key = "5ec7e75ec7e75ec7e75ec7e75ec7e75e";
        Path password = Files.writeString(folder.resolve("password"), "s3cret");
        Path hashKey = Files.writeString(folder.resolve("hash-key"), key);
        Path kafka =
                Files.writeString(
                        folder.resolve("kafka"),
                        """
                        security.protocol = SASL_SSL
                        sasl.mechanism = PLAIN
                        sasl.jaas.config = org.apache.kafka.common.security.plain.PlainLoginModule \
                          required username="weir" password="s3cret";
                        ssl.truststore.password = s3cret
                        """);
        JobOptions options =
                options(
                        Map.of(
                                "store.password-file",
                                password.toString(),
                                "deduplicate",
                                "request-id",
                                "deduplicate.hash-key-file",
                                hashKey.toString(),
                                "kafka.client-properties",
                                kafka.toString()));

        byte[] serialized =
                InstantiationUtil.serializeObject(
                        environment(options).getStreamGraph().getJobGraph());

        String graph = new String(serialized, ISO_8859_1);
        assertThat(graph)
                .contains("weir_writer", password.toString(), hashKey.toString(), kafka.toString())
                .contains("sasl.jaas.config")
                .doesNotContain("s3cret", key)
                .doesNotContain(new String(HexFormat.of().parseHex(key), ISO_8859_1))
                .doesNotContain(new String(HexFormat.of().parseHex(key), 0, 8, ISO_8859_1));
        assertThat(options.toString()).doesNotContain("s3cret", key);
    }

    @Test
    void refusesASourceSubtaskWithoutAPartitionThatIsNeverIdle() {
        TrafficJob.checkEachReads(2, 2, options("off"));
        TrafficJob.checkEachReads(3, 2, options("5 min"));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> TrafficJob.checkEachReads(3, 2, options("off")))
                .withMessage(
                        "parallelism 3 with event-time.idleness off needs as many partitions, but"
                                + " topic http_requests has 2: a subtask without one would hold up"
                                + " all others forever. Set event-time.idleness, or a lower"
                                + " parallelism");
    }

    private static Collection<StreamNode> nodes(JobOptions options) {
        return environment(options).getStreamGraph().getStreamNodes();
    }

    private static StreamExecutionEnvironment environment(JobOptions options) {
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.getExecutionEnvironment();
        TrafficJob.configure(environment);
        DataStream<ReadRecord> records =
                TrafficJob.read(
                        environment,
                        options,
                        new StartingPoint(Map.of(new TopicPartition("t", 0), 0L), 0));
        TrafficStreams traffic = TrafficPipeline.of(records, options, Views.none(), 0);
        TrafficJob.write(traffic, options);
        TrafficJob.elect(traffic.rows(), options, 0);
        return environment;
    }

    private static JobOptions options(String idleness) {
        return options(idleness, "deduplicate", "none");
    }

    private static JobOptions options(String idleness, String key, String value) {
        return options(
                Map.of(
                        "event-time.alignment-drift",
                        idleness.equals("off") ? "off" : "30 min",
                        "event-time.idleness",
                        idleness,
                        key,
                        value));
    }

    private static JobOptions options(Map<String, String> settings) {
        Map<String, String> all = new HashMap<>(settings);
        all.put("kafka.bootstrap-servers", "localhost:9092");
        all.put("store.url", "jdbc:postgresql://localhost/weir");
        all.put("store.user", "weir_writer");
        return JobOptions.of(all);
    }
}
