package io.weir.tools.letters;

import io.weir.database.Causes;
import io.weir.tools.connect.CommandException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads the dead letters or the late requests of a job from the topic it put them into, up to where
 * the topic ended at the start.
 *
 * <p>They are delivered at least once; the position of the record identifies one, and each is taken
 * once here. Marks of replayed letters are no letters.
 */
public final class LetterReader {

    /**
     * What a topic held.
     *
     * @param letters how many letters
     * @param replayed of each that was replayed {@link Letter#shownReason why} it was rejected,
     *     null for a late request
     * @param strangers how many records that Weir did not write
     */
    public record Reading(
            long letters, Map<RecordPosition, @Nullable String> replayed, long strangers) {}

    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Consumer<Letter> letters;
    private final Map<RecordPosition, @Nullable String> seen = new HashMap<>();
    private final Set<RecordPosition> marked = new HashSet<>();

    /** Each once: there are few, and millions of letters. */
    private final Map<String, String> reasons = new HashMap<>();

    private long strangers;

    private LetterReader(Consumer<Letter> letters) {
        this.letters = letters;
    }

    /**
     * Hands each letter of the topic to the reader.
     *
     * @param clientProperties Kafka's own, with {@code bootstrap.servers}
     * @throws CommandException when Kafka does not deliver them
     */
    public static Reading read(
            Map<String, ?> clientProperties, String topic, Consumer<Letter> letters) {
        Map<String, Object> properties = new HashMap<>(clientProperties);
        properties.put("enable.auto.commit", false);
        properties.put("allow.auto.create.topics", false);
        properties.put("isolation.level", "read_committed");
        LetterReader reader = new LetterReader(letters);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            reader.readAll(consumer, topic);
        } catch (KafkaException e) {
            throw new CommandException(
                    "cannot read topic " + topic + ": " + Causes.innermost(e), e);
        }
        return new Reading(reader.seen.size(), reader.replayed(), reader.strangers);
    }

    private Map<RecordPosition, @Nullable String> replayed() {
        Map<RecordPosition, @Nullable String> replayed = new HashMap<>(seen);
        replayed.keySet().retainAll(marked);
        return replayed;
    }

    private void readAll(KafkaConsumer<byte[], byte[]> consumer, String topic) {
        List<TopicPartition> partitions =
                consumer.partitionsFor(topic).stream()
                        .map(info -> new TopicPartition(topic, info.partition()))
                        .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (ends.entrySet().stream()
                .anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
            ConsumerRecords<byte[], byte[]> records = consumer.poll(POLL);
            for (ConsumerRecord<byte[], byte[]> record : records) {
                TopicPartition partition = new TopicPartition(topic, record.partition());
                if (record.offset() < ends.getOrDefault(partition, 0L)) {
                    take(record);
                }
            }
            if (!records.isEmpty()) {
                deadline = System.nanoTime() + PATIENCE.toNanos();
            } else if (System.nanoTime() > deadline) {
                throw new CommandException("Kafka does not deliver the end of topic " + topic);
            }
        }
    }

    private void take(ConsumerRecord<byte[], byte[]> record) {
        LetterTopicRecord read = LetterTopicRecord.of(record);
        if (read == null) {
            strangers++;
        } else if (read.isMark()) {
            marked.add(read.origin());
        } else if (!seen.containsKey(read.origin())) {
            Letter letter = read.letter();
            String reason = letter.shownReason();
            seen.put(
                    read.origin(), reason == null ? null : reasons.computeIfAbsent(reason, r -> r));
            letters.accept(letter);
        }
    }
}
