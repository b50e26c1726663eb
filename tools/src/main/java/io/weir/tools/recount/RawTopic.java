package io.weir.tools.recount;

import io.weir.config.KafkaOptions;
import io.weir.database.Causes;
import io.weir.tools.connect.CommandException;
import io.weir.tools.connect.KafkaCluster;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * The topic that the job reads, as it was at one moment.
 *
 * @param ends the offset after the last record of each partition, committed or not
 * @param asked just before its ends were asked for
 * @param stampsArrival whether the broker dates records by its own clock
 * @param deletedBefore every deleted record is older, if retention goes by time alone; otherwise
 *     {@code asked}
 */
public record RawTopic(
        KafkaOptions kafka,
        Map<Integer, Long> ends,
        Instant asked,
        boolean stampsArrival,
        Instant deletedBefore) {

    /** Records up to this size are fetched whole, as the job fetches them. */
    private static final int MAX_RECORD_BYTES = 4 * 1024 * 1024;

    private static final int RECORDS_AT_ONCE = 5_000;

    /** Nothing is awaited that was not there: at the end of a partition a fetch is in vain. */
    private static final Duration MAX_FETCH = Duration.ofMillis(20);

    /** How far the clocks of the brokers and of this machine may be apart. */
    private static final Duration CLOCK_SKEW = Duration.ofMinutes(1);

    /**
     * Asks Kafka.
     *
     * @throws CommandException when it does not answer, or has no such topic
     */
    public static RawTopic ask(KafkaOptions kafka) {
        try (KafkaCluster cluster = connect(kafka)) {
            String topic = kafka.topic();
            if (cluster.partitions(topic).isEmpty()) {
                throw new CommandException(
                        "Kafka at %s has no topic %s: correct kafka.topic"
                                .formatted(kafka.bootstrapServers(), topic));
            }
            Instant asked = Instant.now();
            return new RawTopic(
                    kafka,
                    cluster.endOffsets(topic),
                    asked,
                    cluster.setting(topic, "message.timestamp.type").equals("LogAppendTime"),
                    deletedBefore(cluster, topic, asked));
        }
    }

    private static KafkaCluster connect(KafkaOptions kafka) {
        Map<String, Object> client = new HashMap<>();
        kafka.clientSettings().forEach((key, value) -> client.put(String.valueOf(key), value));
        try {
            return KafkaCluster.connect(client);
        } catch (CommandException e) {
            throw new CommandException(
                    """
                    Kafka at %s: no broker answers (%s): start it, or correct \
                    kafka.bootstrap-servers and kafka.client-properties"""
                            .formatted(kafka.bootstrapServers(), Causes.innermost(e)),
                    e);
        }
    }

    private static Instant deletedBefore(KafkaCluster cluster, String topic, Instant asked) {
        long keptMillis = Long.parseLong(cluster.setting(topic, "retention.ms"));
        boolean isByTimeAlone = cluster.setting(topic, "retention.bytes").equals("-1");
        return isByTimeAlone && keptMillis >= 0 ? asked.minusMillis(keptMillis) : asked;
    }

    /**
     * The least timestamp that a record can have which comes after an offset.
     *
     * @return {@link LatenessRule#NEVER} where senders date records, and where an open transaction
     *     holds records back that came before the topic was asked
     */
    long nextTimestampMillis(int partition, long offset) {
        return stampsArrival && offset >= ends.getOrDefault(partition, 0L)
                ? asked.minus(CLOCK_SKEW).toEpochMilli()
                : LatenessRule.NEVER;
    }

    /** A consumer of committed records that belongs to no group and commits nothing. */
    public KafkaConsumer<byte[], byte[]> consumer() {
        Properties settings = kafka.clientSettings();
        settings.remove("group.id");
        settings.setProperty("enable.auto.commit", "false");
        settings.setProperty("auto.offset.reset", "none");
        settings.setProperty("isolation.level", "read_committed");
        settings.setProperty("allow.auto.create.topics", "false");
        settings.setProperty("max.partition.fetch.bytes", Integer.toString(MAX_RECORD_BYTES));
        settings.setProperty("fetch.max.wait.ms", Long.toString(MAX_FETCH.toMillis()));
        settings.setProperty("max.poll.records", Integer.toString(RECORDS_AT_ONCE));
        return new KafkaConsumer<>(
                settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    }

    /** What a failure of a consumer means to the operator. */
    public CommandException failure(RuntimeException e) {
        return new CommandException(
                "cannot read topic %s at %s: %s"
                        .formatted(kafka.topic(), kafka.bootstrapServers(), Causes.innermost(e)),
                e);
    }
}
