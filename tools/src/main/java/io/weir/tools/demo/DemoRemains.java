package io.weir.tools.demo;

import io.weir.tools.connect.KafkaCluster;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What demos of this prefix leave on a Kafka and in a database of one's own, and nothing else
 * there.
 *
 * @param schema null when there is none
 * @param topics those that are there
 */
public record DemoRemains(DemoOptions options, @Nullable DemoSchema schema, Set<String> topics) {

    /**
     * Looks.
     *
     * @throws io.weir.tools.connect.CommandException when something has these names that no demo
     *     made
     */
    public static DemoRemains find(DemoOptions options) {
        DemoSchema schema =
                options.database() == null
                        ? null
                        : new DemoSchema(options.database(), options.schema());
        if (schema != null && !schema.isOfDemo()) {
            schema = null;
        }
        if (options.bootstrapServers() == null) {
            return new DemoRemains(options, schema, Set.of());
        }
        try (KafkaCluster kafka = connect(options.bootstrapServers())) {
            return new DemoRemains(options, schema, DemoTopics.ofDemo(kafka, options));
        }
    }

    public boolean isEmpty() {
        return schema == null && topics.isEmpty();
    }

    /** Each part and where it is, as the end of a sentence. */
    public String description() {
        List<String> parts = new ArrayList<>();
        if (schema != null) {
            parts.add("schema %s in %s".formatted(schema.name(), schema.database().address()));
        }
        if (!topics.isEmpty()) {
            parts.add(
                    "topics %s on %s"
                            .formatted(String.join(", ", topics), options.bootstrapServers()));
        }
        return String.join(" and ", parts);
    }

    /** Deletes all of it. */
    public void remove() {
        if (schema != null) {
            schema.drop();
        }
        if (options.bootstrapServers() != null) {
            try (KafkaCluster kafka = connect(options.bootstrapServers())) {
                DemoTopics.deleteEarlier(kafka, options);
            }
        }
    }

    private static KafkaCluster connect(String bootstrapServers) {
        return KafkaCluster.connect(Map.of("bootstrap.servers", bootstrapServers));
    }
}
