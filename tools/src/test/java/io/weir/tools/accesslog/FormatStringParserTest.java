package io.weir.tools.accesslog;

import static io.weir.tools.accesslog.ParsedLines.request;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Lines in formats that are given as the configuration of a server has them. */
class FormatStringParserTest {

    private static final Instant NOON = Instant.parse("2026-10-25T12:00:00Z");
    private static final Instant AFTER_NOON = Instant.parse("2026-10-25T12:00:00.250Z");

    private static final String APACHE =
            "%h %l %u %t \"%r\" %>s %b \"%{Referer}i\" \"%{User-Agent}i\" %D";
    private static final String NGINX =
            "$remote_addr - $remote_user [$time_local] \"$request\" $status $body_bytes_sent"
                    + " \"$http_referer\" \"$http_user_agent\" \"$http_x_forwarded_for\" $request_time";

    @Test
    void readsApachesFormat() {
        assertThat(
                        parse(
                                APACHE,
                                "192.0.2.1 - Jo Doe [25/Oct/2026:14:00:00 +0200] \"GET /a?b=1 HTTP/1.1\" 404 12"
                                        + " \"-\" \"a \\\" 200 5 \\\"b\" 1500"))
                .isEqualTo(
                        request(null, "192.0.2.1", NOON, "GET /a?b=1 HTTP/1.1", 404, 12L, 1_500));
        assertThat(parse(APACHE, "- - - [25/Oct/2026:12:00:00 +0000] \"-\" 408 - \"-\" \"-\" -"))
                .isEqualTo(request(null, null, NOON, "-", 408, null, -1));
    }

    @Test
    void aBackslashMayStandBeforeAQuotationMarkOfTheFormat() {
        String line =
                "192.0.2.1 - - [25/Oct/2026:12:00:00 +0000] \"GET / HTTP/1.1\" 200 5 \"-\" \"-\" 7";
        assertThat(parse(APACHE.replace("\"", "\\\""), line))
                .isEqualTo(request(null, "192.0.2.1", NOON, "GET / HTTP/1.1", 200, 5L, 7));
        assertThat(
                        parse(
                                "%h\\t%t\\t%>s\\t100%%",
                                "192.0.2.1\t[25/Oct/2026:12:00:00 +0000]\t200\t100%"))
                .isEqualTo(request(null, "192.0.2.1", NOON, "", 200, null, -1));
    }

    @Test
    void readsNginxsFormat() {
        assertThat(
                        parse(
                                NGINX,
                                "192.0.2.1 - - [25/Oct/2026:12:00:00 +0000] \"GET /\\x22a\\x5C HTTP/1.1\" 200 612"
                                        + " \"-\" \"x\\x22 \\x22y\" \"-\" 0.005"))
                .isEqualTo(
                        request(
                                null,
                                "192.0.2.1",
                                NOON,
                                "GET /\\x22a\\x5C HTTP/1.1",
                                200,
                                612L,
                                5_000));
        assertThat(
                        parse(
                                NGINX,
                                "192.0.2.1 - - [25/Oct/2026:12:00:00 +0000] \"\\x16\\x03\" 400 0 \"-\" \"-\""
                                        + " \"203.0.113.9, 198.51.100.2\" 0.000"))
                .isEqualTo(request(null, "203.0.113.9", NOON, "\\x16\\x03", 400, 0L, 0));
    }

    @ParameterizedTest
    @CsvSource({
        "203.0.113.9, 203.0.113.9",
        "'203.0.113.9,192.0.2.5', 203.0.113.9",
        "'unknown, [2001:DB8::1]:443', 2001:db8::1",
        "203.0.113.9:50001, 203.0.113.9",
        "-, 192.0.2.1",
        "'', 192.0.2.1",
        "anything, 192.0.2.1",
        "a.example.com, 192.0.2.1",
        "'<script>, a b', 192.0.2.1"
    })
    void theFirstAddressOfXForwardedForIsTheClientIfThereIsOne(String forwarded, String client) {
        String line =
                "192.0.2.1 [25/Oct/2026:12:00:00 +0000] 200 \""
                        + forwarded
                        + "\" \"GET / HTTP/1.1\"";
        assertThat(client("%h %t %>s \"%{x-forwarded-for}i\" \"%r\"", line)).isEqualTo(client);
        assertThat(
                        client(
                                "$remote_addr [$time_local] $status \"$http_x_forwarded_for\" \"$request\"",
                                line))
                .isEqualTo(client);
    }

