package io.weir.intake;

import io.weir.request.DecodedRecord;
import io.weir.request.KafkaHeader;
import io.weir.request.KafkaRecord;
import io.weir.request.RequestDecoder;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.connector.kafka.source.reader.deserializer.KafkaRecordDeserializationSchema;
import org.apache.flink.util.Collector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;

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
        out.collect(
                decoder.decode(
                        new KafkaRecord(
                                record.topic(),
                                record.partition(),
                                record.offset(),
                                record.timestamp(),
                                record.key(),
                                bytes(record.value()),
                                headers(record))));
    }

    private static List<KafkaHeader> headers(ConsumerRecord<byte[], byte[]> record) {
        List<KafkaHeader> headers = new ArrayList<>(2);
        for (Header header : record.headers()) {
            headers.add(new KafkaHeader(header.key(), bytes(header.value())));
        }
        return headers;
    }

    private static byte[] bytes(byte[] bytes) {
        return bytes == null ? NO_BYTES : bytes;
    }

    @Override
    public TypeInformation<DecodedRecord> getProducedType() {
        return TypeInformation.of(DecodedRecord.class);
    }
}
