package io.weir.tools.accesslog;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines of other formats than the plain one; each file is read from its beginning. */
class OtherFormatsTest {

    private static final Instant TIME = Instant.parse("2026-10-25T12:00:00.250Z");
    private static final String PLAIN =
            "198.51.100.1 - - [25/Oct/2026:12:00:00 +0000] \"GET / HTTP/1.1\" 200 5";
    private static final String CADDY =
            "{\"level\":\"info\",\"ts\":1792929600.25,\"logger\":\"http.log.access.log0\",\"msg\":"
                    + "\"handled request\",\"request\":{\"remote_ip\":\"10.0.0.9\",\"remote_port\":"
                    + "\"5\",\"client_ip\":\"2001:DB8::1\",\"method\":\"GET\",\"host\":"
                    + "\"example.com:443\",\"uri\":\"/a?b=1\",\"headers\":{\"X\":[\"status\"]}},"
                    + "\"duration\":0.0105,\"size\":5,\"status\":200,\"resp_headers\":{}}";

    private LogFormat format = LineRules.DEFAULT.open();

    @Test
    void readsCaddysLines() {
        assertThat(parse(CADDY))
                .isEqualTo(request("example.com", "2001:db8::1", "GET /a?b=1", 200, 5L, 10_500));
        assertThat(parse(CADDY.replace("http.log.access.log0", "http.log.error")))
                .isEqualTo(new UnparsableLine(LineFault.NO_ACCESS_ENTRY));
        assertThat(parse(CADDY.replace("\"status\":200", "\"status\":0")))
                .isEqualTo(new UnparsableLine(LineFault.STATUS_OUT_OF_RANGE));
        assertThat(parse(CADDY.replace("\"status\":200", "\"status\":\"ok\"")))
                .isEqualTo(new UnparsableLine(LineFault.NO_STATUS_FIELD));
        assertThat(parse(CADDY.replace("\"ts\"", "\"t\"")))
                .isEqualTo(new UnparsableLine(LineFault.NO_TIME_FIELD));
        assertThat(parse(PLAIN)).isEqualTo(new UnparsableLine(LineFault.NOT_JSON));
        assertThat(parse(CADDY + "{")).isEqualTo(new UnparsableLine(LineFault.NOT_JSON));
        assertThat(parse("")).isEqualTo(new UnparsableLine(LineFault.EMPTY));
        assertThat(format.name()).isEqualTo("JSON lines");
    }

    @Test
    void readsTraefiksLines() {
        assertThat(
                        parse(
                                "{\"ClientAddr\":\"198.51.100.1:5\",\"ClientHost\":\"198.51.100.1\","
                                        + "\"DownstreamContentSize\":5,\"DownstreamStatus\":404,"
                                        + "\"Duration\":12000000,\"OriginStatus\":200,\"RequestHost\":"
                                        + "\"example.com\",\"RequestPath\":\"/a\",\"StartUTC\":"
                                        + "\"2026-10-25T12:00:00.250111222Z\",\"level\":\"info\","
                                        + "\"time\":\"2026-10-25T13:00:00Z\"}"))
                .isEqualTo(request("example.com", "198.51.100.1", "- /a", 404, 5L, 12_000));
    }

    @Test
    void readsLinesOfNginxWhoseFieldsAreItsVariables() {
        assertThat(
                        parse(
                                "{\"time_iso8601\":\"2026-10-25T14:00:00.250+02:00\",\"remote_addr\":"
                                        + "\"198.51.100.1\",\"request\":\"GET /a HTTP/1.1\",\"status\":"
                                        + "\"200\",\"body_bytes_sent\":\"5\",\"request_time\":\"0.123\","
                                        + "\"http_x_forwarded_for\":\"\"}"))
                .isEqualTo(request(null, "198.51.100.1", "GET /a HTTP/1.1", 200, 5L, 123_000));
        assertThat(
                        parse(
                                "{\"msec\":\"1792929600.250\",\"remote_addr\":\"\",\"request\":\"\","
                                        + "\"status\":\"400\",\"request_time\":\"-\"}"))
                .isEqualTo(request(null, null, "", 400, null, -1));
        assertThat(parse("{\"msec\":1792929600.250,\"status\":200,\"remote_addr\":\"12 3\"}"))
                .isEqualTo(new UnparsableLine(LineFault.NO_CLIENT));
    }

