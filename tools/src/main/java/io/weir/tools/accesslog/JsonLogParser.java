package io.weir.tools.accesslog;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import io.weir.tools.accesslog.TimeNumber.Unit;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads logs with a JSON object a line: those of Caddy, Traefik, Cloudflare and Fastly, and of
 * nginx with {@code escape=json} whose fields have the names of its variables. docs/access-logs.md
 * lists the fields. A known prefix may stand in front of the object. A line of docker's json-file
 * is read as the line that it wraps.
 */
final class JsonLogParser implements LogFormat {

    /**
     * Reads what nginx writes without {@code escape=json}, too: {@code \x22}, or a tab as it is.
     */
    private static final JsonFactory JSON =
            JsonFactory.builder()
                    .enable(JsonReadFeature.ALLOW_BACKSLASH_ESCAPING_ANY_CHARACTER)
                    .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
                    .build();

    /** How deep the fields that are read lie: {@code request.headers.Referer}. */
    private static final int DEPTH = 3;

    private static final String LOGGER_OF_CADDY = "http.log.access";

    private static final List<String> TIMES =
            List.of(
                    "StartUTC",
                    "StartLocal",
                    "EdgeStartTimestamp",
                    "time_iso8601",
                    "time_local",
                    "msec",
                    "ts",
                    "@timestamp",
                    "timestamp",
                    "time");
    private static final List<String> CLIENTS =
            List.of(
                    "request.client_ip",
                    "request.remote_ip",
                    "request.remote_addr",
                    "ClientHost",
                    "ClientAddr",
                    "ClientIP",
                    "remote_addr",
                    "remote_ip",
                    "remoteIP",
                    "client_ip",
                    "clientip",
                    "client");
    private static final List<String> FORWARDED =
            List.of("http_x_forwarded_for", "x_forwarded_for", "request_X-Forwarded-For");
    private static final List<String> STATUSES =
            List.of("DownstreamStatus", "EdgeResponseStatus", "status", "response_status");
    private static final List<String> SIZES =
            List.of(
                    "DownstreamContentSize",
                    "EdgeResponseBytes",
                    "body_bytes_sent",
                    "bytes_sent",
                    "size",
                    "response_body_size");
    private static final List<String> HOSTS =
            List.of(
                    "request.host",
                    "RequestHost",
                    "ClientRequestHost",
                    "host",
                    "http_host",
                    "server_name");
    private static final List<String> TARGETS =
            List.of("request.uri", "RequestPath", "ClientRequestURI", "request_uri", "uri", "url");

    private static final List<String> METHODS =
            List.of(
                    "request.method",
                    "RequestMethod",
                    "ClientRequestMethod",
                    "request_method",
                    "method");
    private static final List<String> REFERRERS =
            List.of(
                    "request.headers.Referer",
                    "request_Referer",
                    "ClientRequestReferer",
                    "http_referer",
                    "request_referer",
                    "referer",
                    "referrer");
    private static final List<String> USER_AGENTS =
            List.of(
                    "request.headers.User-Agent",
                    "request_User-Agent",
                    "ClientRequestUserAgent",
                    "http_user_agent",
                    "request_user_agent",
                    "user_agent",
                    "userAgent");

    private final ResponseTimeRule responseTimes;
    private final LogFormat wrapped;

    JsonLogParser(ResponseTimeRule responseTimes) {
        this.responseTimes = responseTimes;
        this.wrapped = new AccessLogParser(responseTimes);
    }

    @Override
    public boolean isSettled() {
        return true;
    }

    @Override
    public String name() {
        return "JSON lines";
    }

    @Override
    public LogLine parse(byte[] line) {
        Map<String, String> read = read(line);
        if (read == null) {
            return new UnparsableLine(line.length == 0 ? LineFault.EMPTY : LineFault.NOT_JSON);
        }
        String ofDocker = read.get("log");
        if (ofDocker != null && read.containsKey("stream")) {
            byte[] unwrapped = ofDocker.stripTrailing().getBytes(UTF_8);
            return unwrapped.length > 0 && unwrapped[0] == '{'
                    ? request(read(unwrapped))
                    : wrapped.parse(unwrapped);
        }
        return request(read);
    }

