package io.weir.tools.requests;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.weir.agent.AgentField;
import io.weir.agent.Agents;
import io.weir.filter.FieldValues;
import io.weir.filter.FilterParser;
import io.weir.filter.Value;
import io.weir.request.HiddenAddresses;
import io.weir.request.HttpRequest;
import io.weir.request.KafkaRecord;
import io.weir.request.MeasuredRequest;
import io.weir.view.UrlPath;
import java.io.IOException;
import java.math.BigDecimal;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A request as the job has decoded it, with the members of its record.
 *
 * @param members of the event; without any if Jackson's limits refuse the record: a number may have
 *     1,000 digits
 */
record RawRequest(KafkaRecord record, HttpRequest request, ObjectNode members)
        implements FieldValues {

    private static final JsonMapper JSON =
            JsonMapper.builder().enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS).build();

    private static final int MICROS_DIGITS = 3;

    /**
     * Reads the members of a record.
     *
     * @param showsAddresses whether they keep the addresses of clients; otherwise what takes their
     *     place in letters without addresses
     */
    static RawRequest of(KafkaRecord record, HttpRequest request, boolean showsAddresses) {
        byte[] value = showsAddresses ? record.value() : HiddenAddresses.in(record.value(), record);
        return new RawRequest(record, request, membersOf(value));
    }

    private static ObjectNode membersOf(byte[] value) {
        try {
            return JSON.readTree(value) instanceof ObjectNode members
                    ? members
                    : JsonNodeFactory.instance.objectNode();
        } catch (JsonProcessingException e) {
            return JsonNodeFactory.instance.objectNode();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    Instant eventTime() {
        return Instant.ofEpochMilli(request.eventTimeMillis());
    }

    /** In milliseconds; null if the request was not timed. */
    @Nullable BigDecimal responseTime() {
        return request.responseTimeMicros() == MeasuredRequest.NOT_TIMED
                ? null
                : BigDecimal.valueOf(request.responseTimeMicros(), MICROS_DIGITS);
    }

    /** A member that is a text; null for any other. */
    @Nullable String text(String member) {
        JsonNode node = members.get(member);
        return node == null || !node.isTextual() ? null : node.textValue();
    }

    @Override
    public @Nullable Value valueOf(String field) {
        return switch (field) {
            case "site_id" -> number(BigDecimal.valueOf(request.siteId()));
            case "status", "status_code" -> number(BigDecimal.valueOf(request.statusCode()));
            case "response_time_msec" -> number(responseTime());
            case "bytes_sent" -> number(BigDecimal.valueOf(request.bytesSent()));
            case "country", "request_country" -> new Value.OfText(request.country());
            case "event_time" -> new Value.OfText(eventTime().toString());
            case "url_path" -> path(text("url"));
            default -> {
                AgentField ofAgent = AgentField.BY_NAME.get(field);
                yield ofAgent == null
                        ? member(
                                field.startsWith(FilterParser.MEMBER)
                                        ? field.substring(FilterParser.MEMBER.length())
                                        : field)
                        : text(ofAgent);
            }
        };
    }

    private @Nullable Value text(AgentField field) {
        String text = field.of(Agents.tell(text(AgentField.MEMBER)));
        return text == null ? null : new Value.OfText(text);
    }

    private static @Nullable Value path(@Nullable String url) {
        return url == null ? null : new Value.OfText(UrlPath.of(url));
    }

    private static @Nullable Value number(@Nullable BigDecimal number) {
        return number == null ? null : new Value.OfNumber(number);
    }

    private @Nullable Value member(String name) {
        JsonNode node = members.get(name);
        if (node == null) {
            return null;
        }
        return switch (node.getNodeType()) {
            case STRING -> new Value.OfText(node.textValue());
            case NUMBER -> new Value.OfNumber(node.decimalValue());
            case BOOLEAN -> new Value.OfBoolean(node.booleanValue());
            default -> null;
        };
    }
}
