package io.weir.tools.accesslog;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where the fields of a format string are in a line.
 *
 * <p>Each field ends where the text stands that follows it in the format: the first one after which
 * a time, a status, a size or a protocol fits, if that is what follows. Where none does, it is the
 * first one. In quotation marks, a backslash escapes what follows; where no end is to be had that
 * way, it does not, as nginx writes with {@code escape=none}. Nothing is tried again once a field
 * has ended, so the time that a line takes grows with its length and no faster, whatever is in it.
 */
final class FormatLine {

    private static final int STATUS_DIGITS = 3;

    private final List<FormatStep> steps;
    private final LineText line;
    private final int[] starts;
    private final int[] ends;
    private int matched;
    private boolean fits;

    private FormatLine(List<FormatStep> steps, LineText line) {
        this.steps = steps;
        this.line = line;
        this.starts = new int[steps.size()];
        this.ends = new int[steps.size()];
    }

    /**
     * Finds the fields of a line.
     *
     * @param from where the first field begins
     */
    static FormatLine of(List<FormatStep> steps, LineText line, int from) {
        FormatLine fields = new FormatLine(steps, line);
        fields.match(from);
        return fields;
    }

    /** Whether all fields are there and nothing else is. */
    boolean fits() {
        return fits;
    }

    /** What the first field would be read for that is not there; null if all are. */
    @Nullable FieldRole missing() {
        return matched < steps.size() ? steps.get(matched).role() : null;
    }

    String text(int field) {
        return line.text(starts[field], ends[field]);
    }

    int start(int field) {
        return starts[field];
    }

    private void match(int from) {
        int at = from;
        while (matched < steps.size()) {
            int end = end(matched, at);
            if (end < 0) {
                return;
            }
            starts[matched] = at;
            ends[matched] = end;
            at = end + steps.get(matched).after().length();
            matched++;
        }
        fits = at == line.length();
    }

    private int end(int index, int at) {
        FormatStep step = steps.get(index);
        if (step.field().kind().endsByItself()) {
            int end = step.field().kind().end(line, at);
            return end >= 0 && line.startsWith(step.after(), end) ? end : -1;
        }
        boolean isLast = index + 1 == steps.size();
        if (isLast) {
            int end = line.length() - step.after().length();
            return end >= at && line.startsWith(step.after(), end) ? end : -1;
        }
        if (step.after().isEmpty()) {
            int endOfNext = end(index + 1, at);
            return endOfNext < 0 ? -1 : line.find('/', at, endOfNext);
        }
        return search(step, steps.get(index + 1), at);
    }

    private int search(FormatStep step, FormatStep next, int at) {
        int end = search(step, next, at, step.isQuoted());
        if (end < 0 && step.isQuoted()) {
            end = search(step, next, at, false);
        }
        return end >= 0 ? end : search(step, null, at, step.isQuoted());
    }

    private int search(FormatStep step, @Nullable FormatStep next, int from, boolean hasEscapes) {
        String after = step.after();
        boolean isList = step.field().kind().isList() && after.charAt(0) == ' ';
        int at = from;
        while (at + after.length() <= line.length()) {
            if (hasEscapes && line.has(at, '\\')) {
                at += 2;
                continue;
            }
            boolean isEnd =
                    line.startsWith(after, at) && (next == null || fits(next, at + after.length()));
            if (isEnd && isList && isWithinList(step, from, at)) {
                at = line.afterBlanks(at);
                continue;
            }
            if (isEnd) {
                return at;
            }
            at++;
        }
        return -1;
    }

    private boolean fits(FormatStep next, int at) {
        if (!next.field().kind().endsByItself()) {
            return next.field().kind().fits(line, at);
        }
        int end = next.field().kind().end(line, at);
        boolean isStatus = next.field().kind() == FieldKind.STATUS;
        return end >= 0
                && (!isStatus || end == at + STATUS_DIGITS || line.has(at, '-'))
                && line.startsWith(next.after(), end);
    }

    /** Whether the blank here follows a separator of the list, or goes before one. */
    private boolean isWithinList(FormatStep step, int from, int blank) {
        int next = line.afterBlanks(blank);
        boolean isOfUpstreams =
                step.field().kind().isOfUpstreams()
                        && (line.has(next, ':') && line.isBlank(next + 1)
                                || line.has(blank - 1, ':') && line.isBlank(blank - 2));
        return blank > from && (line.has(blank - 1, ',') || line.has(next, ',') || isOfUpstreams);
    }
}
