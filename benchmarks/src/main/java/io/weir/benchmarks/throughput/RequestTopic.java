package io.weir.benchmarks.throughput;

import io.weir.benchmarks.contestants.Assignment;
import io.weir.tools.connect.KafkaCluster;
import io.weir.tools.send.GeneratedRequests;
import io.weir.tools.send.Ledger;
import io.weir.tools.send.OutgoingRecord;
import io.weir.tools.send.RecordSender;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The topic that every contestant reads from its beginning, filled once. */
public final class RequestTopic {

    public static final int PARTITIONS = 8;

    /** The job's defaults. */
    private static final Duration OUT_OF_ORDERNESS = Duration.ofSeconds(10);

    private static final Duration ALLOWED_LATENESS = Duration.ofMinutes(10);

    private RequestTopic() {}

    /** Makes the topics of a job. */
    public static void make(String bootstrapServers) {
        try (KafkaCluster kafka =
                KafkaCluster.connect(Map.of("bootstrap.servers", bootstrapServers))) {
            kafka.create(Assignment.TOPIC, PARTITIONS);
            kafka.create(Assignment.TOPIC + ".late", 1);
            kafka.create(Assignment.TOPIC + ".rejected", 1);
        }
    }

    /** Makes the topics, sends all requests and returns how many of them count. */
    static long fill(String bootstrapServers, Workload workload) throws InterruptedException {
        Map<String, Object> properties =
                Map.of(
                        "bootstrap.servers",
                        bootstrapServers,
                        "compression.type",
                        workload.compression().name().toLowerCase(Locale.ROOT));
        make(bootstrapServers);
        return switch (workload.form()) {
            case PLAIN -> sendPlain(properties, workload);
            case GENERATED -> sendGenerated(properties, workload);
        };
    }

    private static long sendPlain(Map<String, ?> properties, Workload workload)
            throws InterruptedException {
        Map<String, Object> settings = new HashMap<>(properties);
        settings.put("linger.ms", 20);
        settings.put("batch.size", 256 << 10);
        AtomicReference<Exception> failure = new AtomicReference<>();
        try (KafkaProducer<byte[], byte[]> producer =
                new KafkaProducer<>(
                        settings, new ByteArraySerializer(), new ByteArraySerializer())) {
            Iterator<OutgoingRecord> records = new PlainRequests(workload).iterator();
            for (long sequence = 0; records.hasNext(); sequence++) {
                OutgoingRecord next = records.next();
                Future<RecordMetadata> unused =
                        producer.send(
                                new ProducerRecord<>(
                                        Assignment.TOPIC,
                                        RecordSender.partitionOf(sequence, PARTITIONS),
                                        next.sendTimeMillis(),
                                        null,
                                        next.value()),
                                (metadata, exception) -> failure.compareAndSet(null, exception));
            }
        }
        if (failure.get() != null) {
            throw new IllegalStateException("Kafka did not take every request", failure.get());
        }
        return workload.events();
    }

    private static long sendGenerated(Map<String, ?> properties, Workload workload)
            throws InterruptedException {
        Ledger ledger = new Ledger(PARTITIONS, OUT_OF_ORDERNESS, ALLOWED_LATENESS);
        try (RecordSender sender =
                new RecordSender(properties, Assignment.TOPIC, PARTITIONS, null)) {
            sender.send(
                    new GeneratedRequests(
                                    workload.events(),
                                    workload.sites(),
                                    workload.span(),
                                    Workload.SEED,
                                    Workload.end())
                            .recordedIn(ledger));
        }
        return ledger.totals().getOrDefault("counted", 0L);
    }
}
