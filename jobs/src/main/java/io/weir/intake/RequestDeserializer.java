package io.weir.intake;

import io.weir.request.DecodedRecord;
import io.weir.request.KafkaRecord;
import io.weir.request.RequestDecoder;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Decodes inside the Kafka source; every record yields exactly one element, whatever it holds. */
final class RequestDeserializer implements KafkaRecordDeserializationSchema<DecodedRecord> {

    private static final long serialVersionUID = 1;

    private static final byte[] NO_BYTES = {};

    private final RequestDecoder decoder;

    RequestDeserializer(RequestDecoder decoder) {
        this.decoder = decoder;
    }

    @Override
    public void deserialize(ConsumerRecord<byte[], byte[]> record, Collector<DecodedRecord> out) {
        byte[] value = record.value();
        out.collect(
                decoder.decode(
                        new KafkaRecord(
                                record.topic(),
                                record.partition(),
                                record.offset(),
                                record.timestamp(),
                                record.key(),
                                value == null ? NO_BYTES : value,
                                new ConsumedHeaders(record.headers()))));
    }

    @Override
    public TypeInformation<DecodedRecord> getProducedType() {
        return TypeInformation.of(DecodedRecord.class);
    }
}
