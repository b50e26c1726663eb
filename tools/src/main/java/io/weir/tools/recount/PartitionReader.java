package io.weir.tools.recount;

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

/**
 * Reads partitions, one after the other, as far as requests of a range can be on time in them: late
 * ones are not visited.
 */
public final class PartitionReader implements AutoCloseable {

    private static final Duration POLL = Duration.ofMillis(500);
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final byte[] NO_BYTES = {};

    /** Takes each request that is on time. */
    public interface Visitor {
        void visit(KafkaRecord record, HttpRequest request);
    }

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final RequestDecoder decoder;
    private final LatenessRule rule;
    private long read;

    public PartitionReader(
            KafkaConsumer<byte[], byte[]> consumer, RequestDecoder decoder, LatenessRule rule) {
        this.consumer = consumer;
        this.decoder = decoder;
        this.rule = rule;
    }

    /**
     * Reads until every further request of a range is late, or to the section's end.
     *
     * @param rangeEnd in epoch milliseconds, a whole minute
     * @return the instant up to which this partition has closed all minutes
     */
    public long read(Section section, long rangeEnd, Visitor visitor) {
        TopicPartition partition = section.partition();
        PartitionClock clock = new PartitionClock(rule);
        consumer.assign(List.of(partition));
        consumer.seek(partition, section.start());
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (consumer.position(partition) < section.end() && !clock.hasClosed(rangeEnd)) {
            List<ConsumerRecord<byte[], byte[]>> records = consumer.poll(POLL).records(partition);
            if (!records.isEmpty()) {
                deadline = System.nanoTime() + PATIENCE.toNanos();
            } else if (System.nanoTime() > deadline) {
                throw new CommandException(
                        "Kafka does not deliver %s at offset %d"
                                .formatted(partition, consumer.position(partition)));
            }
            visit(records, section.end(), rangeEnd, clock, visitor);
        }
        return clock.hasClosed(rangeEnd)
                ? clock.closedUntil()
                : clock.closedUntil(section.nextTimestampMillis());
    }

    private void visit(
            List<ConsumerRecord<byte[], byte[]>> records,
            long end,
            long rangeEnd,
            PartitionClock clock,
            Visitor visitor) {
        for (ConsumerRecord<byte[], byte[]> record : records) {
            if (record.offset() >= end || clock.hasClosed(rangeEnd)) {
                return;
            }
            read++;
            KafkaRecord raw = recordOf(record);
            HttpRequest request = decoder.decode(raw).request();
            if (request != null && !clock.isLate(request.eventTimeMillis(), record.timestamp())) {
                visitor.visit(raw, request);
            }
        }
    }

    private static KafkaRecord recordOf(ConsumerRecord<byte[], byte[]> record) {
        byte[] value = record.value();
        return new KafkaRecord(
                record.topic(),
                record.partition(),
                record.offset(),
                record.timestamp(),
                null,
                value == null ? NO_BYTES : value,
                headers(record));
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
    public long records() {
        return read;
    }

    @Override
    public void close() {
        consumer.close();
    }
}
