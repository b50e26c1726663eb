package io.weir.tools.accesslog;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A format as the configuration of a server has it: Apache's {@code LogFormat} or nginx's {@code
 * log_format}, which of them the variables say.
 *
 * <p>It was compared with httpdlog-parser 5.11.0, which reads a fifth as many lines a second. That
 * one also takes the 31st of February for the 28th, accepts directives that Apache does not have,
 * rejects lines for a list of addresses or a user's name with a blank, says of no line why it does
 * not fit, and a client who repeats {@code " 200 5 "} in a request of 144 KB keeps it busy for 22
 * seconds.
 */
public final class FormatString implements ChosenFormat {

    /** Many formats lack them; nobody misses them. */
    private static final Set<FieldRole> MAY_BE_MISSING =
            EnumSet.of(
                    FieldRole.FORWARDED_FOR,
                    FieldRole.QUERY,
                    FieldRole.REFERRER,
                    FieldRole.USER_AGENT,
                    FieldRole.METHOD);

    private static final Set<FieldKind> WHOLE_TIMES =
            EnumSet.of(FieldKind.TIME, FieldKind.EPOCH, FieldKind.EPOCH_SECONDS);

    private static final Set<FieldKind> DATE_AND_TIME =
            EnumSet.of(FieldKind.YEAR, FieldKind.HOUR, FieldKind.MINUTE, FieldKind.SECOND);

    private static final Pattern DIRECTIVE =
            Pattern.compile("(LogFormat|log_format)\\s", Pattern.CASE_INSENSITIVE);

    private final List<FormatStep> steps;
    private final String start;

    private FormatString(List<FormatStep> steps, String start) {
        this.steps = steps;
        this.start = start;
    }

    /** Whether it is one: it has directives of Apache or variables of nginx. */
    public static boolean is(String text) {
        return NginxFormat.is(text) || text.indexOf('%') >= 0;
    }

    /**
     * Understands a format.
     *
     * @param text what stands in quotation marks in the configuration; quotation marks in it may
     *     have a backslash in front
     * @throws IllegalArgumentException when it cannot be understood, or time or status are missing;
     *     the message says what
     */
    public static FormatString of(String text) {
        String format = text.strip();
        Matcher whole = DIRECTIVE.matcher(format);
        if (whole.lookingAt()) {
            throw new IllegalArgumentException(
                    "give only what is in quotation marks after " + whole.group(1));
        }
        FormatPieces pieces =
                (NginxFormat.is(format) ? NginxFormat.read(format) : ApacheFormat.read(format))
                        .withTargets();
        List<FormatStep> steps = steps(pieces);
        requireSeparators(steps);
        requireTime(steps);
        if (steps.stream().noneMatch(step -> step.isRead(FieldRole.STATUS))) {
            throw new IllegalArgumentException(
                    "it has no status: Apache's is %>s, nginx's is $status");
        }
        return new FormatString(steps, pieces.textAfter(-1));
    }

    @Override
    public LogFormat open(ResponseTimeRule responseTimes) {
        return new FormatStringParser(steps, start, description(), responseTimes);
    }

    /** Which of its fields are read for what, and which are not read. */
    String description() {
        List<String> found = new ArrayList<>();
        for (FieldRole role : FieldRole.values()) {
            Set<String> written = written(role);
            if (role == FieldRole.CLIENT && !written(FieldRole.FORWARDED_FOR).isEmpty()) {
                written.forEach(sender -> found.add("otherwise " + sender));
            } else if (role == FieldRole.NONE) {
                found.add(written.isEmpty() ? "" : "not read: " + String.join(" ", written));
            } else if (!written.isEmpty()) {
                found.add(role.description() + " " + String.join(" ", written));
            } else if (!MAY_BE_MISSING.contains(role)) {
                found.add("no " + role.description());
            }
        }
        return found.stream().filter(each -> !each.isEmpty()).collect(Collectors.joining(", "));
    }

