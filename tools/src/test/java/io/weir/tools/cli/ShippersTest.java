package io.weir.tools.cli;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.weir.request.DecodedRecord;
import io.weir.request.KafkaRecord;
import io.weir.request.KnownHosts;
import io.weir.request.RequestDecoder;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.luaj.vm2.Globals;
import org.luaj.vm2.LuaTable;
import org.luaj.vm2.LuaValue;
import org.luaj.vm2.lib.jse.JsePlatform;

/**
 * What the configurations of Fluent Bit and Vector make of lines. Fluent Bit's script runs here,
 * after its own expression; of Vector's, which only Vector can run, the expression and the fields.
 */
class ShippersTest {

    private static final Path FLUENT_BIT = Path.of("..", "conf", "fluent-bit");
    private static final List<String> GROUPS =
            List.of("host", "client", "time", "request", "status", "size", "seconds");

    /** 2026-10-25T12:00:00Z. */
    private static final long SECONDS = 1792929600;

    private final ObjectMapper json = new ObjectMapper();

    /** Stand for the environment, which a test cannot set. */
    @BeforeEach
    void setVariables() {
        System.setProperty("HOSTNAME", "web-1");
        System.setProperty("WEIR_SITE_ID", "7");
    }

    @AfterEach
    void clearVariables() {
        System.clearProperty("HOSTNAME");
        System.clearProperty("WEIR_SITE_ID");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            textBlock =
                    """
                    198.51.100.7 - - [T] "GET /a?b=1 HTTP/1.1" 200 512 | "site_id":7,"ip_address":"198.51.100.7","status_code":200,"bytes_sent":512,"url":"/a?b=1"
                    198.51.100.7 - john doe [T] "GET / HTTP/1.1" 304 - "-" "curl/8 \\"x\\"" | "site_id":7,"ip_address":"198.51.100.7","status_code":304,"url":"/"
                    2001:db8::1 - - [T] "POST /x HTTP/2.0" 503 0 "-" "-" 1.250 | "site_id":7,"ip_address":"2001:db8::1","status_code":503,"bytes_sent":0,"url":"/x","response_time_msec":1250
                    www.example.com:443 203.0.113.9 - - [T] "GET /y HTTP/1.1" 404 9 "-" "-" | "host":"www.example.com","ip_address":"203.0.113.9","status_code":404,"bytes_sent":9,"url":"/y"
                    shop.example - - [T] "GET /z HTTP/1.0" 200 1 | "site_id":7,"ip_address":"shop.example","status_code":200,"bytes_sent":1,"url":"/z"
                    localhost 127.0.0.1 - - [T] "\\x16\\x03" 400 150 | "host":"localhost","ip_address":"127.0.0.1","status_code":400,"bytes_sent":150,"url":"\\\\x16\\\\x03"
                    - - - [T] "GET / HTTP/1.1" 200 3 | "site_id":7,"status_code":200,"bytes_sent":3,"url":"/"
                    """)
    void fluentBitMakesAnEventOfALine(String line, String expected) throws IOException {
        JsonNode event = event(line.replace("[T]", "[25/Oct/2026:12:00:00 +0000]"));

        assertThat(event)
                .isEqualTo(
                        json.readTree(
                                "{%s,\"event_time\":%d,\"request_id\":\"web-1:4711:%d\"}"
                                        .formatted(expected, SECONDS * 1000, SECONDS)));
        DecodedRecord decoded =
                new RequestDecoder(Duration.ZERO, null, null, (host, at) -> 9, null)
                        .decode(record(event));
        assertThat(decoded.requireRequest().siteId()).isEqualTo(event.has("host") ? 9 : 7);
    }

    @Test
    void aLineThatIsNoRequestGoesOnAsItIs() throws IOException {
        assertThat(matcher(fluentBitExpression(), "GET / HTTP/1.1").find()).isFalse();
        LuaTable unparsed = new LuaTable();
        unparsed.set("log", "GET / HTTP/1.1");

        JsonNode event = call(unparsed);

        assertThat(event).isEqualTo(json.readTree("{\"log\": \"GET / HTTP/1.1\"}"));
        assertThat(
                        new RequestDecoder(Duration.ZERO, null, null, KnownHosts.none(), null)
                                .decode(record(event))
                                .request())
                .isNull();
    }

    @Test
    void vectorReadsLinesByTheSameExpressionAndMakesTheSameFields() throws IOException {
        String source =
                new YAMLMapper()
                        .readTree(Path.of("..", "conf", "vector", "vector.yaml").toFile())
                        .at("/transforms/events/source")
                        .asText();

        assertThat(source).contains("r'" + fluentBitExpression().replace("(?<", "(?P<") + "')");
        TreeSet<String> fields = new TreeSet<>();
        Matcher assigned = Pattern.compile("event\\.(\\w+) = ").matcher(source);
        while (assigned.find()) {
            fields.add(assigned.group(1));
        }
        assertThat(fields)
                .containsExactly(
                        "bytes_sent",
                        "event_time",
                        "host",
                        "ip_address",
                        "request_id",
                        "response_time_msec",
                        "site_id",
                        "status_code",
                        "url");
    }

    private static KafkaRecord record(JsonNode event) {
        return new KafkaRecord(
                "http_requests",
                0,
                0,
                SECONDS * 1000,
                null,
                event.toString().getBytes(UTF_8),
                List.of());
    }

    private JsonNode event(String line) throws IOException {
        Matcher matcher = matcher(fluentBitExpression(), line);
        assertThat(matcher.find()).as(line).isTrue();
        LuaTable record = new LuaTable();
        record.set("offset", 4711);
        for (String group : GROUPS) {
            String text = matcher.group(group);
            if (text != null && !group.equals("time")) { // the parser takes the time out
                record.set(group, text);
            }
        }
        return call(record);
    }

    private JsonNode call(LuaTable record) throws IOException {
        Globals lua = JsePlatform.standardGlobals();
        lua.loadfile(FLUENT_BIT.resolve("event.lua").toString()).call();
        LuaTable time = new LuaTable();
        time.set("sec", LuaValue.valueOf((double) SECONDS));
        time.set("nsec", 0);
        LuaTable made =
                lua.get("event")
                        .invoke(new LuaValue[] {LuaValue.valueOf("access"), time, record})
                        .checktable(3);
        ObjectNode event = json.createObjectNode();
        List<LuaValue> keys = new ArrayList<>(List.of(made.keys()));
        for (LuaValue key : keys) {
            LuaValue value = made.get(key);
            if (value.type() == LuaValue.TNUMBER) {
                event.set(key.tojstring(), json.readTree(Long.toString(value.tolong())));
            } else {
                event.put(key.tojstring(), value.tojstring());
            }
        }
        return json.readTree(json.writeValueAsString(event));
    }

    private static String fluentBitExpression() throws IOException {
        JsonNode parsers =
                new YAMLMapper()
                        .readTree(FLUENT_BIT.resolve("fluent-bit.yaml").toFile())
                        .get("parsers");
        return parsers.get(0).get("regex").asText();
    }

    private static Matcher matcher(String expression, String line) {
        return Pattern.compile(expression).matcher(line);
    }
}
