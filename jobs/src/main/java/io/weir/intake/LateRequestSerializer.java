package io.weir.intake;

import io.weir.request.DecodedRecord;
import io.weir.request.LetterHeader;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.kafka.clients.producer.ProducerRecord;

/** A late request, whole, with the headers of {@link DeadLetterRecord}. */
public final class LateRequestSerializer implements KafkaRecordSerializationSchema<DecodedRecord> {

    private static final long serialVersionUID = 1;

    private final String topic;
    private final boolean hideAddresses;

    /**
     * @param hideAddresses whether letters are written without addresses
     */
    public LateRequestSerializer(String topic, boolean hideAddresses) {
        this.topic = topic;
        this.hideAddresses = hideAddresses;
    }

    @Override
    public ProducerRecord<byte[], byte[]> serialize(
            DecodedRecord late, KafkaSinkContext context, Long timestamp) {
        ProducerRecord<byte[], byte[]> letter =
                DeadLetterRecord.to(topic, late.record(), hideAddresses);
        if (hideAddresses) { // a database of countries has nothing to go by any more
            DeadLetterRecord.add(letter, LetterHeader.COUNTRY, late.requireRequest().country());
        }
        return letter;
    }
}
