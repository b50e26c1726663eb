package io.weir.intake;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.request.DecodedRecord;
import io.weir.request.HttpRequest;
import io.weir.request.KafkaHeader;
import io.weir.request.KafkaRecord;
import io.weir.request.RejectReason;
import io.weir.request.Rejection;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.flink.connector.kafka.sink.KafkaRecordSerializationSchema;
import org.apache.flink.util.InstantiationUtil;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;

class DeadLetterRecordTest {
    private static final int MEBIBYTE = 1_048_576;
    private static final long TIMESTAMP = 1_772_359_201_000L;
    private static final byte[] KEY = {7, 0};
    private static final byte[] GARBAGE = {(byte) 0xff, 0, '{'};

    private final DeadLetterSerializer deadLetters =
            new DeadLetterSerializer("http_requests.rejected", false);
    private final LateRequestSerializer lateRequests =
            new LateRequestSerializer("http_requests.late", false);

    @Test
    void aDeadLetterHoldsTheRawBytesAndSaysWhereTheyCameFromAndWhy() {
        ProducerRecord<byte[], byte[]> letter =
                serialize(deadLetters, rejected(record(TIMESTAMP, GARBAGE)));

        assertThat(letter.topic()).isEqualTo("http_requests.rejected");
        assertThat(letter.value()).isEqualTo(GARBAGE);
        assertThat(headers(letter))
                .containsExactly(
                        "weir.topic=http_requests",
                        "weir.partition=3",
                        "weir.offset=5000000000",
                        "weir.timestamp=1772359201000",
                        "weir.reason=not_json",
                        "weir.message=not JSON: größer");
    }

    @Test
    void aLateRequestHasNoReason() {
        byte[] event = "{\"site_id\":7}".getBytes(UTF_8);

        ProducerRecord<byte[], byte[]> letter =
                serialize(lateRequests, late(record(TIMESTAMP, event)));

        assertThat(letter.topic()).isEqualTo("http_requests.late");
        assertThat(letter.key()).isEqualTo(KEY);
        assertThat(letter.value()).isEqualTo(event);
        assertThat(headers(letter))
                .containsExactly(
                        "weir.topic=http_requests",
                        "weir.partition=3",
                        "weir.offset=5000000000",
                        "weir.timestamp=1772359201000");
    }

    @Test
    void theRecordsOwnHeadersComeFirstAsTheyAre() {
        KafkaRecord record =
                record(
                        TIMESTAMP,
                        GARBAGE,
                        header("source", "access.log"),
                        header("line", "17"),
                        header("source", "again"));

        assertThat(headers(serialize(deadLetters, rejected(record))))
                .startsWith("source=access.log", "line=17", "source=again")
                .hasSize(9);
        assertThat(headers(serialize(lateRequests, late(record))))
                .startsWith("source=access.log", "line=17", "source=again")
                .hasSize(7);
    }

    @Test
    void headersThatWouldMakeALetterTooLargeAreLeftOutAndCounted() {
        KafkaRecord record =
                record(
                        TIMESTAMP,
                        GARBAGE,
                        header("large", "x".repeat(3 * MEBIBYTE)),
                        header("line", "17"),
                        header("large", "x".repeat(70_000)));

        assertThat(headers(serialize(lateRequests, late(record))))
                .contains("line=17", "weir.headers-left-out=2")
                .hasSize(6);
    }

    @Test
    void aHeaderOfALetterThatWasSentAgainDoesNotHideTheNewOne() {
        KafkaRecord record = record(TIMESTAMP, GARBAGE, header("weir.offset", "1"));

        Header offset =
                serialize(deadLetters, rejected(record)).headers().lastHeader("weir.offset");

        assertThat(offset.value()).isEqualTo("5000000000".getBytes(UTF_8));
    }

    @Test
    void aLetterHasTheTimestampAndTheKeyOfItsRecordAndNoPartition() {
        ProducerRecord<byte[], byte[]> letter =
                serialize(deadLetters, rejected(record(TIMESTAMP, GARBAGE)));

        assertThat(letter.timestamp()).isEqualTo(TIMESTAMP);
        assertThat(letter.key()).isEqualTo(KEY);
        assertThat(letter.partition()).isNull();
    }

    @Test
    void theLetterOfARecordWithoutATimestampGetsItsOwn() {
        ProducerRecord<byte[], byte[]> letter =
                serialize(deadLetters, rejected(record(-1, GARBAGE)));

        assertThat(letter.timestamp()).isNull();
        assertThat(headers(letter)).contains("weir.timestamp=-1");
    }

    /** Its topic need not take what the record's own did: by default Kafka's takes an hour. */
    @Test
    void theLetterOfARecordFromTheFutureGetsItsOwnTimestamp() {
        ProducerRecord<byte[], byte[]> letter =
                serialize(deadLetters, rejected(record(Long.MAX_VALUE, GARBAGE)));

        assertThat(letter.timestamp()).isNull();
        assertThat(headers(letter)).contains("weir.timestamp=" + Long.MAX_VALUE);
    }