    @Test
    void readsNumbersThatNginxWritesAsTexts() {
        assertThat(
                        parse(
                                "{\"time_local\":\"25/Oct/2026:14:00:00.250 +0200\",\"remote_addr\":"
                                        + "\"192.0.2.1\",\"http_x_forwarded_for\":\"198.51.100.1, 10.0.0.1\","
                                        + "\"request_uri\":\"/a\",\"status\":\"200\",\"body_bytes_sent\":"
                                        + "\"612\",\"request_time\":\"0.005\",\"host\":\"\",\"server_name\":"
                                        + "\"example.com\"}"))
                .isEqualTo(request("example.com", "198.51.100.1", "- /a", 200, 612L, 5_000));
        assertThat(
                        parse(
                                "{\"time_iso8601\":\"2026-10-25T12:00:00,250+00:00\",\"remote_addr\":"
                                        + "\"198.51.100.1\",\"http_x_forwarded_for\":\"nobody\",\"uri\":\"/a\","
                                        + "\"status\":\"502\",\"server_name\":\"_\","
                                        + "\"upstream_response_time\":\"0.005, 0.010\"}"))
                .isEqualTo(request(null, "198.51.100.1", "- /a", 502, null, 15_000));
    }

    @Test
    void readsCloudflaresLines() {
        for (String time : new String[] {"\"2026-10-25T12:00:00.250Z\"", "1792929600250000000"}) {
            assertThat(
                            parse(
                                    "{\"ClientIP\":\"198.51.100.1\",\"ClientRequestHost\":"
                                            + "\"example.com\",\"ClientRequestURI\":\"/a\","
                                            + "\"EdgeResponseBytes\":5,\"EdgeResponseStatus\":404,"
                                            + "\"EdgeStartTimestamp\":"
                                            + time
                                            + "}"))
                    .isEqualTo(request("example.com", "198.51.100.1", "- /a", 404, 5L, -1));
        }
    }

    @Test
    void readsFastlysLines() {
        assertThat(
                        parse(
                                "{\"timestamp\":\"2026-10-25T12:00:00.25+0000\",\"client_ip\":"
                                        + "\"198.51.100.1\",\"host\":\"example.com\",\"url\":\"/a\","
                                        + "\"response_status\":200,\"response_body_size\":5}"))
                .isEqualTo(request("example.com", "198.51.100.1", "- /a", 200, 5L, -1));
    }

