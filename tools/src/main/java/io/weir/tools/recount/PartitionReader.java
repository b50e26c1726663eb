package io.weir.tools.recount;

import io.weir.request.DecodedRecord;
import io.weir.request.HttpRequest;
import io.weir.request.KafkaHeader;
import io.weir.request.KafkaRecord;
import io.weir.request.RequestDecoder;
import io.weir.tools.connect.CommandException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;

/** Reads partitions, one after the other, and counts their requests. */
final class PartitionReader implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final byte[] NO_BYTES = {};

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final RequestDecoder decoder;
    private final LatenessRule rule;
    private long read;

    PartitionReader(
            KafkaConsumer<byte[], byte[]> consumer, RequestDecoder decoder, LatenessRule rule) {
        this.consumer = consumer;
        this.decoder = decoder;
        this.rule = rule;
    }

    /**
     * Reads until every further request of the slice is late, or to the section's end.
     *
     * @return the instant up to which this partition has closed all minutes
     */
    long read(Section section, SliceCounts counts) {
        TopicPartition partition = section.partition();
        PartitionClock clock = new PartitionClock(rule);
        long sliceEnd = counts.slice().toMillis();
        consumer.assign(List.of(partition));
        consumer.seek(partition, section.start());
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (consumer.position(partition) < section.end() && !clock.hasClosed(sliceEnd)) {
            List<ConsumerRecord<byte[], byte[]>> records = consumer.poll(POLL).records(partition);
            if (!records.isEmpty()) {
                deadline = System.nanoTime() + PATIENCE.toNanos();
            } else if (System.nanoTime() > deadline) {
                throw new CommandException(
                        "Kafka does not deliver %s at offset %d"
                                .formatted(partition, consumer.position(partition)));
            }
            count(records, section.end(), clock, counts);
        }
        return clock.hasClosed(sliceEnd)
                ? clock.closedUntil()
                : clock.closedUntil(section.nextTimestampMillis());
    }

    private void count(
            List<ConsumerRecord<byte[], byte[]>> records,
            long end,
            PartitionClock clock,
            SliceCounts counts) {
        for (ConsumerRecord<byte[], byte[]> record : records) {
            if (record.offset() >= end || clock.hasClosed(counts.slice().toMillis())) {
                return;
            }
            read++;
            HttpRequest request = decode(record);
            if (request != null && !clock.isLate(request.eventTimeMillis(), record.timestamp())) {
                counts.add(request);
            }
        }
    }

    private @Nullable HttpRequest decode(ConsumerRecord<byte[], byte[]> record) {
        byte[] value = record.value();
        DecodedRecord decoded =
                decoder.decode(
                        new KafkaRecord(
                                record.topic(),
                                record.partition(),
                                record.offset(),
                                record.timestamp(),
                                null,
                                value == null ? NO_BYTES : value,
                                headers(record)));
        return decoded.request();
    }

    private static List<KafkaHeader> headers(ConsumerRecord<byte[], byte[]> record) {
        List<KafkaHeader> headers = new ArrayList<>();
        for (Header header : record.headers()) {
            byte[] value = header.value();
            headers.add(new KafkaHeader(header.key(), value == null ? NO_BYTES : value));
        }
        return headers;
    }

    /** How many records were read, in all sections. */
    long records() {
        return read;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