    @Test
    void aListOfAddressesMayStandWithoutQuotationMarks() {
        String format = "%{X-Forwarded-For}i %l %t %>s";
        String rest = " - [25/Oct/2026:12:00:00 +0000] 200";
        assertThat(client(format, "203.0.113.9, 192.0.2.5 ,192.0.2.6" + rest))
                .isEqualTo("203.0.113.9");
        assertThat(client(format, "-" + rest)).isNull();
        assertThat(client("$remote_addr - [$time_local] $status", "unix:" + rest)).isNull();
        assertThat(client("%h %l %t %>s", "client.example.com" + rest))
                .isEqualTo("client.example.com");
        assertThat(client("%h %l %t %>s", "[2001:DB8::1]:443" + rest)).isEqualTo("2001:db8::1");
        assertThat(parse("%h %l %t %>s", "1234" + rest))
                .isEqualTo(new UnparsableLine(LineFault.NO_CLIENT));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "%t|[25/Oct/2026:14:00:00.250 +0200]",
                "[%{%d/%b/%Y:%H:%M:%S}t.%{msec_frac}t %{%z}t]|[25/Oct/2026:14:00:00.250 +0200]",
                "%{%Y-%m-%dT%T}t.%{usec_frac}t%{%z}t|2026-10-25T14:00:00.250999+0200",
                "%{begin:%FT%T}t.%{msec_frac}tZ|2026-10-25T12:00:00.250Z",
                "%{%a %e %h %Y %R:%S %z}t,%{msec_frac}t|Sun 25 Oct 2026 14:00:00 +02:00,250",
                "%t %{msec_frac}t|[25/Oct/2026:12:00:00 +0000] 250",
                "%{msec}t|1792929600250",
                "%{usec}t|1792929600250999",
                "%{sec}t.%{msec_frac}t|1792929600.250",
                "%{%s}t %{msec_frac}t|1792929600 250",
                "%{end:msec}t %{begin:msec}t|1792929609250 1792929600250",
                "$time_iso8601|2026-10-25T14:00:00.250+02:00",
                "$time_iso8601|2026-10-25T12:00:00,250Z",
                "[$time_local] $msec|[25/Oct/2026:12:00:00 +0000] 1792929600.250",
                "${msec}x|1792929600.250x"
            })
    void readsTimes(String format, String time) {
        String status = format.contains("%") ? "%>s" : "$status";
        assertThat(parse(format + " " + status, time + " 200"))
                .isEqualTo(request(null, null, AFTER_NOON, "", 200, null, -1));
        assertThat(parse(status + " " + format, "200 " + time))
                .isEqualTo(request(null, null, AFTER_NOON, "", 200, null, -1));
    }

    @ParameterizedTest
    @CsvSource({
        "%D, 1500, 1500",
        "%T, 2, 2000000",
        "%{s}T, 2, 2000000",
        "%{ms}T, 15, 15000",
        "%{us}T, 15, 15",
        "%T/%D, 0/1500, 1500",
        "%D, -, -1",
        "%D, 86400000001, -1",
        "$request_time, 0.005, 5000",
        "$request_time, 12ms, 12000",
        "$upstream_response_time, 0.005, 5000",
        "$upstream_response_time, '0.005, 0.010 : 0.002', 17000",
        "$upstream_response_time, '-, 0.010', 10000",
        "$upstream_response_time, -, -1",
        "'$upstream_response_time $request_time', '0.001, 0.002 0.009', 9000"
    })
    void readsResponseTimes(String format, String value, long micros) {
        boolean isApache = format.contains("%");
        String rest = isApache ? " %>s %t" : " $status [$time_local]";
        assertThat(parse(format + rest, value + " 200 [25/Oct/2026:12:00:00 +0000]"))
                .isEqualTo(request(null, null, NOON, "", 200, null, micros));
    }

    @Test
    void readsNoResponseTimeIfNoneIsToBeRead() {
        LogFormat off = FormatString.of("%>s %t %D").open(ResponseTimeRule.OFF);
        assertThat(off.parse("200 [25/Oct/2026:12:00:00 +0000] 7".getBytes(ISO_8859_1)))
                .isEqualTo(request(null, null, NOON, "", 200, null, -1));
    }

    @ParameterizedTest
    @CsvSource({
        "%U%q, /a?b=1, - /a?b=1",
        "%U%q, /a, - /a",
        "%U %q, /a ?b=1, - /a?b=1",
        "%m %U %H, GET /a b HTTP/1.1, GET /a b",
        "$request_uri, /a?b=1, - /a?b=1",
        "$uri$is_args$args, /a?b=1, - /a?b=1",
        "$uri?$args, /a?b=1, - /a?b=1",
        "$uri?$args, /a?-, - /a",
        "$uri, /a, - /a",
        "$request, GET /a b HTTP/1.1, GET /a b HTTP/1.1",
        "$scheme://$host$request_uri, https://www.example.com/a?b=1, - /a?b=1",
        "%r, GET / 200 HTTP/1.1, GET / 200 HTTP/1.1"
    })
    void readsRequests(String format, String value, String request) {
        boolean isApache = format.contains("%");
        String rest = isApache ? " %>s %t" : " $status [$time_local]";
        LogLine line = parse(format + rest, value + " 200 [25/Oct/2026:12:00:00 +0000]");
        assertThat(((ParsedLine) line).request()).isEqualTo(request);
    }

    @ParameterizedTest
    @CsvSource({
        "%v:%p, www.example.com:443, www.example.com",
        "%V, WWW.example.com:443, WWW.example.com",
        "%{Host}i, '[2001:db8::9]:8443', 2001:db8::9",
        "$host, www.example.com, www.example.com",
        "$http_host, www.example.com:8080, www.example.com",
        "$server_name, _, ",
        "$host, -, ",
        "$scheme://$host$request_uri, https://www.example.com/a, www.example.com"
    })
    void readsHosts(String format, String value, @Nullable String host) {
        boolean isApache = format.contains("%");
        String rest = isApache ? " %>s %t" : " $status [$time_local]";
        LogLine line = parse(format + rest, value + " 200 [25/Oct/2026:12:00:00 +0000]");
        assertThat(((ParsedLine) line).host()).isEqualTo(host);
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '`',
            value = {
                "192.0.2.1 - - [31/Feb/2026:12:00:00 +0000] \"GET /\" 200 5 \"-\" \"-\" 7, NO_REAL_DATE",
                "192.0.2.1 - - [25/Oct/2026:12:00:00] \"GET /\" 200 5 \"-\" \"-\" 7, NO_FITTING_TIME",
                "192.0.2.1 - - [25/Oct/2026:12:00:00 +0000] \"GET /\" 600 5 \"-\" \"-\" 7, STATUS_OUT_OF_RANGE",
                "192.0.2.1 - - [25/Oct/2026:12:00:00 +0000] \"GET /\" 099 5 \"-\" \"-\" 7, STATUS_OUT_OF_RANGE",
                "192.0.2.1 - - [25/Oct/2026:12:00:00 +0000] \"GET /\" - 5 \"-\" \"-\" 7, NO_STATUS_FIELD",
                "192.0.2.1 - - [25/Oct/2026:12:00:00 +0000] \"GET /\" ok 5 \"-\" \"-\" 7, NO_STATUS_FIELD",
                "192.0.2.1 - - [25/Oct/2026:12:00:00 +0000] \"GET /\" 200 -1 \"-\" \"-\" 7, NO_FIT",
                "192.0.2.1 - - [25/Oct/2026:12:00:00 +0000] \"GET /\" 200 x \"-\" \"-\" 7, NO_FIT",
                "192.0.2.1 - - [25/Oct/2026:12:00:00 +0000] \"GET /\" 200 5 \"-\" \"-\", NO_FIT",
                "192.0.2.1, NO_FIT",
                "`  `, EMPTY",
                "`{\"status\":200}`, NO_FIT",
                "2026/10/25 12:00:00 [error] 1#0: *1 open() failed client: 192.0.2.1, NO_FIT"
            })
    void rejectsWhatDoesNotFitWithAReason(String line, LineFault fault) {
        assertThat(parse(APACHE, line)).isEqualTo(new UnparsableLine(fault));
    }

    @Test
    void rejectsALineThatGoesOnAfterTheFormat() {
        String line = "192.0.2.1 [25/Oct/2026:12:00:00 +0000] 200";
        assertThat(parse("%h %t %>s", line)).isInstanceOf(ParsedLine.class);
        assertThat(parse("%h %t %>s", line + " \t\r")).isInstanceOf(ParsedLine.class);
        assertThat(parse("%h %t %>s", line + " 5")).isEqualTo(new UnparsableLine(LineFault.NO_FIT));
    }

    @Test
    void readsQuotationMarksThatNothingEscapes() {
        String start = "192.0.2.1 - - [25/Oct/2026:12:00:00 +0000] ";
        assertThat(parse(APACHE, start + "\"GET /\"x\" HTTP/1.1\" 200 5 \"-\" \"a\"b\" 7"))
                .isEqualTo(request(null, "192.0.2.1", NOON, "GET /\"x\" HTTP/1.1", 200, 5L, 7));
        assertThat(parse(APACHE, start + "\"GET /\\\" 200 5 \"-\" \"-\" 7"))
                .isEqualTo(request(null, "192.0.2.1", NOON, "GET /\\", 200, 5L, 7));
    }

    @Test
    void knownPrefixesAreLeftOut() {
        String line = "192.0.2.1 - [25/Oct/2026:12:00:00 +0000] 200";
        String timeFirst = "2026-10-25T12:00:00+00:00 192.0.2.1 200";
        for (String prefix :
                List.of(
                        "",
                        "<190>Oct 25 12:00:00 web-1 nginx: ",
                        "web-1  | ",
                        "2026-10-25T12:00:01.000000000Z stdout F ")) {
            assertThat(client("$remote_addr - [$time_local] $status", prefix + line))
                    .isEqualTo("192.0.2.1");
            assertThat(client("$time_iso8601 $remote_addr $status", prefix + timeFirst))
                    .isEqualTo("192.0.2.1");
        }
    }

    @Test
    void saysWhatWasRead() {
        assertThat(FormatString.of("%h %t %>s").open(ResponseTimeRule.AUTO).name())
                .isEqualTo(
                        "the format that was given (client %h, time %t, no request, status %>s, no size,"
                                + " no response time, no host)");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "x",
                "\"",
                "\\",
                "\\\"",
                " ",
                ",",
                ", ",
                " ,",
                " : ",
                "\" 200 ",
                "\" 200 5 \"",
                "1",
                "1 ",
                "[",
                "[25/Oct/2026:12:00:00 +0000] ",
                "\t",
                "/",
                "?"
            })
    void takesHostileLinesOfMegabytesAtTheSpeedOfOthers(String part) {
        String hostile = part.repeat(2_000_000 / part.length());
        String unquoted =
                "$upstream_response_time $http_x_forwarded_for $host$uri $status [$time_local]";
        for (String format : List.of(APACHE, NGINX, unquoted)) {
            for (String start :
                    List.of("", "192.0.2.1 - - [25/Oct/2026:12:00:00 +0000] \"", "a, ", "0.1 a")) {
                assertThat(
                                assertTimeoutPreemptively(
                                        Duration.ofSeconds(10),
                                        () -> parse(format, start + hostile)))
                        .isNotNull();
            }
        }
    }

    private static @Nullable String client(String format, String line) {
        return ((ParsedLine) parse(format, line)).client();
    }

    private static LogLine parse(String format, String line) {
        return ParsedLines.withoutHeaders(
                FormatString.of(format)
                        .open(ResponseTimeRule.AUTO)
                        .parse(line.getBytes(ISO_8859_1)));
    }
}
