package io.weir.tools.accesslog;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Method, referrer and user agent of a line, as they get into its event. */
class SentHeadersTest {

    private static final String COMMON =
            "192.0.2.7 - - [05/Mar/2024:10:00:00 +0000] \"GET /a HTTP/1.1\" 200 12";

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "''|none|none",
                "' \"https://example.org/x\" \"Mozilla/5.0 (X11)\"'|https://example.org/x|Mozilla/5.0 (X11)",
                "' \"-\" \"-\"'|none|none",
                "' \"\" \"curl/8\"'|none|curl/8",
                "' \"https://example.org/x\" \"a \\\"b\\\" c\" 0.5 \"192.0.2.1\"'|https://example.org/x|a \\\"b\\\" c",
                "' \"https://example.org/x\" \"broken'|none|none",
                "' 17 \"not a referrer\" \"nor an agent\"'|none|none",
            })
    void combinedHasThemAfterTheSize(
            String tail, @Nullable String referrer, @Nullable String userAgent) throws IOException {
        JsonNode event = event(LogFormatChoice.AUTO, COMMON + tail);

        assertThat(text(event, "method")).isEqualTo("GET");
        assertThat(text(event, "referrer")).isEqualTo(referrer);
        assertThat(text(event, "user_agent")).isEqualTo(userAgent);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "GET / HTTP/1.1|GET",
                "PROPFIND /dav HTTP/1.1|PROPFIND",
                "get / HTTP/1.1|none",
                "GET|none",
                "-|none",
                "\\x16\\x03\\x01|none",
                "'- /a'|none",
                "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA /|AAAAAAAAAAAAAAAAAAAA",
            })
    void theMethodIsAWordInCapitals(String request, @Nullable String method) throws IOException {
        String line = "192.0.2.7 - - [05/Mar/2024:10:00:00 +0000] \"" + request + "\" 400 12";

        assertThat(text(event(LogFormatChoice.AUTO, line), "method")).isEqualTo(method);
    }

    @Test
    void formatStringsSayWhereTheyAre() throws IOException {
        String apache = "%h \"%{Referer}i\" [%{User-agent}i] %m %U %t %>s";
        String nginx =
                "$remote_addr $request_method $uri $time_iso8601 $status \"$http_user_agent\" \"$http_referer\"";

        assertSent(
                event(
                        FormatString.of(apache),
                        "192.0.2.7 \"https://a.example/\" [Some Agent] PUT /p [05/Mar/2024:10:00:00 +0000] 200"));
        assertSent(
                event(
                        FormatString.of(nginx),
                        "192.0.2.7 PUT /p 2024-03-05T10:00:00+00:00 200 \"Some Agent\" \"https://a.example/\""));
        assertThat(FormatString.of(apache).description())
                .contains("referrer %{Referer}i", "user agent %{User-agent}i", "method %m")
                .doesNotContain("not read");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "{\"ts\":1709632800,\"logger\":\"http.log.access\",\"request\":{\"remote_ip\":\"192.0.2.7\",\"method\":\"PUT\",\"uri\":\"/p\",\"headers\":{\"Accept\":[],\"Referer\":[\"https://a.example/\",{\"x\":[1]}],\"User-Agent\":[\"Some Agent\"]}},\"status\":200}",
                "{\"StartUTC\":\"2024-03-05T10:00:00Z\",\"ClientHost\":\"192.0.2.7\",\"RequestMethod\":\"PUT\",\"RequestPath\":\"/p\",\"DownstreamStatus\":200,\"request_User-Agent\":\"Some Agent\",\"request_Referer\":\"https://a.example/\"}",
                "{\"EdgeStartTimestamp\":\"2024-03-05T10:00:00Z\",\"ClientIP\":\"192.0.2.7\",\"ClientRequestMethod\":\"PUT\",\"ClientRequestURI\":\"/p\",\"EdgeResponseStatus\":200,\"ClientRequestUserAgent\":\"Some Agent\",\"ClientRequestReferer\":\"https://a.example/\"}",
                "{\"time_iso8601\":\"2024-03-05T10:00:00Z\",\"remote_addr\":\"192.0.2.7\",\"request\":\"PUT /p HTTP/1.1\",\"status\":\"200\",\"http_user_agent\":\"Some Agent\",\"http_referer\":\"https://a.example/\"}",
            })
    void jsonHasThemByName(String line) throws IOException {
        assertSent(event(LogFormatChoice.AUTO, line));
    }

    @Test
    void aListThatIsCutShortIsNoJson() {
        String cut =
                "{\"status\":200,\"request\":{\"headers\":{\"Referer\":[\"https://a.example/\"";

        assertThat(LogFormatChoice.JSON.open(ResponseTimeRule.AUTO).parse(cut.getBytes(UTF_8)))
                .isEqualTo(new UnparsableLine(LineFault.NOT_JSON));
    }

    @Test
    void iisAndCloudFrontEscapeTheirBlanks() throws IOException {
        LogFormat w3c = W3cLogParser.withFields(ResponseTimeRule.AUTO);
        w3c.parse(
                "#Fields: date time cs-method cs-uri-stem c-ip cs(User-Agent) cs(Referer) sc-status"
                        .getBytes(UTF_8));
        String rest = "https://a.example/ 200";

        assertSent(
                event(
                        w3c.parse(
                                ("2024-03-05 10:00:00 PUT /p 192.0.2.7 Some+Agent " + rest)
                                        .getBytes(UTF_8))));
        assertSent(
                event(
                        w3c.parse(
                                ("2024-03-05 10:00:00 PUT /p 192.0.2.7 Some%20Agent " + rest)
                                        .getBytes(UTF_8))));
    }

    @Test
    void longOnesAreCut() throws IOException {
        JsonNode event =
                event(
                        LogFormatChoice.AUTO,
                        COMMON + " \"" + "r".repeat(3_000) + "\" \"" + "u".repeat(3_000) + '"');

        assertThat(text(event, "referrer")).isEqualTo("r".repeat(2_048));
        assertThat(text(event, "user_agent")).isEqualTo("u".repeat(2_048));
    }

    private static void assertSent(JsonNode event) {
        assertThat(text(event, "method")).isEqualTo("PUT");
        assertThat(text(event, "url")).isEqualTo("/p");
        assertThat(text(event, "referrer")).isEqualTo("https://a.example/");
        assertThat(text(event, "user_agent")).isEqualTo("Some Agent");
    }

    private static @Nullable String text(JsonNode event, String member) {
        return event.has(member) ? event.get(member).textValue() : null;
    }

    private static JsonNode event(ChosenFormat format, String line) throws IOException {
        return event(format.open(ResponseTimeRule.AUTO).parse(line.getBytes(UTF_8)));
    }

    private static JsonNode event(LogLine content) throws IOException {
        assertThat(content).isInstanceOf(ParsedLine.class);
        MergedLogs.Line line = new MergedLogs.Line("test.log", 1, new byte[0], content, 7);
        return new ObjectMapper().readTree(new LineRecords(null).of(line, 0).value());
    }
}
