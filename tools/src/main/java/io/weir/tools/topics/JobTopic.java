package io.weir.tools.topics;

import io.weir.config.KafkaOptions;
import io.weir.tools.connect.KafkaCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A topic as a job needs it.
 *
 * @param replication copies of each partition, null for what the brokers make by default
 * @param settings Kafka's own, by name
 */
public record JobTopic(
        String name, int partitions, @Nullable Short replication, Map<String, String> settings) {

    /** A record may have up to this many bytes, and a letter holds a whole record. */
    public static final int MAX_RECORD_BYTES = 4 * 1024 * 1024;

    /** How long requests are kept: a job without state begins with the UTC day. */
    public static final Duration RETENTION = Duration.ofDays(2);

    /** How long letters are kept, so that somebody looks at them in time. */
    public static final Duration LETTERS_RETENTION = Duration.ofDays(30);

    /**
     * The topics of requests, rejected records and late requests.
     *
     * <p>All have the time of arrival as their timestamps. Requests need honest ones; and letters
     * are then kept from when they were written, whatever the timestamp of their record.
     *
     * @param partitions of the requests; letters are few, and have one
     */
    public static List<JobTopic> all(
            String topic,
            int partitions,
            @Nullable Short replication,
            Duration retention,
            Duration lettersRetention) {
        Map<String, String> letters = settings(lettersRetention);
        letters.put("cleanup.policy", "delete");
        letters.put("retention.bytes", "-1");
        return List.of(
                new JobTopic(topic, partitions, replication, settings(retention)),
                new JobTopic(KafkaOptions.rejectedOf(topic), 1, replication, letters),
                new JobTopic(KafkaOptions.lateOf(topic), 1, replication, letters));
    }

    private static Map<String, String> settings(Duration retention) {
        Map<String, String> settings = new TreeMap<>();
        settings.put("max.message.bytes", Integer.toString(MAX_RECORD_BYTES));
        settings.put("message.timestamp.type", "LogAppendTime");
        settings.put("retention.ms", Long.toString(retention.toMillis()));
        return settings;
    }

    /** Makes it. */
    public void create(KafkaCluster kafka) {
        kafka.create(name, partitions, replication, settings);
    }

    /**
     * How the topic that is there differs, each in words; nothing if it does not, or is not there.
     */
    public List<String> differences(KafkaCluster kafka) {
        Optional<Integer> found = kafka.partitions(name);
        if (found.isEmpty()) {
            return List.of();
        }
        List<String> differences = new ArrayList<>();
        compare(differences, "partitions", found.get().toString(), Integer.toString(partitions));
        if (replication != null) {
            compare(
                    differences,
                    "replication factor",
                    Integer.toString(kafka.replication(name)),
                    replication.toString());
        }
        Map<String, String> there = kafka.settings(name);
        settings.forEach(
                (setting, wanted) ->
                        compare(differences, setting, there.getOrDefault(setting, ""), wanted));
        return differences;
    }

    private static void compare(
            List<String> differences, String what, String there, String wanted) {
        if (!there.equals(wanted)) {
            differences.add("%s is %s, not %s".formatted(what, there, wanted));
        }
    }
}
