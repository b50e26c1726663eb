package io.weir.request;

import static io.weir.request.EventText.event;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HiddenAddressesTest {

    /** MurmurHash3 x64 128 of 203.0.113.9 and of müller-ü, by another implementation. */
    private static final String HASH = "#ced07469311b25c4";

    private static final String HASH_OF_A_NAME = "#e7fd8191d0f8f9f1";

    private final RequestDecoder decoder = new RequestDecoder(Duration.ofMinutes(5), null);

    @Test
    void theAddressBecomesTheHashAndNothingElseChanges() {
        assertThat(hidden(event().toString()))
                .isEqualTo(event().with("ip_address", '"' + HASH + '"').toString());
        assertThat(hidden(event().with("ip_address", "\"m\\u00fcller-ü\"").toString()))
                .isEqualTo(event().with("ip_address", '"' + HASH_OF_A_NAME + '"').toString());
        assertThat(hidden("{\"ip\\u005faddress\" : \"203.0.113.9\" ,\"ip_address\":\"\"}"))
                .isEqualTo("{\"ip\\u005faddress\" : \"" + HASH + "\" ,\"ip_address\":\"\"}");
    }

    @Test
    void theDecoderTakesItForTheSameVisitor() {
        KafkaRecord record = EventText.record(event().toString());
        KafkaRecord withoutAddress = hiddenRecord(hidden(event().toString()));

        assertThat(decoder.decode(withoutAddress).request())
                .isEqualTo(decoder.decode(record).request())
                .isNotNull();
        assertThat(HiddenAddresses.in(withoutAddress.value(), withoutAddress))
                .isEqualTo(withoutAddress.value());
    }

    /** A visitor can choose what a log has for its address, but no header of Kafka. */
    @ParameterizedTest
    @ValueSource(strings = {"#ced07469311b25c4", "#0000000000000000"})
    void withoutTheHeaderItIsATextLikeAnyOther(String text) {
        String forged = event().with("ip_address", '"' + text + '"').toString();

        Long hash = visitor(EventText.record(forged));
        assertThat(hash).isNotIn(0xced07469311b25c4L, 0L);
        assertThat(visitor(hiddenRecord(hidden(forged)))).isEqualTo(hash);
    }

    @ParameterizedTest
    @ValueSource(strings = {"#ced07469311b25c", "#CED07469311B25C4", "xced07469311b25c4", "#"})
    void withTheHeaderOnlyAHashIsAHash(String text) {
        String event = event().with("ip_address", '"' + text + '"').toString();

        assertThat(visitor(hiddenRecord(event))).isEqualTo(visitor(EventText.record(event)));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "1 | 0",
                "-1.5 | 0",
                "true | false",
                "null | null",
                "{\"v4\":\"203.0.113.9\"} | {}",
                "[\"203.0.113.9\"] | []"
            })
    void whatIsNoTextStaysNoText(String value, String replacement) {
        assertThat(hidden("{\"ip_address\":" + value + ",\"a\":1}"))
                .isEqualTo("{\"ip_address\":" + replacement + ",\"a\":1}");
    }

    @Test
    void aTextThatIsTooLongStaysTooLong() {
        String event = event().with("ip_address", '"' + "1".repeat(300) + '"').toString();

        assertThat(decoder.decode(hiddenRecord(hidden(event))).rejection())
                .isEqualTo(
                        new Rejection(
                                RejectReason.OUT_OF_RANGE,
                                "ip_address has 256 bytes: expected text of at most 255 bytes"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "203.0.113.9 - - [ | # - - [",
                "\"ip_address\" : \"shop.example\", x | \"ip_address\" : \"#\", x",
                "{\"ip_address\":\"shop.exam | {\"ip_address\":\"#",
                "{\"a\":1} 2001:db8::1 | {\"a\":1} #",
                "2001:0DB8:0:0:0:0:0:1, | #,",
                "::ffff:203.0.113.9 | #",
                "64:ff9b::203.0.113.9 | #",
                "1:2:3:4:5:6:203.0.113.9 | #",
                "fe80::1%eth0 | #%eth0",
                "at 12:30:45, 0.5 ms, 1.2.3 | at 12:30:45, 0.5 ms, 1.2.3",
                "[\"203.0.113.9\"] | [\"#\"]"
            })
    void inARecordThatIsNoObjectWhatLooksLikeAnAddressIsHidden(String text, String replacement) {
        assertThat(hidden(text)).isEqualTo(replacement);
    }

    @Test
    void otherFieldsOfAnObjectHaveNoAddressesEither() {
        assertThat(hidden("{\"url\":\"/?from=203.0.113.9\",\"xff\":[\"2001:db8::1\"]}"))
                .isEqualTo("{\"url\":\"/?from=#\",\"xff\":[\"#\"]}");
        assertThat(hidden("{\"url\":\"\\u00e9::1 \\\\u00e9::1 \\n::1\"}"))
                .isEqualTo("{\"url\":\"\\u00e9# \\\\u# \\n#\"}");
    }

    /** Different requests must not become copies of each other. */
    @Test
    void theRequestsIdStays() {
        assertThat(
                        hidden(
                                "{\"request_id\":\"10.0.0.1-17\",\"url\":\"/10.0.0.1\",\"ip_address\":\"\"}"))
                .isEqualTo("{\"request_id\":\"10.0.0.1-17\",\"url\":\"/#\",\"ip_address\":\"\"}");
        assertThat(hidden("{\"request_id\":[\"10.0.0.1\"]}")).isEqualTo("{\"request_id\":[\"#\"]}");
    }

    @Test
    void noTextTakesLong() {
        for (String piece : List.of("a:", "1.", "1:1.1.1.", "::", "\"ip_address\":\"", "\\u00")) {
            assertThat(hidden(piece.repeat(RequestDecoder.MAX_BYTES / piece.length())))
                    .hasSizeLessThanOrEqualTo(RequestDecoder.MAX_BYTES);
        }
    }

    @Test
    void bytesThatAreNoTextStayAsTheyAre() {
        byte[] bytes = new byte[256];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) i;
        }
        assertThat(HiddenAddresses.in(bytes, EventText.record(bytes))).isEqualTo(bytes);
    }

    private @Nullable Long visitor(KafkaRecord record) {
        return Objects.requireNonNull(decoder.decode(record).request()).visitorHash();
    }

    private static String hidden(String value) {
        KafkaRecord record = EventText.record(value);
        return new String(HiddenAddresses.in(record.value(), record), UTF_8);
    }

    private static KafkaRecord hiddenRecord(String value) {
        KafkaRecord record = EventText.record(value);
        return new KafkaRecord(
                record.topic(),
                record.partition(),
                record.offset(),
                record.timestampMillis(),
                null,
                record.value(),
                List.of(new KafkaHeader("weir.addresses-hidden", "true".getBytes(UTF_8))));
    }
}
