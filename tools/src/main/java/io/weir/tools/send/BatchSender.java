package io.weir.tools.send;

import io.weir.tools.connect.KafkaCluster;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerGroupMetadata;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.InvalidProducerEpochException;
import org.apache.kafka.common.errors.ProducerFencedException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TransactionAbortableException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/**
 * Sends batches of records, each as a whole or not at all, and knows which was the last.
 *
 * <p>A batch is a transaction, in which its {@link BatchId} is committed too, as what Kafka calls
 * the offset of a group. One that opens with the same name aborts what the one before it has not
 * committed, and shuts that one out. So what {@link #committed} says is final, also after {@code
 * kill -9}.
 */
public final class BatchSender implements AutoCloseable {

    /** Soon enough that readers of what is committed are not held up by one that was killed. */
    private static final int TRANSACTION_MILLIS = 60_000;

    private static final int PATIENCE_MILLIS = 30_000;

    private final KafkaProducer<byte[], byte[]> producer;
    private final Map<String, ?> clientProperties;
    private final String topic;
    private final int partitions;
    private final String name;
    private final ConsumerGroupMetadata group;

    private BatchSender(
            Map<String, ?> clientProperties, String topic, int partitions, String name) {
        this.clientProperties = clientProperties;
        this.topic = topic;
        this.partitions = partitions;
        this.name = name;
        this.group = group(clientProperties, name);
        Map<String, Object> properties = new HashMap<>();
        properties.put(ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, PATIENCE_MILLIS);
        properties.put(ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, PATIENCE_MILLIS / 3);
        properties.put(ProducerConfig.MAX_BLOCK_MS_CONFIG, PATIENCE_MILLIS);
        properties.put(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG, TRANSACTION_MILLIS);
        properties.putAll(clientProperties);
        properties.put(ProducerConfig.TRANSACTIONAL_ID_CONFIG, name);
        this.producer =
                new KafkaProducer<>(
                        RecordSender.producerProperties(properties),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
    }

    /** Only a consumer can say it; this one reads nothing. */
    private static ConsumerGroupMetadata group(Map<String, ?> clientProperties, String name) {
        Map<String, Object> properties = new HashMap<>(clientProperties);
        properties.put(ConsumerConfig.GROUP_ID_CONFIG, name);
        try (KafkaConsumer<byte[], byte[]> consumer =
                new KafkaConsumer<>(
                        properties, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
            return consumer.groupMetadata();
        }
    }

    /**
     * Ends every other sender of this name.
     *
     * @param partitions how many partitions of the topic are written to
     * @param name the transactional id, and the group that has the last batches
     * @throws KafkaException when Kafka does not allow it, or does not answer
     */
    public static BatchSender open(
            Map<String, ?> clientProperties, String topic, int partitions, String name) {
        BatchSender sender = new BatchSender(clientProperties, topic, partitions, name);
        try {
            sender.producer.initTransactions();
            return sender;
        } catch (KafkaException e) {
            sender.close();
            throw e;
        }
    }

    /**
     * Sends a batch, and returns when Kafka has taken it. After a failure this can only be closed.
     *
     * @param records at least one
     * @param sequence the place of the first record in the order of all that are sent, from 0
     * @throws KafkaException when Kafka does not take it
     */
    public void send(List<OutgoingRecord> records, long sequence, BatchId batch) {
        if (records.isEmpty()) {
            throw new IllegalArgumentException("a batch has at least one record");
        }
        producer.beginTransaction();
        RecordMetadata last = sendAll(records, sequence);
        producer.sendOffsetsToTransaction(
                Map.of(
                        new TopicPartition(topic, last.partition()),
                        new OffsetAndMetadata(last.offset() + 1, batch.note())),
                group);
        producer.commitTransaction();
    }

    /** Returns what became of the last one. */
    private RecordMetadata sendAll(List<OutgoingRecord> records, long sequence) {
        List<Future<RecordMetadata>> sent = new ArrayList<>();
        KafkaException failure = null;
        while (sent.size() < records.size() && failure == null) {
            OutgoingRecord record = records.get(sent.size());
            int partition = RecordSender.partitionOf(sequence + sent.size(), partitions);
            try {
                Future<RecordMetadata> future =
                        producer.send(RecordSender.outgoing(record, topic, partition));
                sent.add(future);
                if (future.isDone()) { // or each of the others would wait for Kafka as long
                    taken(future, record);
                }
            } catch (KafkaException e) {
                failure = e; // of a record before it, mostly: that one is to be named
            }
        }
        if (failure == null) {
            producer.flush();
        }
        RecordMetadata last = null;
        for (int i = 0; i < sent.size(); i++) {
            if (failure == null || sent.get(i).isDone()) {
                last = taken(sent.get(i), records.get(i));
            }
        }
        if (failure != null || last == null) {
            throw failure == null ? new KafkaException("nothing was sent") : failure;
        }
        return last;
    }

    private RecordMetadata taken(Future<RecordMetadata> sent, OutgoingRecord record) {
        try {
            return sent.get();
        } catch (ExecutionException e) {
            Exception cause = e.getCause() instanceof Exception known ? known : e;
            throw RecordSender.refusal(
                    topic, record.source(), record.line(), record.value().length, cause);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    /**
     * The last batch that Kafka has taken, and some before it; none where Kafka knows of none. Each
     * is noted at a partition, until another one is noted there.
     */
    public Set<BatchId> committed() {
        try (KafkaCluster cluster = KafkaCluster.connect(clientProperties)) {
            return cluster.committedNotes(name, topic).values().stream()
                    .map(BatchId::ofNote)
                    .flatMap(Optional::stream)
                    .collect(Collectors.toUnmodifiableSet());
        }
    }

    /** Whether the same may be accepted when it is sent again, by a sender that is opened anew. */
    public static boolean isPassing(KafkaException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof RetriableException
                    || cause instanceof TransactionAbortableException) {
                return true;
            }
        }
        return false;
    }

    /** Whether another sender of the same name was opened, or a batch took over a minute. */
    public static boolean isShutOut(KafkaException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof InvalidProducerEpochException
                    || cause instanceof ProducerFencedException) {
                return true;
            }
        }
        return false;
    }

    /** Aborts what is not committed. */
    @Override
    public void close() {
        producer.close(Duration.ZERO);
    }
}
