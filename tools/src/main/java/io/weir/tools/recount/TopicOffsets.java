package io.weir.tools.recount;

import io.weir.tools.connect.CommandException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Where in each partition a range of event time can begin, and whether all of it is still there.
 *
 * <p>Kafka finds the first record with at least a given timestamp, whether timestamps are in order
 * or not. What lies before the first one with the start of the range less max-ahead is older than
 * that, so it is no request of the range: it would be too far ahead of its own record. Nor can it
 * make one late: no event time or timestamp in it reaches the start of the range, and a minute is
 * closed by a time after its end. So a clock that begins there decides as one that began with the
 * partition.
 */
public final class TopicOffsets implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final RawTopic topic;
    private final KafkaConsumer<byte[], byte[]> consumer;
    private final long maxAheadMillis;
    private final Map<TopicPartition, Long> beginnings;
    private final Map<TopicPartition, Long> ends;

    public TopicOffsets(RawTopic topic, Duration maxAhead) {
        this.topic = topic;
        this.consumer = topic.consumer();
        this.maxAheadMillis = maxAhead.toMillis();
        List<TopicPartition> partitions =
                topic.ends().keySet().stream()
                        .map(partition -> new TopicPartition(topic.kafka().topic(), partition))
                        .toList();
        this.ends = consumer.endOffsets(partitions);
        this.beginnings = consumer.beginningOffsets(partitions);
    }

    /** The part of each partition that holds all requests of the range, up to its end. */
    public List<Section> sections(TimeRange range) {
        Map<TopicPartition, Long> wanted = new HashMap<>();
        ends.keySet()
                .forEach(
                        partition ->
                                wanted.put(
                                        partition,
                                        Math.max(0, range.fromMillis() - maxAheadMillis)));
        return consumer.offsetsForTimes(wanted).entrySet().stream()
                .map(
                        found -> {
                            long end = ends.getOrDefault(found.getKey(), 0L);
                            long start =
                                    found.getValue() == null
                                            ? end
                                            : Math.min(found.getValue().offset(), end);
                            return new Section(
                                    found.getKey(),
                                    start,
                                    end,
                                    topic.nextTimestampMillis(found.getKey().partition(), end));
                        })
                .toList();
    }

    /**
     * The first whole minute from which on the topic has all requests of a range; null where it has
     * all of them.
     */
    public @Nullable Instant incompleteUntil(TimeRange range) {
        long completeFrom =
                sections(range).stream().mapToLong(this::completeFrom).max().orElse(Long.MIN_VALUE);
        return completeFrom <= range.fromMillis()
                ? null
                : Instant.ofEpochMilli(RowTable.MINUTES.firstBucketFrom(completeFrom));
    }

    /**
     * Refuses a range of which retention may have deleted requests.
     *
     * @throws CommandException saying from when on the topic is complete
     */
    void requireComplete(TimeRange range) {
        long completeFrom = Long.MIN_VALUE;
        int shortest = 0;
        for (Section section : sections(range)) {
            long complete = completeFrom(section);
            if (complete > completeFrom) {
                completeFrom = complete;
                shortest = section.partition().partition();
            }
        }
        if (completeFrom > range.fromMillis()) {
            throw new CommandException(
                    """
                    partition %d of topic %s no longer has all requests from %s on: retention has \
                    deleted some. Rows can be proved from %s on: give that to --from"""
                            .formatted(
                                    shortest,
                                    topic.kafka().topic(),
                                    range.from(),
                                    Instant.ofEpochMilli(
                                            RowTable.MINUTES.firstBucketFrom(completeFrom))));
        }
    }

    /**
     * What was deleted lies before the first record that is kept, so it is no newer, as far as
     * timestamps are in order.
     */
    private long completeFrom(Section section) {
        long beginning = beginnings.getOrDefault(section.partition(), 0L);
        if (beginning == 0 || section.start() > beginning) {
            return Long.MIN_VALUE;
        }
        long deletedBefore =
                section.start() < section.end()
                        ? timestampOfFirst(section)
                        : topic.deletedBefore().toEpochMilli();
        return deletedBefore + maxAheadMillis;
    }

    private long timestampOfFirst(Section section) {
        consumer.assign(List.of(section.partition()));
        consumer.seek(section.partition(), section.start());
        return consumer.poll(PATIENCE).records(section.partition()).stream()
                .findFirst()
                .map(ConsumerRecord::timestamp)
                .orElseGet(() -> topic.asked().toEpochMilli());
    }

    @Override
    public void close() {
        consumer.close();
    }
}
