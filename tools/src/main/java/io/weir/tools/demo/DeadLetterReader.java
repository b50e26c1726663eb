package io.weir.tools.demo;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.weir.database.Causes;
import io.weir.tools.connect.CommandException;
import io.weir.tools.send.RecordSender;
import java.time.Duration;
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
 * Reads the dead letters or the late requests of a job from the topic it put them into.
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
    record DeadLetter(@Nullable String source, long line, @Nullable String reason, byte[] value) {}

    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private DeadLetterReader() {}

    /**
     * Hands each letter of the topic to the reader, up to where the topic ends now, and returns how
     * many these are.
     */
    static long read(String bootstrapServers, String topic, Consumer<DeadLetter> reader) {
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        Map.of("bootstrap.servers", bootstrapServers, "enable.auto.commit", false),
                        new ByteArrayDeserializer(),
                        new ByteArrayDeserializer())) {
            return read(consumer, topic, reader);
        } catch (KafkaException e) {
            throw new CommandException(
                    "cannot read topic " + topic + ": " + Causes.innermost(e), e);
        }
    }

    private static long read(
            KafkaConsumer<byte[], byte[]> consumer, String topic, Consumer<DeadLetter> reader) {
        List<TopicPartition> partitions =
                consumer.partitionsFor(topic).stream()
                        .map(info -> new TopicPartition(topic, info.partition()))
                        .toList();
        consumer.assign(partitions);
        consumer.seekToBeginning(partitions);
        Map<TopicPartition, Long> ends = consumer.endOffsets(partitions);
        Set<List<String>> seen = new HashSet<>();
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (ends.entrySet().stream()
                .anyMatch(e -> consumer.position(e.getKey()) < e.getValue())) {
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
        return seen.size();
    }

    private static List<String> position(ConsumerRecord<byte[], byte[]> record) {
        return List.of(
                required(record, "weir.topic"),
                required(record, "weir.partition"),
                required(record, "weir.offset"));
    }

    private static DeadLetter letter(ConsumerRecord<byte[], byte[]> record) {
        String line = header(record, RecordSender.LINE_HEADER);
        return new DeadLetter(
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
