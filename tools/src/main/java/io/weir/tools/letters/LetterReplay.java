package io.weir.tools.letters;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.weir.database.Causes;
import io.weir.request.LetterHeader;
import io.weir.tools.connect.CommandException;
import io.weir.tools.send.RecordSender;
import io.weir.tools.text.Count;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Sends dead letters again, each at most once.
 *
 * <p>One transaction sends some records to the topic they came from, and appends the mark of each
 * to the topic of letters; so a run that is killed leaves both or neither. Two runs cannot send the
 * same letter: a run that opens takes the transactional id, which aborts what the one before it has
 * not committed and shuts that one out. So read the marks after opening.
 *
 * <p>A mark is in the same partition as its letter and after it, so the broker does not drop it
 * sooner. Only a second copy of a letter, which a restart of the job wrote much later, can outlive
 * the mark.
 */
public final class LetterReplay implements AutoCloseable {

    private static final int TRANSACTION_BYTES = 4 << 20;

    /** What a letter takes besides its value, roughly, with its mark. */
    private static final int OTHER_BYTES = 1 << 10;

    private final KafkaProducer<byte[], byte[]> producer;
    private final Map<String, ?> clientProperties;
    private final String topic;
    private final int targetPartitions;
    private final List<Letter> pending = new ArrayList<>();
    private long pendingBytes;
    private long sent;

    private LetterReplay(Map<String, ?> clientProperties, String topic, int targetPartitions) {
        this.clientProperties = clientProperties;
        this.topic = topic;
        this.targetPartitions = targetPartitions;
        Map<String, Object> properties = new HashMap<>(clientProperties);
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, transactionalId(topic));
        properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, RecordSender.MAX_RECORD_BYTES);
        properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        this.producer =
                new KafkaProducer<>(
                        properties, new ByteArraySerializer(), new ByteArraySerializer());
    }

    /**
     * Begins, and ends every other replay of this topic.
     *
     * @param topic where the letters are
     * @param targetPartitions how many partitions the topic of their records has
     */
    public static LetterReplay open(
            Map<String, ?> clientProperties, String topic, int targetPartitions) {
        LetterReplay replay = new LetterReplay(clientProperties, topic, targetPartitions);
        try {
            replay.producer.initTransactions();
            return replay;
        } catch (KafkaException e) {
            replay.close();
            throw new CommandException(
                    "cannot begin to replay %s: %s".formatted(topic, Causes.innermost(e)), e);
        }
    }

    /** Needs the right to write with this transactional id. */
    public static String transactionalId(String topic) {
        return "weir-replay-" + topic;
    }

    /**
     * Sends the letters of a plan, and returns how many.
     *
     * @throws CommandException when Kafka does not take one; the message says how many were sent
     */
    public long send(ReplayPlan plan) {
        LetterReader.Reading unused =
                LetterReader.read(
                        clientProperties,
                        topic,
                        letter -> {
                            if (plan.letters().contains(letter.origin())) {
                                add(letter);
                            }
                        });
        commit();
        return sent;
    }

    private CommandException failure(String why, KafkaException e) {
        return new CommandException(
                "replay of %s: %s. %s sent before that; run it again for the others"
                        .formatted(topic, why, Count.of(sent, "letter")),
                e);
    }

    /** A transaction is open only while its records are sent: brokers abort one that waits. */
    void add(Letter letter) {
        pending.add(letter);
        pendingBytes += letter.value().length + OTHER_BYTES;
        if (pendingBytes >= TRANSACTION_BYTES) {
            commit();
        }
    }

    /** Says itself what is wrong: it runs inside the reader, which would blame the reading. */
    private void commit() {
        if (pending.isEmpty()) {
            return;
        }
        try {
            sendPending();
            producer.commitTransaction();
        } catch (ProducerFencedException | InvalidProducerEpochException e) {
            throw failure("another replay of this topic was started, which goes on", e);
        } catch (KafkaException e) {
            throw failure(Causes.innermost(e), e);
        }
        sent += pending.size();
        pending.clear();
        pendingBytes = 0;
    }

    /** Sends the letters and their marks, and leaves the transaction open. */
    void sendPending() {
        producer.beginTransaction();
        Instant now = Instant.now();
        for (Letter letter : pending) {
            send(again(letter, targetPartitions, now));
            send(mark(topic, letter, now));
        }
    }

    private void send(ProducerRecord<byte[], byte[]> record) {
        // the commit fails with what the future would say
        Future<RecordMetadata> unused = producer.send(record);
    }

    /** The record as it was, in its partition if that is still there. */
    static ProducerRecord<byte[], byte[]> again(Letter letter, int partitions, Instant now) {
        RecordPosition origin = letter.origin();
        Integer partition = origin.partition() < partitions ? origin.partition() : null;
        Long timestamp = letter.timestampMillis() < 0 ? null : letter.timestampMillis();
        ProducerRecord<byte[], byte[]> record =
                new ProducerRecord<>(
                        origin.topic(), partition, timestamp, letter.key(), letter.value());
        letter.ownHeaders().stream()
                .filter(header -> !header.key().startsWith(LetterHeader.PREFIX))
                .forEach(record.headers()::add);
        if (letter.hasHiddenAddresses()) {
            add(record, LetterHeader.ADDRESSES_HIDDEN, "true");
        }
        add(record, LetterHeader.REPLAYED_FROM, origin.toString());
        add(record, LetterHeader.HOSTS_AS_OF, Long.toString(now.toEpochMilli()));
        add(record, LetterHeader.REPLAYS, Long.toString(letter.replays() + 1));
        return record;
    }

    static ProducerRecord<byte[], byte[]> mark(String topic, Letter letter, Instant now) {
        ProducerRecord<byte[], byte[]> mark =
                new ProducerRecord<>(topic, letter.partition(), null, new byte[0]);
        add(mark, LetterHeader.TOPIC, letter.origin().topic());
        add(mark, LetterHeader.PARTITION, Integer.toString(letter.origin().partition()));
        add(mark, LetterHeader.OFFSET, Long.toString(letter.origin().offset()));
        add(mark, LetterHeader.REASON, letter.reason());
        add(mark, LetterHeader.REPLAYED, Long.toString(now.toEpochMilli()));
        return mark;
    }

    private static void add(
            ProducerRecord<byte[], byte[]> record, String name, @Nullable String value) {
        if (value != null) {
            record.headers().add(name, value.getBytes(UTF_8));
        }
    }

    /** Aborts what is not committed. */
    @Override
    public void close() {
        producer.close(Duration.ofSeconds(5));
    }
}
