package io.weir.tools.send;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.alibaba.fastjson2.JSON;
import com.alibaba.fastjson2.JSONObject;
import java.math.BigDecimal;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RequestJsonTest {

    private static final long START = 1_768_467_600_000L; // 2026-01-15T09:00:00Z
    private static final long END = START + 10_800_000;

    private final RequestJson requestJson = new RequestJson();
    private final RequestDraw requestDraw = new RequestDraw(new Sites(3, 20), 10_000, START, END);

    @Test
    void writesWhatItWasGiven() {
        for (int i = 0; i < 20_000; i++) {
            Draws draws = Draws.of(3, i);
            GeneratedRequest request = requestDraw.draw(START + i * 500L, i, draws);
            JSONObject json = JSON.parseObject(requestJson.write(request, draws));
            assertThat(read(json)).isEqualTo(request);
        }
    }

    @Test
    void writesTheEventInAllTheWaysThatItAllows() {
        StringBuilder events = new StringBuilder();
        for (int i = 0; i < 20_000; i++) {
            Draws draws = Draws.of(3, i);
            GeneratedRequest request = requestDraw.draw(START + i * 500L, i, draws);
            events.append(new String(requestJson.write(request, draws), UTF_8)).append('\n');
        }
        Map<String, String> ways =
                Map.ofEntries(
                        Map.entry("alias", "\"ingest_time\":"),
                        Map.entry("epoch milliseconds", "_time\":\\d{13},"),
                        Map.entry("UTC", "_time\":\"[^\"]*Z\""),
                        Map.entry("east", "_time\":\"[^\"]*\\+05:30\""),
                        Map.entry("west", "_time\":\"[^\"]*-03:00\""),
                        Map.entry("whole seconds", "_time\":\"[^\".]*[Z+]"),
                        Map.entry("milliseconds", "_time\":\"[^\"]*\\.\\d{3}Z"),
                        Map.entry("microseconds", "_time\":\"[^\"]*\\.\\d{6}Z"),
                        Map.entry("whole latency", "_msec\":\\d+,"),
                        Map.entry("latency of six decimals", "_msec\":\\d+\\.\\d{6},"),
                        Map.entry("latency with exponent", "_msec\":\\d+e-6,"),
                        Map.entry("half a microsecond", "_msec\":\\d+\\.\\d{3}5,"),
                        Map.entry(
                                "no latency", "\"status_code\":\\d+,\"ip_address\":[^,]+,\"bytes"),
                        Map.entry("no address", "\"status_code\":\\d+,\"resp"),
                        Map.entry("unknown fields", "\"user_agent\":"),
                        Map.entry("IPv4", "\"ip_address\":\"100\\."),
                        Map.entry("IPv6", "\"ip_address\":\"2001:db8:"),
                        Map.entry("host name", "\"ip_address\":\"host-\\d+\\."),
                        Map.entry("unknown country", "\"request_country\":\"T1\""));
        assertThat(ways)
                .allSatisfy(
                        (name, pattern) ->
                                assertThat(Pattern.compile(pattern).matcher(events).find())
                                        .as(name)
                                        .isTrue());
    }

    @Test
    void padsToTheByte() {
        GeneratedRequest request = requestDraw.draw(START, 1, Draws.of(3, 1));
        byte[] json = requestJson.writePadded(request, 5_000, Draws.of(3, 1));
        assertThat(json).hasSize(5_000);
        assertThat(read(JSON.parseObject(json))).isEqualTo(request);
    }

    private static GeneratedRequest read(JSONObject json) {
        Object time = json.getOrDefault("event_time", json.get("ingest_time"));
        return new GeneratedRequest(
                json.getIntValue("site_id"),
                time instanceof String text
                        ? OffsetDateTime.parse(text).toInstant().toEpochMilli()
                        : (Long) time,
                json.getIntValue("status_code"),
                json.getString("ip_address"),
                nanos(json.getBigDecimal("response_time_msec")),
                json.getLong("bytes_sent"),
                json.getString("request_country"),
                json.getString("request_id"),
                json.getString("url"));
    }

    private static @Nullable Long nanos(@Nullable BigDecimal milliseconds) {
        return milliseconds == null ? null : milliseconds.movePointRight(6).longValueExact();
    }
}