    @Test
    void ofMoreThanOneMebibyteOnlyTheBeginningIsKeptAndTheRestIsVouchedFor() {
        byte[] value = new byte[MEBIBYTE + 1];
        Arrays.fill(value, (byte) 'x');

        ProducerRecord<byte[], byte[]> letter =
                serialize(deadLetters, rejected(record(TIMESTAMP, value)));

        assertThat(letter.value()).isEqualTo(Arrays.copyOf(value, 65_536));
        assertThat(headers(letter))
                .contains(
                        "weir.length=1048577",
                        // head -c 1048577 /dev/zero | tr '\0' x | sha256sum
                        "weir.sha256=154b8ed3c2383ce429058768595935faf7851b5c38db2b1732594be1d88bc05a");
    }

    @Test
    void oneMebibyteIsKeptWhole() {
        byte[] value = new byte[MEBIBYTE];

        ProducerRecord<byte[], byte[]> letter =
                serialize(deadLetters, rejected(record(TIMESTAMP, value)));

        assertThat(letter.value()).hasSize(MEBIBYTE);
        assertThat(headers(letter))
                .noneMatch(header -> header.startsWith("weir.length"))
                .noneMatch(header -> header.startsWith("weir.sha256"));
    }

    @Test
    void aRecordWithoutAValueBecomesALetterWithoutBytes() {
        assertThat(serialize(deadLetters, rejected(record(TIMESTAMP, new byte[0]))).value())
                .isEmpty();
    }

    @Test
    void onlyARejectedRecordBecomesADeadLetter() {
        DecodedRecord request = late(record(TIMESTAMP, GARBAGE));

        assertThatThrownBy(() -> serialize(deadLetters, request))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith("not a rejected record: ");
    }

    @Test
    void lettersAreWrittenWithoutAddressesIfTheyAreToBe() {
        byte[] event = "{\"ip_address\":\"203.0.113.9\"}".getBytes(UTF_8);
        String hidden = "{\"ip_address\":\"#ced07469311b25c4\"}";
        DecodedRecord rejected =
                new DecodedRecord(
                        record(TIMESTAMP, event),
                        null,
                        new Rejection(RejectReason.WRONG_TYPE, "site_id is \"203.0.113.9\""));

        for (ProducerRecord<byte[], byte[]> letter :
                List.of(
                        serialize(
                                new LateRequestSerializer("late", true),
                                late(record(TIMESTAMP, event))),
                        serialize(new DeadLetterSerializer("rejected", true), rejected))) {
            assertThat(letter.value()).asString(UTF_8).isEqualTo(hidden);
            assertThat(headers(letter)).contains("weir.addresses-hidden=true");
        }
        assertThat(headers(serialize(new DeadLetterSerializer("rejected", true), rejected)))
                .contains("weir.message=site_id is \"#\"");
        assertThat(serialize(deadLetters, rejected).value()).isEqualTo(event);
    }

    @Test
    void bothSerializersCanBeSentToATask() throws Exception {
        DecodedRecord rejected = rejected(record(TIMESTAMP, GARBAGE));
        DecodedRecord late = late(record(TIMESTAMP, GARBAGE));

        assertThat(serialize(InstantiationUtil.clone(deadLetters), rejected))
                .isEqualTo(serialize(deadLetters, rejected));
        assertThat(serialize(InstantiationUtil.clone(lateRequests), late))
                .isEqualTo(serialize(lateRequests, late));
    }

    /** The Kafka sink hands over the time of the element; letters do not take it. */
    private static ProducerRecord<byte[], byte[]> serialize(
            KafkaRecordSerializationSchema<DecodedRecord> serializer, DecodedRecord record) {
        ProducerRecord<byte[], byte[]> letter =
                serializer.serialize(record, new OneSubtask(), TIMESTAMP + 99);
        assertThat(letter).isNotNull();
        return letter;
    }

    private static List<String> headers(ProducerRecord<byte[], byte[]> letter) {
        List<String> headers = new ArrayList<>();
        for (Header header : letter.headers()) {
            headers.add(header.key() + "=" + new String(header.value(), UTF_8));
        }
        return headers;
    }

    private static DecodedRecord rejected(KafkaRecord record) {
        return new DecodedRecord(
                record, null, new Rejection(RejectReason.NOT_JSON, "not JSON: größer"));
    }

    private static DecodedRecord late(KafkaRecord record) {
        return new DecodedRecord(record, new HttpRequest(7, 0, 200, null, 0, 0, "ZZ"), null);
    }

    private static KafkaRecord record(long timestamp, byte[] value, KafkaHeader... headers) {
        return new KafkaRecord(
                "http_requests", 3, 5_000_000_000L, timestamp, KEY, value, List.of(headers));
    }

    private static KafkaHeader header(String key, String value) {
        return new KafkaHeader(key, value.getBytes(UTF_8));
    }

    private static final class OneSubtask
            implements KafkaRecordSerializationSchema.KafkaSinkContext {
        @Override
        public int getParallelInstanceId() {
            return 0;
        }

        @Override
        public int getNumberOfParallelInstances() {
            return 1;
        }

        @Override
        public int[] getPartitionsForTopic(String topic) {
            return new int[] {0};
        }
    }
}
