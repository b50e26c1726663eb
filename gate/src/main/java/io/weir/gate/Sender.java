package io.weir.gate;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Sends records to the partitions that they name, in the background; their key is their number. */
final class Sender implements AutoCloseable {

    private static final int BURST = 20;

    private final String topic;
    private final KafkaProducer<byte[], byte[]> producer;
    private final ExecutorService thread = Executors.newSingleThreadExecutor();

    Sender(String bootstrapServers, String topic) {
        this.topic = topic;
        this.producer =
                new KafkaProducer<>(
                        Map.of("bootstrap.servers", bootstrapServers, "linger.ms", 5),
                        new ByteArraySerializer(),
                        new ByteArraySerializer());
    }

    /**
     * Sends the records evenly over some time; the future fails when one could not be sent.
     *
     * @param duration zero to send them at once
     */
    Future<?> send(List<SentRecord> records, Duration duration) {
        return thread.submit(
                () -> {
                    long pauseNanos = duration.toNanos() * BURST / Math.max(1, records.size());
                    Future<?> last = null;
                    for (int i = 0; i < records.size(); i++) {
                        last = producer.send(outgoing(records.get(i)));
                        if (i % BURST == 0) {
                            TimeUnit.NANOSECONDS.sleep(pauseNanos);
                        }
                    }
                    producer.flush();
                    return last == null ? null : last.get();
                });
    }

    private ProducerRecord<byte[], byte[]> outgoing(SentRecord record) {
        return new ProducerRecord<>(
                topic,
                record.partition(),
                record.timestampMillis(),
                Integer.toString(record.number()).getBytes(UTF_8),
                record.value());
    }

    @Override
    public void close() {
        thread.shutdownNow();
        producer.close(Duration.ofSeconds(5));
    }
}
