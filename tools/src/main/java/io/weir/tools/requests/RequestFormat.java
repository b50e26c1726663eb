package io.weir.tools.requests;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.request.ShownText;
import io.weir.tools.text.Columns;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.stream.Collectors;

/** How requests are shown. Nothing in either form is obeyed by a terminal. */
public enum RequestFormat {
    /**
     * An object a line: the fields that Weir counts by, as it has decoded them; all other members
     * of the event as they are; and where in the topic the record is.
     */
    JSON {
        @Override
        public String of(FoundRequests found) {
            return found.earliest().stream()
                    .map(request -> line(request) + System.lineSeparator())
                    .collect(Collectors.joining());
        }
    },
    /** One a line, URLs cut. */
    TABLE {
        @Override
        public String of(FoundRequests found) {
            return Columns.of(
                    HEADINGS, found.earliest().stream().map(RequestFormat::cells).toList());
        }
    };

    private static final List<String> HEADINGS =
            List.of("time", "site", "status", "msec", "bytes", "country", "client", "url");
    private static final int MAX_URL = 100;
    private static final int MAX_CLIENT = 45;

    /** ASCII only: some terminals obey control characters that are not. */
    @SuppressWarnings("ImmutableEnumChecker") // never changed once it is built
    private static final JsonMapper JSON_LINES =
            JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    /** The requests, each ended by a line break. */
    public abstract String of(FoundRequests found);

    private static String line(RawRequest raw) {
        ObjectNode line = JsonNodeFactory.instance.objectNode();
        line.put("site_id", raw.request().siteId());
        line.put("event_time", raw.eventTime().toString());
        line.put("status_code", raw.request().statusCode());
        line.put("response_time_msec", raw.responseTime());
        line.put("bytes_sent", raw.request().bytesSent());
        line.put("request_country", raw.request().country());
        raw.members().properties().stream()
                .filter(member -> !line.has(member.getKey()))
                .forEach(member -> line.set(member.getKey(), member.getValue()));
        line.put("weir.partition", raw.record().partition());
        line.put("weir.offset", raw.record().offset());
        line.put("weir.timestamp", Instant.ofEpochMilli(raw.record().timestampMillis()).toString());
        try {
            return JSON_LINES.writeValueAsString(line);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static List<String> cells(RawRequest raw) {
        return List.of(
                raw.eventTime().toString(),
                Integer.toString(raw.request().siteId()),
                Integer.toString(raw.request().statusCode()),
                raw.responseTime() == null
                        ? ""
                        : raw.responseTime().stripTrailingZeros().toPlainString(),
                Long.toString(raw.request().bytesSent()),
                raw.request().country(),
                text(raw, "ip_address", MAX_CLIENT),
                text(raw, "url", MAX_URL));
    }

    private static String text(RawRequest raw, String member, int maxCharacters) {
        String text = Objects.requireNonNullElse(raw.text(member), "");
        return ShownText.of(text.getBytes(UTF_8), maxCharacters);
    }
}
