package io.weir.tools.accesslog;

import io.weir.tools.accesslog.TimeNumber.Unit;
import java.time.Instant;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads lines in the format that a {@link FormatString} describes. What stands for the client,
 * which times are real and what is a status are as in {@link AccessLogParser}.
 */
final class FormatStringParser implements LogFormat {

    private final List<FormatStep> steps;
    private final String start;
    private final String description;
    private final ResponseTimeRule responseTimes;

    /** Where in the steps the field of each role is. */
    private final Map<FieldRole, Integer> places = new EnumMap<>(FieldRole.class);

    /**
     * @param start what stands before the first field
     */
    FormatStringParser(
            List<FormatStep> steps,
            String start,
            String description,
            ResponseTimeRule responseTimes) {
        this.steps = steps;
        this.start = start;
        this.description = description;
        this.responseTimes = responseTimes;
        for (int i = 0; i < steps.size(); i++) {
            places.put(steps.get(i).role(), i);
        }
    }

    @Override
    public String name() {
        return "the format that was given (%s)".formatted(description);
    }

    @Override
    public boolean isSettled() {
        return true;
    }

    @Override
    public LogLine parse(byte[] bytes) {
        LineText line = LineText.of(bytes).withoutBlanksAtEnd();
        if (line.length() == 0) {
            return new UnparsableLine(LineFault.EMPTY);
        }
        if (beginsWithName()) {
            return parse(line, LinePrefix.end(line, 0, line.length()));
        }
        LogLine whole = parse(line, 0);
        return whole instanceof ParsedLine ? whole : afterPrefix(line, whole);
    }

    /** A time in front is a prefix only where the line is no request with it. */
    private LogLine afterPrefix(LineText line, LogLine whole) {
        int at = 0;
        for (int i = 0; i < LinePrefix.MOST; i++) {
            int after = LinePrefix.endOfFirst(line, at, line.length());
            LogLine rest = after == at ? whole : parse(line, after);
            if (rest instanceof ParsedLine) {
                return rest;
            }
            at = after;
        }
        return whole;
    }

    /** Whether a prefix could be taken for the first field. */
    private boolean beginsWithName() {
        FieldRole first = steps.get(0).role();
        return start.isEmpty() && (first == FieldRole.CLIENT || first == FieldRole.HOST);
    }

    private LogLine parse(LineText line, int from) {
        if (!line.startsWith(start, from)) {
            return new UnparsableLine(LineFault.NO_FIT);
        }
        FormatLine fields = FormatLine.of(steps, line, from + start.length());
        if (!fields.fits()) {
            FieldRole missing = fields.missing();
            return new UnparsableLine(
                    missing == FieldRole.TIME
                            ? LineFault.NO_FITTING_TIME
                            : missing == FieldRole.STATUS
                                    ? LineFault.NO_STATUS_FIELD
                                    : LineFault.NO_FIT);
        }
        Instant time = FormatTime.of(steps, fields, line);
        if (time == null) {
            return new UnparsableLine(LineFault.NO_REAL_DATE);
        }
        return LoggedFields.request(
                text(fields, FieldRole.HOST),
                LoggedFields.client(
                        text(fields, FieldRole.FORWARDED_FOR), text(fields, FieldRole.CLIENT)),
                time,
                request(fields),
                text(fields, FieldRole.STATUS),
                text(fields, FieldRole.SIZE),
                responseTime(fields),
                SentHeaders.of(
                        text(fields, FieldRole.REFERRER), text(fields, FieldRole.USER_AGENT)));
    }

    private String request(FormatLine fields) {
        String request = text(fields, FieldRole.REQUEST);
        if (request == null) {
            return "";
        }
        if (kind(FieldRole.REQUEST) == FieldKind.REQUEST) {
            return request;
        }
        String method = text(fields, FieldRole.METHOD);
        String asked = (method == null ? "-" : method) + " " + request;
        String query = text(fields, FieldRole.QUERY);
        if (query == null || query.isEmpty() || query.equals("-")) {
            return asked;
        }
        return asked + (query.startsWith("?") ? "" : "?") + query;
    }

    private ResponseTime responseTime(FormatLine fields) {
        String taken = text(fields, FieldRole.TAKEN);
        FieldKind kind = kind(FieldRole.TAKEN);
        if (taken == null || kind == null) {
            return ResponseTime.NONE;
        }
        return switch (kind) {
            case TAKEN_MICROS -> LoggedFields.responseTime(responseTimes, taken, Unit.MICROS);
            case TAKEN_MILLIS -> LoggedFields.responseTime(responseTimes, taken, Unit.MILLIS);
            case UPSTREAM_SECONDS -> LoggedFields.upstreamTime(responseTimes, taken);
            default -> LoggedFields.responseTime(responseTimes, taken, Unit.SECONDS);
        };
    }

    private @Nullable String text(FormatLine fields, FieldRole role) {
        Integer place = places.get(role);
        return place == null ? null : fields.text(place);
    }

    private @Nullable FieldKind kind(FieldRole role) {
        Integer place = places.get(role);
        return place == null ? null : steps.get(place).field().kind();
    }
}
