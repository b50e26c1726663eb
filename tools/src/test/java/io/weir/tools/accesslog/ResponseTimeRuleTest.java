package io.weir.tools.accesslog;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ResponseTimeRuleTest {

    private static final String COMBINED = "\"-\" \"Agent 0.999 rt=0.9\"";

    /** What follows referer and agent, and the microseconds. */
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "0.123 | DECIMALS | 123000",
                "0.123 0.100 | DECIMALS | 123000",
                "0.100 0.123 . | DECIMALS | 123000",
                "0.123 - | DECIMALS | 123000",
                "0.000 | DECIMALS | 0",
                "0.018123 | DECIMALS | 18123",
                "0.123 1793016000.123 | DECIMALS | 123000",
                "500 0.042 [up] 10.0.0.1:80 100 0.040 200 | DECIMALS | 42000",
                "0.100, 0.200 | DECIMALS | 300000",
                "10.0.0.1:80 : 10.0.0.2:80 0.100, - : 0.200 | DECIMALS | 300000",
                "0.310 0.100,0.200 | DECIMALS | 310000",
                "500 0.042 [up] [] 10.0.0.1:80, 10.0.0.2:80 0, 100 0.010, 0.030 502, 200 a1 | DECIMALS | 42000",
                "1 \"web@docker\" \"http://10.0.0.2:80\" 12ms | WITH_UNIT | 12000",
                "1 \"-\" \"-\" 0ms | WITH_UNIT | 0",
                "1.5s | WITH_UNIT | 1500000",
                "250us | WITH_UNIT | 250",
                "250\u00b5s | WITH_UNIT | 250",
                "1500ns | WITH_UNIT | 2",
                "- 12.345 ms | WITH_UNIT | 12345",
                "rt=0.500 | NAMED | 500000",
                "\"-\" rt=0.500 ua=\"-\" | NAMED | 500000",
                "rt=0.500 uct=\"0.000\" uht=\"0.400\" urt=\"0.400\" | NAMED | 500000",
                "urt=0.400 | NAMED | 400000",
                "rt=\"0.500\" | NAMED | 500000",
                "request_time=0.500, upstream_response_time=0.400 | NAMED | 500000",
                "0.900 rt=0.500 | NAMED | 500000",
                "rt=12ms | NAMED | 12000",
                "urt=\"0.1 : 0.2\" | NAMED | 300000",
                "urt=\"-, 0.200\" | NAMED | 200000",
                "urt=0.100, 0.200 | NAMED | 300000",
                "rt=0.310 urt=\"0.100, 0.200\" | NAMED | 310000",
                "rt:0.500 | NAMED | 500000",
                "request_time: \"0.1\" rt:\"0.500\" | NAMED | 500000",
                "took=12ms latency=350us | NAMED | 12000",
                "0/123456 | SECONDS_AND_MICROS | 123456",
                "**1/1234567** | SECONDS_AND_MICROS | 1234567"
            })
    void readsWhatSaysItself(String tail, ResponseTimeForm form, long micros) {
        assertThat(read(ResponseTimeRule.AUTO, COMBINED + " " + tail))
                .isEqualTo(new ResponseTime(form, micros));
        assertThat(read(ResponseTimeRule.OFF, COMBINED + " " + tail)).isEqualTo(ResponseTime.NONE);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "123000 | AMBIGUOUS",
                "512 1024 | AMBIGUOUS",
                "rt=5 | AMBIGUOUS",
                "502, 200 | AMBIGUOUS",
                "0.1 : 0.2 | NONE",
                "0.100, 12ms | NONE",
                "ttl=12ms | NONE",
                "urt=\"-\" | NONE",
                "- | NONE",
                "\"0.123\" | NONE",
                "\"9999.123\" - | NONE",
                "ua=\"rt=0.500\" | NONE",
                "\"rt=0.500\" | NONE",
                "2.73 | NONE",
                "3/123456 | NONE",
                "1793016000.123 | NONE",
                "86400.001 | NONE",
                "0.123x | NONE",
                "\"unclosed 0.123 | NONE",
                "\"a\"b\" 0.123 | NONE",
                "10.0.0.1 | NONE"
            })
    void guessesNothing(String tail, ResponseTimeForm form) {
        assertThat(read(ResponseTimeRule.AUTO, COMBINED + " " + tail))
                .isEqualTo(new ResponseTime(form, -1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "last:us | 123000 | AS_GIVEN | 123000",
                "last:ms | 123 | AS_GIVEN | 123000",
                "last:ms | 12.345 | AS_GIVEN | 12345",
                "last:s | 2 | AS_GIVEN | 2000000",
                "last:s | 0.12 | AS_GIVEN | 120000",
                "last:s | 0.010 1 | AS_GIVEN | 1000000",
                "last:us | \"123000\" | AS_GIVEN | 123000",
                "last:us | D=18001 | AS_GIVEN | 18001",
                "last:s | 0.1, 0.2 | AS_GIVEN | 300000",
                "last:us | 0.123 | DECIMALS | 123000",
                "last:us | 0/123456 | SECONDS_AND_MICROS | 123456",
                "last:ms | 12us | WITH_UNIT | 12",
                "last:ms | rt=0.500 ua=\"-\" | NAMED | 500000",
                "last:us | rt=5000 ua=\"-\" | AS_GIVEN | 5000",
                "last:ms | 512 rt=5 | AS_GIVEN | 5000",
                "last:s | 86401 | NONE | -1",
                "last:s | - | NONE | -1",
                "off | 123000 | NONE | -1"
            })
    void takesTheLastNumberAsItIsSaid(
            String option, String tail, ResponseTimeForm form, long micros) {
        for (ResponseTimeRule times : ResponseTimeRule.values()) {
            if (times.toString().equals(option)) {
                assertThat(read(times, COMBINED + " " + tail))
                        .isEqualTo(new ResponseTime(form, micros));
            }
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'18001 ', BEFORE_REQUEST, 18001",
        "'0.018 ', DECIMALS, 18000",
        "'18ms ', WITH_UNIT, 18000",
        "'- ', NONE, -1",
        "'86400000001 ', NONE, -1"
    })
    void readsANumberBetweenTimeAndRequest(String between, ResponseTimeForm form, long micros) {
        assertThat(read(ResponseTimeRule.AUTO, between, ""))
                .isEqualTo(new ResponseTime(form, micros));
        assertThat(read(ResponseTimeRule.OFF, between, "")).isEqualTo(ResponseTime.NONE);
    }

    @ParameterizedTest
    @CsvSource({"0.123, DECIMALS, 123000", "123, AMBIGUOUS, -1", "'', NONE, -1"})
    void readsTheTailOfACommonLineToo(String tail, ResponseTimeForm form, long micros) {
        assertThat(read(ResponseTimeRule.AUTO, tail)).isEqualTo(new ResponseTime(form, micros));
    }

    private static ResponseTime read(ResponseTimeRule times, String tail) {
        return read(times, "", tail);
    }

    private static ResponseTime read(ResponseTimeRule times, String between, String tail) {
        String line =
                "a - - [05/Mar/2024:10:00:00 +0000] %s\"GET / HTTP/1.1\" 200 5 %s"
                        .formatted(between, tail);
        LogLine read = new AccessLogParser(times).parse(line.getBytes(ISO_8859_1));
        return ((ParsedLine) read).responseTime();
    }
}
