package io.weir.tools.connect;

import java.util.HashMap;
import java.util.Map;

/**
 * The consumer groups that show how far a job has read. There are two, so that a release can read
 * beside the one that it is to take over from, and each shows its own progress.
 *
 * @param configured what {@code kafka.group-id} says
 */
public record JobGroups(String configured) {

    private static final String SUFFIX = "-2";

    /** The other one. */
    public String second() {
        return configured + SUFFIX;
    }

    /** How far the job has read that has come furthest, by partition; empty if none commits. */
    public Map<Integer, Long> furthest(KafkaCluster kafka, String topic) {
        Map<Integer, Long> offsets = new HashMap<>(kafka.committedOffsets(configured, topic));
        kafka.committedOffsets(second(), topic)
                .forEach((partition, offset) -> offsets.merge(partition, offset, Math::max));
        return offsets;
    }
}
