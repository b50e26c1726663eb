package io.weir.intake;

import io.weir.request.ReadRecord;
import io.weir.request.RequestDecoder;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/**
 * Decodes inside the Kafka source; every record yields exactly one element, whatever it holds. All
 * are the same object.
 */
final class RequestDeserializer implements KafkaRecordDeserializationSchema<ReadRecord> {

    private static final long serialVersionUID = 1;

    private final RequestDecoder decoder;
    private transient ReadRecord read = new ReadRecord();
    private transient ConsumedHeaders headers = new ConsumedHeaders();

    RequestDeserializer(RequestDecoder decoder) {
        this.decoder = decoder;
    }

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<ReadRecord> out) {
        headers.set(record.headers());
        read.set(
                record.topic(),
                record.partition(),
                record.offset(),
                record.timestamp(),
                record.key(),
                record.value(),
                headers);
        decoder.decode(read);
        out.collect(read);
    }

    @Override
    public TypeInformation<ReadRecord> getProducedType() {
        return TypeInformation.of(ReadRecord.class);
    }

    /** A deserialized instance needs its transient fields. */
    private Object readResolve() {
        return new RequestDeserializer(decoder);
    }
}
