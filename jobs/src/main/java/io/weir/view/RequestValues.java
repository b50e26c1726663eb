package io.weir.view;

import io.weir.agent.Agent;
import io.weir.agent.AgentField;
import io.weir.agent.Agents;
import io.weir.filter.FieldValues;
import io.weir.filter.FilterParser;
import io.weir.filter.Value;
import io.weir.request.ReadRecord;
import io.weir.request.RequestMembers;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What views ask of a request. Reused from request to request; not for several threads.
 *
 * <p>Its event is read when the first member is asked for: most views need none, or only of the
 * requests that a filter lets through.
 */
@SuppressWarnings("NullAway.Init") // set before anything is asked
final class RequestValues implements FieldValues {

    /** Fields of filters that are asked of what the decoder has made of an event. */
    private static final Set<String> DECODED =
            Set.of(
                    "site_id",
                    "status",
                    "status_code",
                    "bytes_sent",
                    "response_time_msec",
                    "country",
                    "request_country",
                    "event_time");

    private static final String URL = "url";
    private static final String URL_PATH = "url_path";

    private static final int MICROS_DIGITS = 3;

    /** Senders can write numbers of any length; longer ones are no numbers to a view. */
    private static final int MAX_NUMBER_LENGTH = 1_000;

    private final List<String> names;
    private final RequestMembers members;
    private final Agents agents;
    private ReadRecord request;
    private boolean hasRead;
    private @Nullable Agent agent;

    /** Values of the given members. */
    RequestValues(Collection<String> members, Agents agents) {
        this.names = List.copyOf(members);
        this.members = new RequestMembers(names);
        this.agents = agents;
    }

    void set(ReadRecord newRequest) {
        request = newRequest;
        hasRead = false;
        agent = null;
    }

    int statusCode() {
        return request.statusCode();
    }

    String country() {
        return request.country();
    }

    /** What the user agent says; null where it does not. */
    @Nullable String agent(AgentField field) {
        if (agent == null) {
            agent = agents.of(text(AgentField.MEMBER));
        }
        return field.of(agent);
    }

    /** A member that is a text; null for any other. */
    @Nullable String text(String member) {
        return readMembers().text(placeOf(member));
    }

    /** A text, a number as it is written, true or false; null for any other. */
    @Nullable String written(String member) {
        int place = placeOf(member);
        String text = readMembers().text(place);
        if (text != null) {
            return text;
        }
        String number = members.number(place);
        if (number != null) {
            return number;
        }
        Boolean bool = members.bool(place);
        return bool == null ? null : bool.toString();
    }

    @Override
    public @Nullable Value valueOf(String field) {
        return switch (field) {
            case "site_id" -> number(BigDecimal.valueOf(request.siteId()));
            case "status", "status_code" -> number(BigDecimal.valueOf(request.statusCode()));
            case "bytes_sent" -> number(BigDecimal.valueOf(request.bytesSent()));
            case "response_time_msec" ->
                    request.isTimed()
                            ? number(
                                    BigDecimal.valueOf(request.responseTimeMicros(), MICROS_DIGITS))
                            : null;
            case "country", "request_country" -> new Value.OfText(request.country());
            case "event_time" ->
                    new Value.OfText(Instant.ofEpochMilli(request.eventTimeMillis()).toString());
            case URL_PATH -> {
                String url = text(URL);
                yield url == null ? null : new Value.OfText(UrlPath.of(url));
            }
            default -> {
                AgentField ofAgent = AgentField.BY_NAME.get(field);
                yield ofAgent == null ? member(memberOf(field)) : textOf(agent(ofAgent));
            }
        };
    }

    /** The member of the event that a field of a filter stands for; none if the decoder has it. */
    static Stream<String> memberFor(String field) {
        return DECODED.contains(field) ? Stream.empty() : Stream.of(memberOf(field));
    }

    private static @Nullable Value textOf(@Nullable String text) {
        return text == null ? null : new Value.OfText(text);
    }

    private static String memberOf(String field) {
        if (field.equals(URL_PATH)) {
            return URL;
        }
        if (AgentField.BY_NAME.containsKey(field)) {
            return AgentField.MEMBER;
        }
        return field.startsWith(FilterParser.MEMBER)
                ? field.substring(FilterParser.MEMBER.length())
                : field;
    }

    private @Nullable Value member(String name) {
        int place = placeOf(name);
        String text = readMembers().text(place);
        if (text != null) {
            return new Value.OfText(text);
        }
        String number = members.number(place);
        if (number != null && number.length() <= MAX_NUMBER_LENGTH) {
            return number(new BigDecimal(number));
        }
        Boolean bool = members.bool(place);
        return bool == null ? null : new Value.OfBoolean(bool);
    }

    private static Value number(BigDecimal number) {
        return new Value.OfNumber(number);
    }

    private int placeOf(String member) {
        return names.indexOf(member);
    }

    private RequestMembers readMembers() {
        if (!hasRead) {
            members.read(request);
            hasRead = true;
        }
        return members;
    }
}