    @Test
    void readsWhatApacheWritesAsJson() {
        assertThat(
                        parse(
                                "{\"time\":\"[25/Oct/2026:14:00:00.250 +0200]\",\"remoteIP\":"
                                        + "\"198.51.100.1\",\"host\":\"b\u00fccher.example\","
                                        + "\"request\":\"GET /a HTTP/1.1\",\"status\":\"200\"}"))
                .isEqualTo(
                        request(
                                "b\u00fccher.example",
                                "198.51.100.1",
                                "GET /a HTTP/1.1",
                                200,
                                null,
                                -1));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "web-1  | ",
                "2026-10-25T12:00:01.123456789Z stdout F ",
                "[pod/web-5d4f/nginx] 2026-10-25T12:00:01.123456789Z ",
                "<190>Oct 25 12:00:01 web-1 nginx: "
            })
    void readsOnAfterAKnownPrefix(String prefix) {
        assertThat(parse(prefix + CADDY))
                .isEqualTo(request("example.com", "2001:db8::1", "GET /a?b=1", 200, 5L, 10_500));
        assertThat(parse("nothing " + CADDY)).isEqualTo(new UnparsableLine(LineFault.NOT_JSON));
    }

    /** What clients sent, as nginx writes it with escape=json and without. */
    @ParameterizedTest
    @ValueSource(strings = {"\\x22caf\\xE9\\x22", "a\tb", "caf\u00e9", "\\u00e9"})
    void bytesThatClientsSentMakeNoLineAReject(String agent) {
        String line =
                "{\"msec\":1792929600.250,\"status\":200,\"ua\":\""
                        + agent
                        + "\",\"remote_addr\":\"198.51.100.1\"}";
        assertThat(format.parse(line.getBytes(ISO_8859_1)))
                .isEqualTo(request(null, "198.51.100.1", "", 200, null, -1));
    }

    @Test
    void readsTraefiksClientWithItsPort() {
        assertThat(
                        parse(
                                "{\"ClientAddr\":\"[2001:DB8::1]:5\",\"DownstreamStatus\":200,\"StartUTC\":"
                                        + "\"2026-10-25T12:00:00.25Z\",\"request_X-Forwarded-For\":\"-\"}"))
                .isEqualTo(request(null, "2001:db8::1", "", 200, null, -1));
    }

    @Test
    void readsWhatDockerWraps() {
        String wrapped = CADDY.replace("\"", "\\\"");
        for (String line : new String[] {PLAIN.replace("\"", "\\\""), wrapped}) {
            LogLine read =
                    parse(
                            "{\"log\":\"%s\\n\",\"stream\":\"stdout\",\"time\":\"2026-10-25T13:00:00Z\"}"
                                    .formatted(line));
            assertThat(((ParsedLine) read).time()).isBetween(TIME.minusSeconds(1), TIME);
        }
    }

    /** Seconds since 1970, by Python: 2026-10-25 12:00:00 UTC is 1792929600. */
    @ParameterizedTest
    @CsvSource({
        "1792929600.25",
        "1792929600250",
        "1792929600250111",
        "1792929600250111222",
        "1.79292960025E9",
        "'\"2026-10-25T12:00:00.250Z\"'",
        "'\"25/Oct/2026:14:00:00.250 +0200\"'"
    })
    void readsTimesOfAnyUnit(String time) {
        LogLine read = parse("{\"ts\":%s,\"status\":200}".formatted(time));
        assertThat(((ParsedLine) read).time()).isEqualTo(TIME);
    }

    @ParameterizedTest
    @CsvSource({
        "'{\"ts\":-1,\"status\":200}', JSON",
        "'{\"ts\":1e999999999,\"status\":200}', JSON",
        "'{\"ts\":\"2026-10-25T12:00:00\",\"status\":200}', JSON",
        "'{\"ts\":{},\"status\":200}', JSON",
        "'{\"ts\":1792929600}', JSON",
        "'[1]', UNKNOWN_TIME",
        "'#Fields', NO_TIME"
    })
    void decidesForNoFormatByALineThatIsNoRequest(String line, LineFault fault) {
        assertThat(parse(line)).isEqualTo(new UnparsableLine(fault));
        assertThat(parse(PLAIN)).isInstanceOf(ParsedLine.class);
        assertThat(parse(CADDY)).isEqualTo(new UnparsableLine(LineFault.JSON));
        assertThat(format.name()).isEqualTo("common");
    }

    @Test
    void readsTheFieldsThatAreNamed() {
        assertThat(parse("#Software: Microsoft Internet Information Services 10.0"))
                .isEqualTo(new DirectiveLine());
        assertThat(
                        parse(
                                "#Fields: date time c-ip cs-uri-stem cs-uri-query cs(User-Agent) sc-status"
                                        + " sc-bytes time-taken cs-host"))
                .isEqualTo(new DirectiveLine());
        assertThat(parse("2026-10-25 12:00:00.250 198.51.100.1 /a b=1 a+b 200 5 15 example.com"))
                .isEqualTo(request("example.com", "198.51.100.1", "- /a?b=1", 200, 5L, 15_000));
        assertThat(parse("2026-10-25 12:00:00.250 - /a - \"a b\" 200 - 15 -\r"))
                .isEqualTo(request(null, null, "- /a", 200, null, 15_000));
        assertThat(parse("2026-10-25 12:00:00 198.51.100.1 /a - a b 200 5 15 example.com"))
                .isEqualTo(new UnparsableLine(LineFault.OTHER_FIELDS));
        assertThat(parse("#Fields: date\ttime\tc-ip\tsc-status\ttime-taken"))
                .isEqualTo(new DirectiveLine());
        assertThat(parse("2026-10-25\t12:00:00.250\t198.51.100.1\t200\t0.015"))
                .isEqualTo(request(null, "198.51.100.1", "- ", 200, null, 15_000));
        assertThat(format.name()).isEqualTo("W3C extended");
    }

    /** IIS writes what a client sends as it is, but for blanks. */
    @Test
    void aQuotationMarkOfAClientHidesNothing() {
        parse("#Fields: date time c-ip cs(User-Agent) cs-uri-stem sc-status cs(Referer)");

        ParsedLine line =
                (ParsedLine)
                        parse("2026-10-25 12:00:00 192.0.2.7 \"Mozilla/5.0+x /a 404 http://x/\"");

        assertThat(line.status()).isEqualTo(404);
        assertThat(line.client()).isEqualTo("192.0.2.7");
    }

    @Test
    void readsIisLinesWhoseFieldsChange() {
        parse("#Fields: date time c-ip cs-uri-stem sc-status time-taken");
        assertThat(parse("2026-10-25 12:00:00.250 198.51.100.1 /a 200 15"))
                .isEqualTo(request(null, "198.51.100.1", "- /a", 200, null, 15_000));
        parse("#Fields: time date sc-status time-taken c-ip X-Forwarded-For");
        assertThat(parse("12:00:00,250 2026-10-25 404 7 192.0.2.1 198.51.100.1:50001,+10.0.0.1"))
                .isEqualTo(request(null, "198.51.100.1", "- ", 404, null, 7_000));
        assertThat(parse("12:00:00.250 2026-10-25 404 7 192.0.2.1 -"))
                .isEqualTo(request(null, "192.0.2.1", "- ", 404, null, 7_000));
        assertThat(parse("2026-10-25 12:00:00.250 198.51.100.1 /a 200 15"))
                .isEqualTo(new UnparsableLine(LineFault.NO_TIME_FIELD));
    }

    @Test
    void linesWithoutFieldsAreNoneOfIis() {
        format = LogFormatChoice.W3C.open(ResponseTimeRule.AUTO);
        assertThat(parse("2026-10-25 12:00:00 198.51.100.1 /a 200 15"))
                .isEqualTo(new UnparsableLine(LineFault.NO_FIELDS));
    }

    /** Error logs, and what HAProxy writes: its times have no zone. */
    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "2026/10/25 12:00:00 [error] 123#0: *1 open() \"/a\" failed (2: No such file or"
                        + " directory), client: 192.0.2.1, server: _, request: \"GET /a HTTP/1.1\", host: \"a\"",
                "[Sun Oct 25 12:00:00.123456 2026] [core:error] [pid 1:tid 2] [client 192.0.2.1:5000]"
                        + " AH00126: Invalid URI in request GET /a HTTP/1.1",
                "Oct 25 12:00:00 lb haproxy[14389]: 192.0.2.1:33317 [25/Oct/2026:12:00:00.123] static"
                        + " srv/s1 10/0/30/69/109 200 2750 - - ---- 1/1/1/1/0 0/0 \"GET /a HTTP/1.1\""
            })
    void neverCountsLinesOfOtherLogs(String line) {
        assertThat(parse(line)).isEqualTo(new UnparsableLine(LineFault.UNKNOWN_TIME));
        assertThat(format.name())
                .isEqualTo(
                        "no known format (common, combined or vhost_combined: time not"
                                + " dd/Mon/yyyy:HH:mm:ss +hhmm; JSON lines: no JSON object; W3C extended: no"
                                + " #Fields; AWS Application Load Balancer: no line of a load balancer;"
                                + " CloudFront's standard log: no line of CloudFront)");
        assertThat(parse(PLAIN)).isInstanceOf(ParsedLine.class);
        assertThat(format.name()).isEqualTo("common");
    }

    @Test
    void takesWhatIsSaidToStandFirst() {
        String rest = PLAIN.substring(PLAIN.indexOf(" - -"));
        format = LogFormatChoice.COMBINED.open(ResponseTimeRule.AUTO);
        assertThat(clientOf("198.51.100.1 203.0.113.9" + rest)).isEqualTo("198.51.100.1");
        assertThat(clientOf("www.example.com:443 203.0.113.9" + rest)).isEqualTo("www.example.com");
        format = LogFormatChoice.VHOST.open(ResponseTimeRule.AUTO);
        assertThat(clientOf("198.51.100.1 203.0.113.9" + rest)).isEqualTo("203.0.113.9");
        assertThat(clientOf("wiki 203.0.113.9" + rest)).isEqualTo("203.0.113.9");
        assertThat(clientOf("wiki -" + rest)).isNull();
    }

    private @Nullable String clientOf(String line) {
        return ((ParsedLine) parse(line)).client();
    }

    private LogLine parse(String line) {
        return ParsedLines.withoutHeaders(format.parse(line.getBytes(UTF_8)));
    }

    private static ParsedLine request(
            @Nullable String host,
            @Nullable String client,
            String request,
            int status,
            @Nullable Long size,
            long micros) {
        return new ParsedLine(
                host,
                client,
                TIME,
                request,
                status,
                size,
                ResponseTime.of(ResponseTimeForm.FIELD, micros),
                SentHeaders.NONE);
    }
}
