package io.weir.tools.demo;

import io.weir.config.KafkaOptions;
import io.weir.database.Database;
import io.weir.database.SchemaName;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What a demo was asked for, its requests apart.
 *
 * @param rate records a second at most, null for all that Kafka takes
 * @param exportDirectory null when nothing is exported
 * @param pagePort where the page is served while it is kept running, 0 for a free port
 * @param bootstrapServers an own Kafka, null for an embedded one
 * @param database an own PostgreSQL or Citus, null for an embedded one
 * @param prefix the schema, and the beginning of the names of topics
 * @param election how the top sites are elected
 */
public record DemoOptions(
        int parallelism,
        @Nullable Double rate,
        @Nullable Path exportDirectory,
        boolean keepRunning,
        int pagePort,
        @Nullable String bootstrapServers,
        @Nullable Database database,
        String prefix,
        ElectionRules election) {

    public static final int PARTITIONS = 12;

    SchemaName schema() {
        return new SchemaName(prefix);
    }

    public String topic() {
        return prefix + ".http_requests";
    }

    String rejectedTopic() {
        return KafkaOptions.rejectedOf(topic());
    }

    String lateTopic() {
        return KafkaOptions.lateOf(topic());
    }

    /** Its presence says that a demo made the topics of this prefix. */
    String markTopic() {
        return prefix + ".made-by-weir-demo";
    }

    /** All of them, the mark last. */
    List<String> topics() {
        return List.of(
                topic(),
                rejectedTopic(),
                lateTopic(),
                KafkaOptions.rejectedOf(lateTopic()),
                KafkaOptions.lateOf(lateTopic()),
                markTopic());
    }

    @Override
    public String toString() {
        return String.format(Locale.ROOT, "demo of prefix %s, parallelism %d", prefix, parallelism);
    }
}
