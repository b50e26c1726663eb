package io.weir.request;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.List;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.junit.jupiter.api.Test;

class ReadRecordTest {

    private static final KafkaRecord FULL =
            record(
                    1,
                    """
                    {"site_id": 7, "event_time": 1000, "status_code": 503, "ip_address": "192.0.2.1",\
                     "response_time_msec": 12.5, "bytes_sent": 99, "request_country": "BR",\
                     "request_id": "a"}""");
    private static final KafkaRecord BARE =
            record(2, "{\"site_id\": 8, \"event_time\": 2000, \"status_code\": 200}");
    private static final KafkaRecord GARBAGE = record(3, "GET /");

    private final RequestDecoder decoder =
            new RequestDecoder(Duration.ofDays(1), null, new RequestIdentity(null, true));

    @Test
    void nothingOfTheRecordThatWasReadBeforeIsLeft() {
        List<KafkaRecord> records = List.of(FULL, BARE, GARBAGE);
        for (KafkaRecord before : records) {
            for (KafkaRecord after : records) {
                ReadRecord read = new ReadRecord();
                decode(read, before);
                decode(read, after);

                assertThat(read.toDecodedRecord())
                        .as("%s after %s", after.offset(), before.offset())
                        .isEqualTo(decoder.decode(after));
            }
        }
    }

    @Test
    void holdsWhatTheDecoderFound() {
        ReadRecord read = new ReadRecord();
        decode(read, FULL);
        decode(read, BARE);

        assertThat(read.isRequest()).isTrue();
        assertThat(read.siteId()).isEqualTo(8);
        assertThat(read.hasVisitor()).isFalse();
        assertThat(read.isTimed()).isFalse();
        assertThat(read.bytesSent()).isZero();
        assertThat(read.country()).isEqualTo("ZZ");
        assertThat(read.toRequest().isIdentified()).isFalse();

        decode(read, GARBAGE);
        assertThat(read.isRequest()).isFalse();
        assertThat(read.rejectReason()).isEqualTo(RejectReason.NOT_JSON);
    }

    @Test
    void neverLeavesItsTask() {
        ReadRecord read = new ReadRecord();

        assertThatThrownBy(
                        () ->
                                ReadRecordSerializer.INSTANCE.serialize(
                                        read, new DataOutputSerializer(1)))
                .isInstanceOf(UnsupportedOperationException.class)
                .hasMessageContaining("chained to the source");
        assertThatThrownBy(() -> ReadRecordSerializer.INSTANCE.copy(read))
                .isInstanceOf(UnsupportedOperationException.class);
    }

    private void decode(ReadRecord read, KafkaRecord record) {
        read.set(record);
        decoder.decode(read);
    }

    private static KafkaRecord record(long offset, String json) {
        return new KafkaRecord("t", 0, offset, 2000, null, json.getBytes(UTF_8), List.of());
    }
}
