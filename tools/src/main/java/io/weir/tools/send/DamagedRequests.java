package io.weir.tools.send;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Makes up records that are no valid requests, in every way that the event's contract names. */
final class DamagedRequests {

    /** What is sent, and the reason for which it must be rejected. */
    record Damaged(byte[] value, String reason) {}

    private static final long MAX_AHEAD_MILLIS = 300_000;

    private static final List<String> NOT_OBJECTS =
            List.of("[1,2,3]", "\"site_id\"", "42", "-1.5e3", "true", "null", "[]");
    private static final List<String> NOT_JSON =
            List.of(
                    "",
                    "   ",
                    "GET /index.html HTTP/1.1",
                    "{site_id:1,event_time:0,status_code:200}",
                    "{'site_id':1,'event_time':0,'status_code':200}",
                    "{\"site_id\":1,,\"status_code\":200}",
                    "{\"site_id\":1 \"status_code\":200}");
    private static final List<String> WRONG_TYPES =
            List.of(
                    "site_id=\"twelve\"",
                    "site_id=true",
                    "site_id={}",
                    "event_time=false",
                    "event_time=[2026]",
                    "status_code=\"OK\"",
                    "status_code=[200]",
                    "response_time_msec=\"fast\"",
                    "bytes_sent={\"n\":1}",
                    "ip_address=3405803786",
                    "request_country=[\"DE\"]");
    private static final List<String> OUT_OF_RANGE =
            List.of(
                    "site_id=-2147483649",
                    "site_id=-7",
                    "site_id=2147483648",
                    "status_code=99",
                    "status_code=600",
                    "status_code=-200",
                    "response_time_msec=-0.5",
                    "response_time_msec=86400000.001",
                    "response_time_msec=1e300",
                    "bytes_sent=-1",
                    "bytes_sent=1099511627777",
                    "bytes_sent=4611686018427387904");
    private static final List<String> REQUIRED = List.of("site_id", "event_time", "status_code");

    private final RequestJson requestJson = new RequestJson();

    /** One of all kinds but {@link #tooLarge}. */
    Damaged draw(GeneratedRequest request, long sendTimeMillis, Draws draws) {
        return switch (draws.below(8)) {
            case 0 -> new Damaged(draws.oneOf(NOT_JSON).getBytes(UTF_8), "not_json");
            case 1 -> new Damaged(garbage(draws), "not_json");
            case 2 -> new Damaged(truncated(request, draws), "not_json");
            case 3 -> new Damaged(draws.oneOf(NOT_OBJECTS).getBytes(UTF_8), "not_an_object");
            case 4 -> new Damaged(without(request, draws.oneOf(REQUIRED)), "missing_field");
            case 5 -> new Damaged(with(request, draws.oneOf(WRONG_TYPES)), "wrong_type");
            case 6 -> new Damaged(with(request, draws.oneOf(OUT_OF_RANGE)), "out_of_range");
            default -> new Damaged(ahead(request, sendTimeMillis, draws), "too_far_ahead");
        };
    }

    /** Nothing is wrong with it but its size. */
    Damaged tooLarge(GeneratedRequest request, int bytes, Draws draws) {
        return new Damaged(requestJson.writePadded(request, bytes, draws), "too_large");
    }

    private static byte[] garbage(Draws draws) {
        byte[] bytes = new byte[1 + draws.below(200)];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) draws.next();
        }
        bytes[0] |= (byte) 0x80; // no JSON text begins so
        return bytes;
    }

    private byte[] truncated(GeneratedRequest request, Draws draws) {
        byte[] whole = requestJson.write(request, draws);
        return Arrays.copyOf(whole, 1 + draws.below(whole.length - 1));
    }

    private static byte[] ahead(GeneratedRequest request, long sendTimeMillis, Draws draws) {
        String time =
                switch (draws.below(3)) {
                    case 0 -> "\"2099-12-31T23:59:59Z\"";
                    case 1 -> Long.toString(sendTimeMillis + MAX_AHEAD_MILLIS + 1);
                    default -> Long.toString(sendTimeMillis + draws.between(400_000, 9_000_000));
                };
        return with(request, "event_time=" + time);
    }

    private static byte[] without(GeneratedRequest request, String field) {
        Map<String, String> fields = fields(request);
        fields.remove(field);
        return object(fields);
    }

    /** Sets a field, written {@code name=value}, to what it must not be. */
    private static byte[] with(GeneratedRequest request, String field) {
        Map<String, String> fields = fields(request);
        int equals = field.indexOf('=');
        fields.put(field.substring(0, equals), field.substring(equals + 1));
        return object(fields);
    }

    private static Map<String, String> fields(GeneratedRequest request) {
        Map<String, String> fields = new TreeMap<>();
        fields.put("site_id", Integer.toString(request.siteId()));
        fields.put("event_time", Long.toString(request.eventTimeMillis()));
        fields.put("status_code", Integer.toString(request.statusCode()));
        fields.put("request_id", '"' + request.requestId() + '"');
        return fields;
    }

    private static byte[] object(Map<String, String> fields) {
        StringBuilder json = new StringBuilder("{");
        fields.forEach(
                (name, value) -> {
                    json.append(json.length() > 1 ? "," : "");
                    json.append('"').append(name).append("\":").append(value);
                });
        return json.append('}').toString().getBytes(UTF_8);
    }
}
