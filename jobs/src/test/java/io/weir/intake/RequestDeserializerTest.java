package io.weir.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.request.DecodedRecord;
import io.weir.request.KafkaHeader;
import io.weir.request.KafkaRecord;
import io.weir.request.ReadRecord;
import io.weir.request.RejectReason;
import io.weir.request.RequestDecoder;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.header.internals.RecordHeaders;
import org.apache.kafka.common.record.TimestampType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RequestDeserializerTest {

    private static final String REQUEST = "{\"site_id\":7,\"event_time\":1000,\"status_code\":200}";
    private static final byte[] KEY = {0, (byte) 0xff};

    @Test
    void aRecordKeepsItsHeadersInTheirOrder() {
        Headers headers =
                new RecordHeaders()
                        .add("trace", new byte[] {1, 2})
                        .add(new RecordHeader(ByteBuffer.wrap("é".getBytes(UTF_8)), null))
                        .add("trace", new byte[] {3});

        List<KafkaHeader> kept = deserialized("GET /", headers).record().headers();

        assertThat(kept).extracting(KafkaHeader::key).containsExactly("trace", "é", "trace");
        assertThat(kept)
                .extracting(KafkaHeader::value)
                .containsExactly(new byte[] {1, 2}, new byte[0], new byte[] {3});
    }

    @Test
    void aRecordKeepsItsPlaceItsTimestampItsKeyAndItsBytes() {
        KafkaRecord record = deserialized(KEY, bytes(REQUEST), new RecordHeaders()).record();

        assertThat(record.topic()).isEqualTo("t");
        assertThat(record.partition()).isEqualTo(3);
        assertThat(record.offset()).isEqualTo(5_000_000_000L);
        assertThat(record.timestampMillis()).isEqualTo(1000);
        assertThat(record.key()).isEqualTo(KEY);
        assertThat(record.value()).isEqualTo(bytes(REQUEST));
    }

    @Test
    void aRecordWithoutAKeyHasNone() {
        assertThat(deserialized(REQUEST, new RecordHeaders()).record().key()).isNull();
    }

    @Test
    void aTombstoneIsRejectedAndHasNoBytes() {
        DecodedRecord decoded = deserialized(KEY, null, new RecordHeaders());

        assertThat(decoded.rejectReason()).isEqualTo(RejectReason.NOT_JSON);
        assertThat(decoded.record().value()).isEmpty();
        assertThat(decoded.record().key()).isEqualTo(KEY);
    }

    @Test
    void nobodyAsksForTheHeadersOfARequest() {
        Headers headers = new RecordHeaders(new Header[] {new Untouchable()});

        assertThat(read(null, bytes(REQUEST), headers).siteId()).isEqualTo(7);
    }

    private static DecodedRecord deserialized(String value, Headers headers) {
        return deserialized(null, bytes(value), headers);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(UTF_8);
    }

    private static DecodedRecord deserialized(
            byte @Nullable [] key, byte @Nullable [] value, Headers headers) {
        return read(key, value, headers).toDecodedRecord();
    }

    private static ReadRecord read(
            byte @Nullable [] key, byte @Nullable [] value, Headers headers) {
        List<ReadRecord> out = new ArrayList<>();
        new RequestDeserializer(new RequestDecoder(Duration.ofMinutes(5), null))
                .deserialize(
                        new ConsumerRecord<>(
                                "t",
                                3,
                                5_000_000_000L,
                                1000,
                                TimestampType.CREATE_TIME,
                                ConsumerRecord.NULL_SIZE,
                                ConsumerRecord.NULL_SIZE,
                                key,
                                value,
                                headers,
                                Optional.empty()),
                        new ListCollector<>(out));
        assertThat(out).hasSize(1);
        return out.get(0);
    }

    private static final class Untouchable implements Header {

        @Override
        public String key() {
            throw new AssertionError("the header's name was asked for");
        }

        @Override
        public byte[] value() {
            throw new AssertionError("the header's value was asked for");
        }
    }
}
