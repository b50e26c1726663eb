package io.weir.tools.send;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.Callback;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/**
 * Sends the records of a source to a topic, in their order, each exactly once.
 *
 * <p>Lateness is decided by the content and the order of each partition, so both are fixed by the
 * source: the partition is a function of the record's place in it, and an idempotent producer keeps
 * the order and the number also when it has to retry. Sending stops at the first record that Kafka
 * does not take.
 *
 * <p>Sends once; how far it is may be asked from anywhere.
 */
public final class RecordSender implements AutoCloseable {

    /** The largest record that the topics of Weir take. */
    public static final int MAX_RECORD_BYTES = 4 << 20;

    public static final String SOURCE_HEADER = "source";
    public static final String LINE_HEADER = "line";

    /** Only of a record that its source knows to be no request. */
    public static final String REASON_HEADER = "reason";

    private final KafkaProducer<byte[], byte[]> producer;
    private final String topic;
    private final int partitions;
    private final Pace pace;
    private final AtomicLong sent = new AtomicLong();
    private volatile long sendTimeMillis = Long.MIN_VALUE;
    private final AtomicReference<@Nullable KafkaException> failure = new AtomicReference<>();

    /**
     * @param clientProperties at least {@code bootstrap.servers}; they go before the sender's own
     *     properties, but for those on which order and number of the records depend
     * @param partitions how many partitions of the topic are written to
     * @param recordsPerSecond how many records to send in a second at most, or null for all that
     *     Kafka takes
     */
    public RecordSender(
            Map<String, ?> clientProperties,
            String topic,
            int partitions,
            @Nullable Double recordsPerSecond) {
        if (partitions < 1) {
            throw new IllegalArgumentException("partitions must be 1 or more: " + partitions);
        }
        this.pace = new Pace(recordsPerSecond);
        this.topic = topic;
        this.partitions = partitions;
        this.producer =
                new KafkaProducer<>(
                        producerProperties(clientProperties),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
    }

    /**
     * The partition of a record: the one place where it is chosen.
     *
     * @param sequence the record's place in the order of sending, from 0
     */
    public static int partitionOf(long sequence, int partitions) {
        return (int) (sequence % partitions);
    }

    /**
     * Sends all records of the source and returns when Kafka has taken them.
     *
     * @throws KafkaException when Kafka does not take a record; its message names the record
     */
    public void send(RecordSource source) throws InterruptedException {
        Iterator<OutgoingRecord> records = source.iterator();
        try {
            for (long sequence = 0; records.hasNext(); sequence++) {
                pace.await(sequence);
                send(records.next(), sequence);
                throwFailure();
            }
            producer.flush();
        } catch (InterruptException e) {
            Thread.interrupted(); // the exception that says so takes over
            InterruptedException interrupted =
                    new InterruptedException("interrupted while sending");
            interrupted.initCause(e);
            throw interrupted;
        }
        throwFailure();
    }

    /** Does the same in a thread of its own, which closing this ends. */
    public Future<?> start(RecordSource source) {
        FutureTask<Boolean> sending =
                new FutureTask<>(
                        () -> {
                            send(source);
                            return true;
                        });
        Thread thread = new Thread(sending, "weir-sender");
        thread.setDaemon(true);
        thread.start();
        return sending;
    }

    /** How many records Kafka has taken so far. */
    public long sent() {
        return sent.get();
    }

    /** The send time of the last record handed to Kafka, the smallest number before the first. */
    public long sendTimeMillis() {
        return sendTimeMillis;
    }

    /** Ends at once: what {@link #send} has not seen to the end is not sent any more. */
    @Override
    public void close() {
        producer.close(Duration.ofSeconds(1));
    }

    private void send(OutgoingRecord record, long sequence) {
        ProducerRecord<byte[], byte[]> outgoing =
                outgoing(record, topic, partitionOf(sequence, partitions));
        sendTimeMillis = record.sendTimeMillis();
        // the callback gets all that the future would say
        Future<RecordMetadata> unused = producer.send(outgoing, acknowledgement(record));
    }

    /** Holds no value: the producer keeps a compressed one already. */
    private Callback acknowledgement(OutgoingRecord record) {
        String source = record.source();
        long line = record.line();
        int bytes = record.value().length;
        return (metadata, exception) -> {
            if (exception == null) {
                sent.incrementAndGet();
            } else {
                failure.compareAndSet(null, refusal(topic, source, line, bytes, exception));
            }
        };
    }

    private void throwFailure() {
        KafkaException thrown = failure.get();
        if (thrown != null) {
            throw thrown;
        }
    }

    /** The record as it is sent. */
    static ProducerRecord<byte[], byte[]> outgoing(
            OutgoingRecord record, String topic, int partition) {
        return new ProducerRecord<>(
                topic, partition, record.sendTimeMillis(), null, record.value(), headers(record));
    }

    /** Says which record Kafka has not taken, and why. */
    static KafkaException refusal(
            String topic, String source, long line, int bytes, Exception cause) {
        return new KafkaException(
                "topic %s did not accept line %d of %s (%d bytes): %s"
                        .formatted(topic, line, source, bytes, cause.getMessage()),
                cause);
    }

    private static List<Header> headers(OutgoingRecord record) {
        Header source = header(SOURCE_HEADER, record.source());
        Header line = header(LINE_HEADER, Long.toString(record.line()));
        return record.reason() == null
                ? List.of(source, line)
                : List.of(source, line, header(REASON_HEADER, record.reason()));
    }

    private static Header header(String name, String value) {
        return new RecordHeader(name, value.getBytes(UTF_8));
    }

    /** Keeps order and number also where a record is sent again. */
    static Map<String, Object> producerProperties(Map<String, ?> clientProperties) {
        Map<String, Object> properties = new HashMap<>();
        properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
        properties.put(ProducerConfig.LINGER_MS_CONFIG, 20);
        properties.put(ProducerConfig.BATCH_SIZE_CONFIG, 256 << 10);
        properties.putAll(clientProperties);
        properties.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
        properties.put(ProducerConfig.ACKS_CONFIG, "all");
        properties.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, MAX_RECORD_BYTES);
        return properties;
    }
}
