package io.weir.intake;

import io.weir.request.DecodedRecord;
import io.weir.request.Rejection;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/**
 * A rejected record as a dead letter: the headers of {@link DeadLetterRecord}, and {@code
 * weir.reason} and {@code weir.message}.
 */
public final class DeadLetterSerializer implements KafkaRecordSerializationSchema<DecodedRecord> {

    private static final long serialVersionUID = 1;

    private final String topic;

    public DeadLetterSerializer(String topic) {
        this.topic = topic;
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(
            DecodedRecord rejected, KafkaSinkContext context, Long timestamp) {
        ProducerRecord<byte[], byte[]> letter = DeadLetterRecord.to(topic, rejected.record());
        Rejection rejection = rejected.rejection();
        if (rejection == null) {
            throw new IllegalArgumentException("not a rejected record: " + rejected);
        }
        DeadLetterRecord.add(letter, LetterHeader.REASON, rejection.reason().code());
        DeadLetterRecord.add(letter, LetterHeader.MESSAGE, rejection.message());
        return letter;
    }
}
