package io.weir.request;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** The JSON of a valid event, in which single fields can be replaced by any text. */
final class EventText {
    /** When every record of these tests arrived in Kafka. */
    static final Instant ARRIVAL = Instant.parse("2026-03-01T10:00:01Z");

    private final Map<String, String> fields = new LinkedHashMap<>();

    private EventText() {
        fields.put("site_id", "7");
        fields.put("event_time", "\"2026-03-01T10:00:00.250Z\"");
        fields.put("status_code", "200");
        fields.put("ip_address", "\"203.0.113.9\"");
        fields.put("response_time_msec", "12.5");
        fields.put("bytes_sent", "5120");
        fields.put("request_country", "\"BR\"");
        fields.put("request_id", "\"a-1\"");
        fields.put("url", "\"/cart?item=5\"");
    }

    static EventText event() {
        return new EventText();
    }

    /** Replaces or adds a field; the value is JSON as it is written. */
    EventText with(String field, String json) {
        fields.put(field, json);
        return this;
    }

    EventText without(String field) {
        fields.remove(field);
        return this;
    }

    /** This event with further text before its closing brace, such as a field once more. */
    String followedBy(String text) {
        String json = toString();
        return json.substring(0, json.length() - 1) + text + "}";
    }

    @Override
    public String toString() {
        return fields.entrySet().stream()
                .map(field -> '"' + field.getKey() + "\":" + field.getValue())
                .collect(Collectors.joining(",", "{", "}"));
    }

    static KafkaRecord record(String text) {
        return record(text.getBytes(StandardCharsets.UTF_8));
    }

    static KafkaRecord record(byte[] value) {
        return new KafkaRecord(
                "http_requests", 3, 42, ARRIVAL.toEpochMilli(), null, value, List.of());
    }
}