    private LogLine request(@Nullable Map<String, String> read) {
        if (read == null) {
            return new UnparsableLine(LineFault.NOT_JSON);
        }
        String logger = read.get("logger");
        if (logger != null && !logger.startsWith(LOGGER_OF_CADDY)) {
            return new UnparsableLine(LineFault.NO_ACCESS_ENTRY);
        }
        LoggedFields fields = new LoggedFields(read);
        String time = fields.first(TIMES);
        String target = fields.first(TARGETS);
        String whole = read.getOrDefault("request", "");
        return LoggedFields.request(
                fields.first(HOSTS),
                LoggedFields.client(fields.first(FORWARDED), fields.first(CLIENTS)),
                time == null ? null : LoggedFields.time(time),
                target == null ? whole : methodOf(fields) + " " + target,
                fields.first(STATUSES),
                fields.first(SIZES),
                responseTime(fields),
                SentHeaders.of(fields.first(REFERRERS), fields.first(USER_AGENTS)));
    }

    private static String methodOf(LoggedFields fields) {
        String method = fields.first(METHODS);
        return method == null ? "-" : method;
    }

    private ResponseTime responseTime(LoggedFields fields) {
        String ofTraefik = fields.fields().get("Duration");
        if (ofTraefik != null) {
            return LoggedFields.responseTime(responseTimes, ofTraefik, Unit.NANOS);
        }
        String taken = fields.first(List.of("duration", "request_time"));
        String ofUpstreams = fields.first(List.of("upstream_response_time"));
        return taken == null && ofUpstreams != null
                ? LoggedFields.upstreamTime(responseTimes, ofUpstreams)
                : LoggedFields.responseTime(responseTimes, taken, Unit.SECONDS);
    }

    /** The fields of the object and of objects in it, or null if that is not what the line is. */
    private static @Nullable Map<String, String> read(byte[] line) {
        LineText text = LineText.of(line);
        int start = text.afterBlanks(0);
        int brace = text.find('{', start, text.length());
        if (brace == text.length() || LinePrefix.end(text, start, brace) != brace) {
            return null;
        }
        // clients may send any bytes, and what is no UTF-8 must not make the line a reject
        String object = new String(line, brace, line.length - brace, UTF_8);
        try (JsonParser json = JSON.createParser(object)) {
            if (json.nextToken() != JsonToken.START_OBJECT) {
                return null;
            }
            Map<String, String> fields = new HashMap<>();
            readObject(json, "", 1, fields);
            return json.nextToken() == null ? fields : null;
        } catch (IOException e) {
            return null;
        }
    }

    private static void readObject(
            JsonParser json, String path, int depth, Map<String, String> fields)
            throws IOException {
        while (json.nextToken() == JsonToken.FIELD_NAME) {
            String name = path + json.currentName();
            JsonToken value = json.nextToken();
            if (value == JsonToken.START_OBJECT && depth < DEPTH) {
                readObject(json, name + ".", depth + 1, fields);
            } else if (value == JsonToken.START_ARRAY) {
                readFirst(json, name, fields);
            } else if (value.isStructStart()) {
                json.skipChildren();
            } else if (value == JsonToken.VALUE_STRING || value.isNumeric()) {
                fields.put(name, json.getText());
            }
        }
    }

    /** Caddy has a list for each header. */
    private static void readFirst(JsonParser json, String name, Map<String, String> fields)
            throws IOException {
        if (json.nextToken() == JsonToken.VALUE_STRING) {
            fields.put(name, json.getText());
        }
        while (json.currentToken() != JsonToken.END_ARRAY) {
            json.skipChildren();
            json.nextToken();
        }
    }
}