    private Set<String> written(FieldRole role) {
        return steps.stream()
                .filter(step -> step.role() == role)
                .map(step -> step.field().written())
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /**
     * Of several fields for the same, one is read; of times, all that are not the request's end.
     */
    private static List<FormatStep> steps(FormatPieces pieces) {
        List<FormatField> fields = pieces.fields();
        Map<FieldRole, FormatField> best = new EnumMap<>(FieldRole.class);
        for (FormatField field : fields) {
            best.merge(
                    field.kind().role(),
                    field,
                    (one, other) -> other.rank() < one.rank() ? other : one);
        }
        FormatField request = best.get(FieldRole.REQUEST);
        if (request == null || request.kind() != FieldKind.PATH) {
            best.remove(FieldRole.QUERY);
        }
        List<FormatStep> steps = new ArrayList<>();
        for (int i = 0; i < fields.size(); i++) {
            FormatField field = fields.get(i);
            FormatField chosen = best.get(field.kind().role());
            boolean isTime = field.kind().role() == FieldRole.TIME;
            boolean isRead =
                    chosen != null
                            && (isTime ? field.rank() == chosen.rank() : field.equals(chosen));
            steps.add(
                    new FormatStep(
                            field,
                            isRead ? field.kind().role() : FieldRole.NONE,
                            pieces.textAfter(i),
                            quoteAround(pieces.textAfter(i - 1), pieces.textAfter(i))));
        }
        return List.copyOf(steps);
    }

    private static boolean quoteAround(String before, String after) {
        return before.endsWith("\"") && after.startsWith("\"");
    }

    private static void requireSeparators(List<FormatStep> steps) {
        for (int i = 0; i + 1 < steps.size(); i++) {
            FormatStep step = steps.get(i);
            FieldKind next = steps.get(i + 1).field().kind();
            boolean isParted =
                    !step.after().isEmpty()
                            || step.field().kind().endsByItself()
                            || FormatStep.beginsWithSlash(next);
            if (!isParted) {
                throw new IllegalArgumentException(
                        "there is nothing between %s and %s, so it is not clear where the first one ends"
                                .formatted(
                                        step.field().written(),
                                        steps.get(i + 1).field().written()));
            }
        }
    }

    /** {@code Z} after the seconds or their fraction is a zone. */
    private static boolean isFollowedByZ(List<FormatStep> steps) {
        return steps.stream()
                .anyMatch(
                        step ->
                                step.role() == FieldRole.TIME
                                        && step.after().startsWith("Z")
                                        && Set.of(
                                                        FieldKind.SECOND,
                                                        FieldKind.MILLIS,
                                                        FieldKind.MICROS)
                                                .contains(step.field().kind()));
    }

    private static void requireTime(List<FormatStep> steps) {
        Set<FieldKind> kinds = new HashSet<>();
        steps.stream()
                .filter(step -> step.isRead(FieldRole.TIME))
                .forEach(step -> kinds.add(step.field().kind()));
        if (!Collections.disjoint(kinds, WHOLE_TIMES)) {
            return;
        }
        String missing = missingOf(kinds, isFollowedByZ(steps));
        if (missing != null) {
            throw new IllegalArgumentException(
                    kinds.isEmpty()
                            ? "it has no time: Apache's is %t, nginx's is $time_local"
                            : "its time has no %s: a time needs date, hour, minute, second and zone (%%z)"
                                    .formatted(missing));
        }
    }

    private static @Nullable String missingOf(Set<FieldKind> kinds, boolean isUtc) {
        for (FieldKind kind : DATE_AND_TIME) {
            if (!kinds.contains(kind)) {
                return kind.name().toLowerCase(Locale.ROOT);
            }
        }
        if (!kinds.contains(FieldKind.MONTH) && !kinds.contains(FieldKind.MONTH_NAME)) {
            return "month";
        }
        if (!kinds.contains(FieldKind.DAY) && !kinds.contains(FieldKind.PADDED_DAY)) {
            return "day";
        }
        return kinds.contains(FieldKind.ZONE) || isUtc ? null : "zone";
    }
}
