package io.weir.tools.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.weir.database.Causes;
import io.weir.tools.connect.CommandException;
import io.weir.tools.send.RecordSender;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;

/**
 * Records that the job put aside, from the topic it put them into.
 *
 * <p>They are delivered at least once; topic, partition and offset of the record identify one, and
 * each is taken once here.
 */
final class DeadLetterReader {

    /**
     * A record put aside.
     *
     * @param source the file it came from, null when the record does not say
     * @param line its number there, 0 when the record does not say
     * @param reason null for a late request
     */
    record Letter(@Nullable String source, long line, @Nullable String reason, byte[] value) {}

    private record Position(String topic, String partition, String offset) {}

    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private DeadLetterReader() {}

    /** Hands each letter of the topic to the reader, up to where the topic ends now. */
    static void read(String bootstrapServers, String topic, Consumer<Letter> reader) {
        Map<String, Object> properties =
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers,
                        "enable.auto.commit",
                        false,
                        "auto.offset.reset",
                        "earliest");
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            read(consumer, topic, reader);
        } catch (KafkaException e) {
            throw new CommandException(
                    "cannot read topic " + topic + ": " + Causes.innermost(e), e);
        }
    }

    /** How many different letters the topic holds. */
    static long count(String bootstrapServers, String topic) {
        long[] letters = {0};
        read(bootstrapServers, topic, letter -> letters[0]++);
        return letters[0];
    }

    private static void read(
            KafkaConsumer<byte[], byte[]> consumer, String topic, Consumer<Letter> reader) {
        List<TopicPartition> partitions = new ArrayList<>();
        consumer.partitionsFor(topic)
                .forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        Map<TopicPartition, Long> ends = new HashMap<>(consumer.endOffsets(partitions));
        Set<Position> seen = new HashSet<>();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!isAtEnd(consumer, partitions, ends)) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
                deadline = System.nanoTime() + PATIENCE.toNanos();
                if (seen.add(position(record))) {
                    reader.accept(letter(record));
                }
            }
            if (System.nanoTime() > deadline) {
                throw new CommandException("Kafka does not deliver the end of topic " + topic);
            }
        }
    }

    private static boolean isAtEnd(
            KafkaConsumer<byte[], byte[]> consumer,
            Collection<TopicPartition> partitions,
            Map<TopicPartition, Long> ends) {
        return partitions.stream().allMatch(p -> consumer.position(p) >= ends.getOrDefault(p, 0L));
    }

    private static Position position(ConsumerRecord<byte[], byte[]> record) {
        return new Position(
                required(record, "weir.topic"),
                required(record, "weir.partition"),
                required(record, "weir.offset"));
    }

    private static Letter letter(ConsumerRecord<byte[], byte[]> record) {
        String line = header(record, RecordSender.LINE_HEADER);
        return new Letter(
                header(record, RecordSender.SOURCE_HEADER),
                line == null ? 0 : Long.parseLong(line),
                header(record, "weir.reason"),
                record.value());
    }

    private static String required(ConsumerRecord<byte[], byte[]> record, String name) {
        String value = header(record, name);
        if (value == null) {
            throw new CommandException(
                    "topic " + record.topic() + " holds a record without the header " + name);
        }
        return value;
    }

    private static @Nullable String header(ConsumerRecord<byte[], byte[]> record, String name) {
        Header header = record.headers().lastHeader(name);
        return header == null ? null : new String(header.value(), UTF_8);
    }
}
