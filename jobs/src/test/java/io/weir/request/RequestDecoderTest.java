package io.weir.request;

import static io.weir.request.EventText.ARRIVAL;
import static io.weir.request.EventText.event;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.sketch.VisitorHash;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import org.apache.flink.util.InstantiationUtil;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RequestDecoderTest {
    private static final Duration MAX_AHEAD = Duration.ofMinutes(5);
    private static final Duration MAX_AGE = Duration.ofDays(7);

    private final RequestDecoder decoder = new RequestDecoder(MAX_AHEAD, MAX_AGE);

    @Test
    void readsEveryFieldOfAnEvent() {
        HttpRequest request = request(event());

        assertThat(request)
                .isEqualTo(
                        new HttpRequest(
                                7,
                                Instant.parse("2026-03-01T10:00:00.250Z").toEpochMilli(),
                                200,
                                VisitorHash.hashText("203.0.113.9"),
                                12_500,
                                5120,
                                "BR",
                                3,
                                0,
                                0,
                                false));
    }

    @Test
    void keepsTheRecordOfARequestAndOfARejection() {
        KafkaRecord good = EventText.record(event().toString());
        KafkaRecord bad = EventText.record("GET /");

        assertThat(decoder.decode(good).record()).isSameAs(good);
        assertThat(decoder.decode(bad).record()).isSameAs(bad);
    }

    @Test
    void anEventNeedsNoMoreThanThreeFields() {
        HttpRequest request =
                request(
                        """
                        {"site_id": 1, "event_time": 1772359200000, "status_code": 100}
                        """);

        assertThat(request)
                .isEqualTo(
                        new HttpRequest(
                                1,
                                Instant.parse("2026-03-01T10:00:00Z").toEpochMilli(),
                                100,
                                null,
                                HttpRequest.NOT_TIMED,
                                0,
                                "ZZ",
                                3,
                                0,
                                0,
                                false));
    }

    /** The decoder looks first for what came in the same place before, which it must not assume. */
    @Test
    void fieldsAreFoundInAnyOrderAndSpellingAfterEachOther() {
        List<String> spellings =
                List.of(
                        "{'site_id':7,'event_time':1772359200000,'status_code':200,'bytes_sent':9}",
                        "{'bytes_sent':9,'status_code':200,'event_time':1772359200000,'site_id':7}",
                        "{'site_id' : 7,\n"
                                + "'event_time': 1772359200000,'status_code':200,'bytes_sent':9}",
                        "{'site_ids':1,'site_id':7,'event_times':1,'event_time':1772359200000,"
                                + "'status':1,'status_code':200,'bytes':1,'bytes_sent':9}",
                        "{'site\\u005fid':7,'event_time':1772359200000,'status_code':200,"
                                + "'\\u0062ytes_sent':9}",
                        "{'site_id':1,'site_id':7,'event_time':1772359200000,"
                                + "'status_code':200,'bytes_sent':9}");
        HttpRequest expected =
                new HttpRequest(
                        7,
                        1772359200000L,
                        200,
                        null,
                        HttpRequest.NOT_TIMED,
                        9,
                        "ZZ",
                        3,
                        0,
                        0,
                        false);
        for (String before : spellings) {
            for (String after : spellings) {
                assertThat(request(before.replace('\'', '"'))).isEqualTo(expected);
                assertThat(request(after.replace('\'', '"'))).isEqualTo(expected);
            }
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "ip_address",
                "response_time_msec",
                "bytes_sent",
                "request_country",
                "request_id",
                "url"
            })
    void nullIsTheSameAsAbsent(String field) {
        assertThat(request(event().with(field, "null"))).isEqualTo(request(event().without(field)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"ip_address", "request_country", "request_id", "url"})
    void emptyTextIsTheSameAsAbsent(String field) {
        assertThat(request(event().with(field, "\"\""))).isEqualTo(request(event().without(field)));
    }

    @ParameterizedTest
    @ValueSource(strings = {"site_id", "event_time", "status_code"})
    void aRequiredFieldThatIsNullIsMissing(String field) {
        assertThat(rejection(event().with(field, "null")))
                .isEqualTo(rejection(event().without(field)))
                .extracting(Rejection::reason)
                .isEqualTo(RejectReason.MISSING_FIELD);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    site_id     | expected an integer from 0 to 2147483647
                    event_time  | expected RFC 3339 text with an offset, or epoch milliseconds
                    status_code | expected an integer from 100 to 599
                    """)
    void rejectsAnEventWithoutARequiredField(String field, String expectation) {
        Rejection rejection = rejection(event().without(field));

        assertThat(rejection.reason()).isEqualTo(RejectReason.MISSING_FIELD);
        assertThat(rejection.message()).startsWith(field + " is missing: " + expectation);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    site_id            | "7"
                    site_id            | 7.0
                    site_id            | 7e0
                    site_id            | true
                    site_id            | [7]
                    event_time         | 1772359200000.5
                    event_time         | 1.7723592e12
                    event_time         | "yesterday"
                    event_time         | ""
                    event_time         | "1772359200000"
                    event_time         | "2026-03-01T10:00:00"
                    event_time         | "2026-03-01"
                    event_time         | false
                    status_code        | "200"
                    status_code        | 200.0
                    status_code        | {}
                    ip_address         | 3405803785
                    ip_address         | ["203.0.113.9"]
                    response_time_msec | "12"
                    response_time_msec | false
                    bytes_sent         | "5120"
                    bytes_sent         | 5120.5
                    bytes_sent         | 5e3
                    request_country    | 76
                    request_country    | {"iso": "BR"}
                    request_id         | 1
                    url                | 5
                    url                | ["/"]
                    """)
    void rejectsAFieldOfTheWrongType(String field, String json) {
        Rejection rejection = rejection(event().with(field, json));

        assertThat(rejection.reason()).isEqualTo(RejectReason.WRONG_TYPE);
        assertThat(rejection.message()).startsWith(field + " is ").contains(": expected ");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    site_id            | -7
                    site_id            | 2147483648
                    site_id            | 4611686018427387904
                    site_id            | 99999999999999999999999999999999
                    event_time         | -1
                    event_time         | 253402300800000
                    event_time         | 9223372036854775808
                    event_time         | "1969-12-31T23:59:59.9999Z"
                    event_time         | "1970-01-01T00:59:59+01:00"
                    event_time         | "2026-02-29T10:00:00Z"
                    event_time         | "2026-13-01T10:00:00Z"
                    event_time         | "2026-03-01T24:00:00Z"
                    event_time         | "2016-12-31T23:59:60Z"
                    status_code        | 99
                    status_code        | 600
                    status_code        | -200
                    response_time_msec | -1
                    response_time_msec | -0.0001
                    response_time_msec | -1e-400
                    response_time_msec | 86400001
                    response_time_msec | 86400000.0000000000000000000000001
                    response_time_msec | 1e300
                    response_time_msec | 1e999999999999
                    bytes_sent         | -1
                    bytes_sent         | 1099511627777
                    bytes_sent         | 4611686018427387904
                    """)
    void rejectsAFieldOutOfItsRange(String field, String json) {
        Rejection rejection = rejection(event().with(field, json));

        assertThat(rejection.reason()).isEqualTo(RejectReason.OUT_OF_RANGE);
        assertThat(rejection.message()).startsWith(field + " is ").contains(": expected ");
    }

    @Test
    void rejectsTwoSizesWhoseSumWouldOverflow() {
        String size = Long.toString(1L << 62);

        assertThat(rejection(event().with("bytes_sent", size)).reason())
                .isEqualTo(RejectReason.OUT_OF_RANGE);
        assertThat(rejection(event().with("bytes_sent", size)).message())
                .isEqualTo(
                        "bytes_sent is 4611686018427387904:"
                                + " expected an integer from 0 to 1099511627776");
    }

    @ParameterizedTest
    @CsvSource({
        "site_id, 1",
        "site_id, 2147483647",
        "status_code, 100",
        "status_code, 599",
        "response_time_msec, 0",
        "response_time_msec, -0.0",
        "response_time_msec, 86400000",
        "response_time_msec, 8.64e7",
        "bytes_sent, 0",
        "bytes_sent, 1099511627776"
    })
    void acceptsTheEndsOfEachRange(String field, String json) {
        assertThat(decode(event().with(field, json).toString()).rejection()).isNull();
    }

    @ParameterizedTest
    @CsvSource({
        "0, 0",
        "12, 12000",
        "12.3456, 12346",
        "0.0005, 1",
        "0.00049999999999999999999999, 0",
        "0.0015, 2",
        "1e-400, 0",
        "1.5E+3, 1500000",
        "86400000, 86400000000"
    })
    void keepsTheResponseTimeInWholeMicroseconds(String json, long micros) {
        assertThat(request(event().with("response_time_msec", json)).responseTimeMicros())
                .isEqualTo(micros);
    }

    @ParameterizedTest
    @CsvSource({
        "2026-03-01T10:00:00Z, 2026-03-01T10:00:00Z",
        "2026-03-01t10:00:00z, 2026-03-01T10:00:00Z",
        "2026-03-01 10:00:00Z, 2026-03-01T10:00:00Z",
        "2026-03-01T10:00:00.1Z, 2026-03-01T10:00:00.100Z",
        "2026-03-01T10:00:00.999999999999Z, 2026-03-01T10:00:00.999Z",
        "2026-03-01T15:30:00+05:30, 2026-03-01T10:00:00Z",
        "2026-02-28T23:30:00.250-10:30, 2026-03-01T10:00:00.250Z",
        "2026-03-01T10:00:00-00:00, 2026-03-01T10:00:00Z"
    })
    void readsEventTimesAsRfc3339WritesThem(String text, Instant expected) {
        assertThat(request(event().with("event_time", '"' + text + '"')).eventTimeMillis())
                .isEqualTo(expected.toEpochMilli());
    }

    @Test
    void ingestTimeIsAnotherNameForEventTime() {
        EventText event = event().without("event_time");

        assertThat(request(event.with("ingest_time", "1772359200000")).eventTimeMillis())
                .isEqualTo(1772359200000L);
        assertThat(rejection(event.with("ingest_time", "\"noon\"")).message())
                .startsWith("ingest_time is \"noon\": expected RFC 3339 text");
    }

    @Test
    void eventTimeWinsOverIngestTime() {
        assertThat(request(event().with("ingest_time", "\"noon\""))).isEqualTo(request(event()));
        assertThat(request(event().with("ingest_time", "1"))).isEqualTo(request(event()));
        assertThat(
                        request(
                                        event().with("event_time", "null")
                                                .with("ingest_time", "1772359200000"))
                                .eventTimeMillis())
                .isEqualTo(1772359200000L);
    }

    @Test
    void comparesTheEventTimeWithTheRecordsOwnTimestamp() {
        assertThat(decodeAt(ARRIVAL.plus(MAX_AHEAD)).rejection()).isNull();
        assertThat(decodeAt(ARRIVAL.minus(MAX_AGE)).rejection()).isNull();
        assertThat(decodeAt(ARRIVAL.plus(MAX_AHEAD).plusMillis(1)).rejection())
                .isEqualTo(
                        new Rejection(
                                RejectReason.TOO_FAR_AHEAD,
                                "event_time is 2026-03-01T10:05:01.001Z, after the record's own"
                                        + " timestamp 2026-03-01T10:00:01Z: expected at most"
                                        + " 5 min ahead of it"));
        assertThat(decodeAt(ARRIVAL.minus(MAX_AGE).minusMillis(1)).rejection())
                .isEqualTo(
                        new Rejection(
                                RejectReason.TOO_OLD,
                                "event_time is 2026-02-22T10:00:00.999Z, before the record's own"
                                        + " timestamp 2026-03-01T10:00:01Z: expected at most"
                                        + " 7 d behind it"));
    }

    @Test
    void rejectsAnEventOfTheYear2099() {
        assertThat(rejection(event().with("event_time", "\"2099-01-01T00:00:00Z\"")).reason())
                .isEqualTo(RejectReason.TOO_FAR_AHEAD);
    }

    @Test
    void withoutAMaximumAgeEveryAgeIsAccepted() {
        RequestDecoder unlimited = new RequestDecoder(MAX_AHEAD, null);
        KafkaRecord record = EventText.record(event().with("event_time", "0").toString());

        assertThat(decoder.decode(record).rejection())
                .extracting(Rejection::reason)
                .isEqualTo(RejectReason.TOO_OLD);
        assertThat(unlimited.decode(record).rejection()).isNull();
    }

    @Test
    void refusesNegativeLimits() {
        assertThatThrownBy(() -> new RequestDecoder(Duration.ofMillis(-1), null))
                .hasMessage("maxAhead is negative: PT-0.001S");
        assertThatThrownBy(() -> new RequestDecoder(MAX_AHEAD, Duration.ofMillis(-1)))
                .hasMessage("maxAge is negative: PT-0.001S");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "203.0.113.9",
                "2001:db8::8a2e:370:7334",
                "fe80::1%eth0",
                "www-proxy.example.org",
                "www-proxy.example.org:8080",
                "2001:db8::/32",
                "müller.example"
            })
    void hashesTheAddressAsItIsWritten(String address) {
        assertThat(request(event().with("ip_address", '"' + address + '"')).visitorHash())
                .isEqualTo(VisitorHash.hashText(address));
    }

    @ParameterizedTest
    @CsvSource({
        "2001:DB8:0:0:0:8A2E:0370:7334, 2001:db8::8a2e:370:7334",
        "[2001:db8::1]:443, 2001:db8::1",
        "203.0.113.9:50001, 203.0.113.9",
        "::ffff:203.0.113.9, 203.0.113.9"
    })
    void hashesEverySpellingOfAnAddressAsOne(String spelling, String address) {
        assertThat(request(event().with("ip_address", quoted(spelling))).visitorHash())
                .isEqualTo(VisitorHash.hashText(address));
    }

    @Test
    void hashesWhatAnEscapedAddressMeans() {
        String escaped = "\"2001\\u003adb8\\u003A:\\/\\ud83d\\ude00\\u00e9\"";

        assertThat(request(event().with("ip_address", escaped)).visitorHash())
                .isEqualTo(VisitorHash.hashText("2001:db8::/\ud83d\ude00\u00e9"));
    }

    @Test
    void measuresTextInBytes() {
        assertThat(request(event().with("ip_address", quoted("é".repeat(127) + "x"))).visitorHash())
                .isEqualTo(VisitorHash.hashText("é".repeat(127) + "x"));
        assertThat(rejection(event().with("ip_address", quoted("é".repeat(128)))))
                .isEqualTo(
                        new Rejection(
                                RejectReason.OUT_OF_RANGE,
                                "ip_address has 256 bytes: expected text of at most 255 bytes"));
        assertThat(
                        decode(event().with("request_id", quoted("é".repeat(100))).toString())
                                .rejection())
                .isNull();
        assertThat(rejection(event().with("request_id", quoted("é".repeat(100) + "x"))))
                .isEqualTo(
                        new Rejection(
                                RejectReason.OUT_OF_RANGE,
                                "request_id has 201 bytes: expected text of at most 200 bytes"));
    }

    @ParameterizedTest
    @CsvSource({
        "BR, BR",
        "br, BR",
        "bR, BR",
        "\\u0042R, BR",
        "UK, ZZ",
        "ZZ, ZZ",
        "XX, ZZ",
        "BRA, BR",
        "usa, US",
        "China, CN",
        "INDONESIA, ID",
        "united states of america, US",
        "'Bolivia (Plurinational State of)', BO",
        "T\\u00fcrkiye, TR",
        "Atlantis, ZZ",
        "'China ', ZZ",
        "QQQ, ZZ",
        "B, ZZ",
        "B1, ZZ",
        "@@, ZZ",
        "é, ZZ",
        "' B', ZZ"
    })
    void knowsCountriesByCodeOrName(String text, String country) {
        assertThat(request(event().with("request_country", quoted(text))).country())
                .isEqualTo(country);
    }

    @Test
    void knowsEveryIsoCountryAndMakesNoNewStringForIt() {
        for (String code : Locale.getISOCountries()) {
            String read = request(event().with("request_country", quoted(code))).country();
            assertThat(read).isEqualTo(code);
            String alpha3 = new Locale("", code).getISO3Country();
            assertThat(request(event().with("request_country", quoted(alpha3))).country())
                    .isSameAs(read);
            assertThat(request(event().with("request_country", quoted(code))).country())
                    .isSameAs(read);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "1",
                "null",
                "\"text\"",
                "{\"site_id\": 0, \"deep\": [{\"status_code\": [1, [2, [3, {}]]]}]}",
                "[[], {}, [{}], \"]}\", 1e999999]",
                "-1.25e-7"
            })
    void skipsFieldsThatItDoesNotKnow(String json) {
        assertThat(request(event().with("user_agent", json))).isEqualTo(request(event()));
        assertThat(request("{\"user_agent\":" + json + "," + event().toString().substring(1)))
                .isEqualTo(request(event()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"Site_id", "site_i", "site_idx", "SITE_ID", "site-id", ""})
    void fieldNamesAreExact(String name) {
        assertThat(rejection(event().without("site_id").with(name, "7")).message())
                .startsWith("site_id is missing");
    }

    @Test
    void readsEscapedFieldNames() {
        EventText escaped = event().without("site_id").with("site\\u005fid", "8");

        assertThat(request(escaped).siteId()).isEqualTo(8);
    }

    @Test
    void theLastOfTwoEqualFieldsHolds() {
        assertThat(request(event().followedBy(",\"site_id\":9")).siteId()).isEqualTo(9);
        assertThat(request(event().with("site_id", "\"x\"").followedBy(",\"site_id\":9")).siteId())
                .isEqualTo(9);
        assertThat(rejection(event().followedBy(",\"site_id\":\"x\"")).reason())
                .isEqualTo(RejectReason.WRONG_TYPE);
        assertThat(rejection(event().followedBy(",\"site_id\":null")).reason())
                .isEqualTo(RejectReason.MISSING_FIELD);
    }

    @Test
    void skipsWhitespaceBetweenTokens() {
        assertThat(request(" \t\r\n" + event().toString().replace(",", " ,\n\t") + " \r\n"))
                .isEqualTo(request(event()));
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "[{\"site_id\":7}]", "7", "-1.5e3", "true", "null", "\"text\""})
    void rejectsJsonThatIsNotAnObject(String json) {
        assertThat(decode(json).rejection())
                .extracting(Rejection::reason)
                .isEqualTo(RejectReason.NOT_AN_OBJECT);
    }

    @Test
    void rejectsEveryTruncationAsNotJson() {
        String whole = event().with("ip_address", "\"m\\u00fcller-\u00fc\"").toString();
        byte[] bytes = whole.getBytes(StandardCharsets.UTF_8);

        for (int length = 0; length < bytes.length; length++) {
            byte[] truncated = Arrays.copyOf(bytes, length);
            assertThat(decoder.decode(EventText.record(truncated)).rejection())
                    .as("the first %s bytes", length)
                    .extracting(Rejection::reason)
                    .isEqualTo(RejectReason.NOT_JSON);
        }
    }

    @Test
    void rejectsAnEmptyRecord() {
        assertThat(decode("").rejection())
                .isEqualTo(new Rejection(RejectReason.NOT_JSON, "the record is empty"));
    }

    @Test
    void saysWhereTheTextStopsBeingJson() {
        assertThat(decode("{\"site_id\":7,}").rejection())
                .isEqualTo(
                        new Rejection(
                                RejectReason.NOT_JSON,
                                "not JSON: expected '\"' at byte 13, found '}'"));
        assertThat(decode("{\"site_id\":7").rejection())
                .isEqualTo(
                        new Rejection(
                                RejectReason.NOT_JSON,
                                "not JSON: expected ',' or '}' at byte 12,"
                                        + " found the end of the record"));
    }

    @Test
    void rejectsBinaryGarbage() {
        byte[] garbage = new byte[300];
        new Random(4).nextBytes(garbage);

        assertThat(decoder.decode(EventText.record(garbage)).rejection())
                .extracting(Rejection::reason)
                .isEqualTo(RejectReason.NOT_JSON);
    }

    @Test
    void rejectsALineOfALog() {
        String line = "203.0.113.9 - - [01/Mar/2026:10:00:00 +0000] \"GET / HTTP/1.1\" 200 5";

        assertThat(rejection(line))
                .isEqualTo(
                        new Rejection(
                                RejectReason.NOT_JSON,
                                "not JSON: expected the end of the record at byte 5, found '.'"));
    }

    @Test
    void rejectsARecordOfTwoMebibytesUnread() {
        assertThat(decoder.decode(EventText.record(new byte[2 << 20])).rejection())
                .isEqualTo(
                        new Rejection(
                                RejectReason.TOO_LARGE,
                                "the record has 2097152 bytes: expected at most 1048576"));
    }

    @Test
    void acceptsARecordOfOneMebibyteAndNotAByteMore() {
        String padding = " ".repeat((1 << 20) - event().toString().length());

        assertThat(decode(padding + event()).rejection()).isNull();
        assertThat(decode(padding + " " + event()).rejection())
                .extracting(Rejection::reason)
                .isEqualTo(RejectReason.TOO_LARGE);
    }

    @ParameterizedTest
    @CsvSource({"[, ]", "'{\"a\":', }", "'[{\"a\":', }]"})
    void rejectsDeepNestingWithoutOverflowingTheStack(String open, String close) {
        String nested = open.repeat(100_000) + "1" + close.repeat(100_000);

        assertThat(rejection(event().with("nested", nested).toString()))
                .isEqualTo(
                        new Rejection(
                                RejectReason.NOT_JSON,
                                "not JSON that is accepted: nested deeper than 1000 levels"));
        assertThat(rejection(nested).reason()).isEqualTo(RejectReason.NOT_JSON);
    }

    @Test
    void acceptsAThousandLevelsAndNotOneMore() {
        assertThat(decode(event().with("nested", "[".repeat(999) + "]".repeat(999)).toString()))
                .extracting(DecodedRecord::rejection)
                .isNull();
        assertThat(rejection(event().with("nested", "[".repeat(1000) + "]".repeat(1000))).reason())
                .isEqualTo(RejectReason.NOT_JSON);
    }

    @Test
    void namesTheFirstFieldThatIsWrongInTheOrderOfTheTable() {
        EventText allWrong =
                event().with("url", "1")
                        .with("request_id", "1")
                        .with("request_country", "1")
                        .with("bytes_sent", "-1")
                        .with("response_time_msec", "-1")
                        .with("ip_address", "1")
                        .without("status_code")
                        .with("event_time", "\"2099-01-01T00:00:00Z\"")
                        .with("site_id", "-1");

        assertThat(rejection(allWrong).message()).startsWith("site_id");
        assertThat(rejection(allWrong.with("site_id", "0")).message()).startsWith("status_code");
        assertThat(rejection(allWrong.with("status_code", "200")).message())
                .startsWith("ip_address");
        assertThat(rejection(allWrong.without("ip_address")).message())
                .startsWith("response_time_msec");
        assertThat(rejection(allWrong.without("response_time_msec")).message())
                .startsWith("bytes_sent");
        assertThat(rejection(allWrong.without("bytes_sent")).message())
                .startsWith("request_country");
        assertThat(rejection(allWrong.without("request_country")).message())
                .startsWith("request_id");
        assertThat(rejection(allWrong.without("request_id")).message()).startsWith("url");
        assertThat(rejection(allWrong.without("url")).message()).startsWith("event_time");
    }

    @Test
    void showsLongAndUnprintableValuesShortAndPrintable() {
        String value = "\"\u007f\u0085\u202e\u00fc" + "x".repeat(100) + "\"";

        assertThat(rejection(event().with("site_id", value)).message())
                .isEqualTo(
                        "site_id is \"???\u00fc"
                                + "x".repeat(56)
                                + "...\": expected an integer from 0 to 2147483647");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2034", "[\"2034\"]", "{\"v4\":\"2034\"}", "2034e5", "true"})
    void neverShowsTheAddress(String json) {
        assertThat(rejection(event().with("ip_address", json)).message())
                .startsWith("ip_address is ")
                .doesNotContain("2034");
    }

    @Test
    void decodesTheSameAfterACopyToAnotherTask() throws Exception {
        RequestDecoder copy = InstantiationUtil.clone(decoder);

        for (String json :
                List.of(
                        event().toString(),
                        event().with("event_time", "1").toString(),
                        event().with("event_time", "\"2099-01-01T00:00:00Z\"").toString())) {
            KafkaRecord record = EventText.record(json);
            assertThat(copy.decode(record)).isEqualTo(decoder.decode(record));
        }
    }

    private DecodedRecord decodeAt(Instant eventTime) {
        return decode(event().with("event_time", quoted(eventTime.toString())).toString());
    }

    private DecodedRecord decode(String json) {
        return decoder.decode(EventText.record(json));
    }

    private HttpRequest request(EventText event) {
        return request(event.toString());
    }

    private HttpRequest request(String json) {
        DecodedRecord decoded = decode(json);
        assertThat(decoded.rejection()).as(json).isNull();
        return Objects.requireNonNull(decoded.request());
    }

    private Rejection rejection(EventText event) {
        return rejection(event.toString());
    }

    private Rejection rejection(String json) {
        DecodedRecord decoded = decode(json);
        assertThat(decoded.request()).as(json).isNull();
        return Objects.requireNonNull(decoded.rejection());
    }

    private static String quoted(String text) {
        return '"' + text + '"';
    }
}
