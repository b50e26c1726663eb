package io.weir.intake;

import io.weir.request.DecodedRecord;
import io.weir.request.HiddenAddresses;
import io.weir.request.LetterHeader;
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
    private final boolean hideAddresses;

    /**
     * @param hideAddresses whether letters are written without addresses
     */
    public DeadLetterSerializer(String topic, boolean hideAddresses) {
        this.topic = topic;
        this.hideAddresses = hideAddresses;
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(
            DecodedRecord rejected, KafkaSinkContext context, Long timestamp) {
        ProducerRecord<byte[], byte[]> letter =
                DeadLetterRecord.to(topic, rejected.record(), hideAddresses);
        Rejection rejection = rejected.rejection();
        if (rejection == null) {
            throw new IllegalArgumentException("not a rejected record: " + rejected);
        }
        DeadLetterRecord.add(letter, LetterHeader.REASON, rejection.reason().code());
        DeadLetterRecord.add(
                letter,
                LetterHeader.MESSAGE,
                hideAddresses ? HiddenAddresses.in(rejection.message()) : rejection.message());
        return letter;
    }
}
