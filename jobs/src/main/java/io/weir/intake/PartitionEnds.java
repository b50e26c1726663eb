package io.weir.intake;

import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks Kafka where partitions end, on a thread of its own.
 *
 * <p>The end is the high watermark, not the last stable offset: what stands behind an open
 * transaction will be read. Between the last record that can be read and the high watermark there
 * may be the marks of transactions and what aborted ones wrote, so the rest is read to look.
 */
final class PartitionEnds implements AutoCloseable {

    /** A partition whose rest takes longer than this to look at has not been read to its end. */
    private static final Duration LOOK = Duration.ofSeconds(2);

    private static final Duration POLL = Duration.ofMillis(200);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final long UNKNOWN = Long.MAX_VALUE;
    private static final Logger LOG = LoggerFactory.getLogger(PartitionEnds.class);

    private final Properties settings = new Properties();
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(
                    task -> {
                        Thread asking = new Thread(task, "ends of partitions");
                        asking.setDaemon(true);
                        return asking;
                    });

    private volatile boolean isClosed;

    // used by the thread alone
    private final Set<TopicPartition> unknown = new HashSet<>();
    private @Nullable Admin admin;
    private @Nullable KafkaConsumer<byte[], byte[]> consumer;

    PartitionEnds(Properties clientSettings) {
        settings.putAll(clientSettings);
        settings.setProperty("isolation.level", "read_committed");
        settings.setProperty("enable.auto.commit", "false");
        settings.setProperty("auto.offset.reset", "none");
        settings.setProperty("default.api.timeout.ms", Long.toString(PATIENCE.toMillis()));
        settings.setProperty("request.timeout.ms", Long.toString(PATIENCE.toMillis()));
    }

    /**
     * The offset after the last record that can be read, or the given one if there is none; {@code
     * Long.MAX_VALUE} when there is more than can be looked at, or Kafka does not say.
     *
     * @param position the offset that is read next, or {@link PartitionWatermark#BEGINNING}
     */
    CompletableFuture<Long> after(TopicPartition partition, long position) {
        return CompletableFuture.supplyAsync(() -> end(partition, position), thread);
    }

    private long end(TopicPartition partition, long position) {
        if (isClosed) {
            return UNKNOWN;
        }
        try {
            long highWatermark = highWatermark(partition);
            long end =
                    highWatermark <= position ? position : look(partition, position, highWatermark);
            if (end == UNKNOWN) {
                warn(
                        partition,
                        "offsets from %d to %d are still to be read, or stand behind an open transaction"
                                .formatted(position, highWatermark));
            } else {
                unknown.remove(partition);
            }
            return end;
        } catch (ExecutionException | TimeoutException | RuntimeException e) {
            warn(partition, "Kafka does not say where it ends: " + e);
            return UNKNOWN;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return UNKNOWN;
        }
    }

    /** Once until the end is known again: it is asked for every few seconds. */
    private void warn(TopicPartition partition, String reason) {
        if (unknown.add(partition)) {
            LOG.warn("Partition {} is not taken for idle: {}", partition, reason);
        }
    }

    private long highWatermark(TopicPartition partition)
            throws ExecutionException, InterruptedException, TimeoutException {
        if (admin == null) {
            admin = Admin.create(settings);
        }
        return admin.listOffsets(Map.of(partition, OffsetSpec.latest()))
                .partitionResult(partition)
                .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
                .offset();
    }

    private long look(TopicPartition partition, long position, long highWatermark) {
        if (consumer == null) {
            consumer =
                    new KafkaConsumer<>(
                            settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
        }
        consumer.assign(List.of(partition));
        if (position == PartitionWatermark.BEGINNING) {
            consumer.seekToBeginning(List.of(partition));
        } else {
            consumer.seek(partition, position);
        }
        long end = position;
        long deadline = System.nanoTime() + LOOK.toNanos();
        while (System.nanoTime() < deadline) {
            for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL).records(partition)) {
                end = record.offset() + 1;
            }
            if (consumer.position(partition) >= highWatermark) {
                return end;
            }
        }
        return UNKNOWN;
    }

    @Override
    public void close() {
        isClosed = true;
        thread.execute(
                () -> {
                    if (admin != null) {
                        admin.close(Duration.ZERO);
                    }
                    if (consumer != null) {
                        consumer.close();
                    }
                });
        thread.shutdown();
    }
}
