package io.weir.tools.accesslog;

import io.weir.tools.accesslog.TimeNumber.Unit;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a line after the size: referer, user agent, and what a format adds. Of several
 * numbers that say what they are, the form that says more goes first, and within it the largest: a
 * request takes at least as long as its upstream. Numbers with commas or colons between them are of
 * upstreams that were asked one after the other, and count as their sum.
 */
final class LineTail {

    /**
     * As people name nginx's {@code $request_time} and {@code $upstream_response_time}, and the
     * like.
     */
    private static final Set<String> NAMES =
            Set.of(
                    "rt",
                    "request_time",
                    "req_time",
                    "response_time",
                    "resp_time",
                    "duration",
                    "elapsed",
                    "latency",
                    "took",
                    "time_taken",
                    "urt",
                    "upstream_response_time",
                    "upstream_time");

    private static final int LONGEST_NAME = 22;

    /** nginx writes three, others more; two is how it writes a ratio of compression. */
    private static final int DECIMALS_OF_SECONDS = 3;

    private final LineText line;
    private final @Nullable Unit ofLast;
    private ResponseTime best = ResponseTime.NONE;
    private @Nullable TimeNumber bareNamed;
    private @Nullable TimeNumber last;
    private boolean lastIsQuoted;

    /**
     * @param ofLast what is said of a number at the end, null if nothing is
     */
    LineTail(LineText line, @Nullable Unit ofLast) {
        this.line = line;
        this.ofLast = ofLast;
    }

    /** Reads what begins at {@code size}, where the size has ended. */
    ResponseTime read(int size) {
        int at = line.afterBlanks(size);
        while (at < line.length()) {
            int end = line.has(at, '"') ? line.closingQuote(at + 1) + 1 : listEnd(at);
            if (end > line.length() || end < line.length() && !line.isBlank(end)) {
                return ResponseTime.NONE; // quotation marks that are not in pairs: damaged
            }
            take(at, end);
            at = line.afterBlanks(end);
        }
        return result();
    }

    /** A word may end with a value in quotation marks: {@code rt="0.500"}. */
    private int wordEnd(int from) {
        int end = line.afterWord(from, line.length());
        int quote = line.find('"', from, end);
        boolean isNamed = quote < end && (line.has(quote - 1, '=') || line.has(quote - 1, ':'));
        return isNamed ? line.closingQuote(quote + 1) + 1 : end;
    }

    /** After a comma, or a colon between blanks, a list goes on with a number or with a dash. */
    private int listEnd(int from) {
        int end = wordEnd(from);
        while (true) {
            int next = line.afterBlanks(end);
            if (line.has(next, ':') && line.isBlank(next + 1)) {
                next = line.afterBlanks(next + 1);
            } else if (!line.has(end - 1, ',')) {
                return end;
            }
            if (!line.isDigit(next) && !line.has(next, '-')) {
                return end;
            }
            end = line.afterWord(next, line.length());
        }
    }

    private ResponseTime result() {
        if (ofLast != null && last != null && last.unit() == null && isMeant(last, ofLast)) {
            return ResponseTime.of(ResponseTimeForm.AS_GIVEN, last.micros(ofLast));
        }
        if (best.isKnown()) {
            return best;
        }
        if (bareNamed != null) {
            return ofLast == null
                    ? ResponseTime.AMBIGUOUS
                    : ResponseTime.of(ResponseTimeForm.AS_GIVEN, bareNamed.micros(ofLast));
        }
        return last != null && last.isBareWhole() && !lastIsQuoted
                ? ResponseTime.AMBIGUOUS
                : ResponseTime.NONE;
    }

    /** Microseconds have no decimals: these are seconds whatever was said. */
    private static boolean isMeant(TimeNumber last, Unit said) {
        return said != Unit.MICROS || last.decimals() == 0;
    }

    private void take(int from, int to) {
        TimeNumber before = last;
        last = null;
        lastIsQuoted = line.has(from, '"');
        if (lastIsQuoted) {
            last = TimeNumber.sumOf(line, from + 1, to - 1);
            return;
        }
        int nameEnd = endOfName(from, to);
        if (nameEnd > from && (line.has(nameEnd, '=') || line.has(nameEnd, ':'))) {
            takeNamed(from, nameEnd, to);
            return;
        }
        boolean isBare = before != null && before.unit() == null;
        Unit unit = isBare ? Unit.of(line.text(from, to)) : null;
        if (before != null && unit != null) {
            last = new TimeNumber(before.number(), before.decimals(), unit);
            takeNumber(last);
        } else {
            takeWord(from, to);
        }
    }

    private int endOfName(int from, int to) {
        int at = from;
        while (at < Math.min(to, from + LONGEST_NAME + 1) && isOfName(line.bytes()[at])) {
            at++;
        }
        return at;
    }

    private static boolean isOfName(byte each) {
        return each >= 'a' && each <= 'z' || each >= 'A' && each <= 'Z' || each == '_';
    }

    /** Of a field with another name the value is only what is said of the last one. */
    private void takeNamed(int from, int nameEnd, int to) {
        boolean isQuoted = line.has(nameEnd + 1, '"');
        int start = isQuoted ? nameEnd + 2 : nameEnd + 1;
        TimeNumber number = TimeNumber.sumOf(line, start, isQuoted ? to - 1 : to);
        if (!NAMES.contains(line.text(from, nameEnd))) {
            last = ofLast == null ? null : number;
        } else if (number != null && number.isBareWhole()) {
            bareNamed = number;
        } else if (number != null) {
            offer(ResponseTimeForm.NAMED, number.micros(Unit.SECONDS));
        }
    }

    private void takeWord(int from, int to) {
        int start = from;
        int end = to;
        while (start < end && line.has(start, '*')) { // **%T/%D** is common
            start++;
        }
        while (end > start && line.has(end - 1, '*')) {
            end--;
        }
        int slash = line.find('/', start, Math.min(end, start + LONGEST_NAME));
        if (line.has(slash, '/')) {
            takeSecondsAndMicros(start, slash, end);
            return;
        }
        last = TimeNumber.sumOf(line, start, end);
        if (last != null) {
            takeNumber(last);
        }
    }

    /** Taken only where both are the same time. */
    private void takeSecondsAndMicros(int from, int slash, int to) {
        TimeNumber seconds = TimeNumber.of(line, from, slash);
        TimeNumber micros = TimeNumber.of(line, slash + 1, to);
        if (seconds != null && micros != null && seconds.isBareWhole() && micros.isBareWhole()) {
            long taken = micros.micros(Unit.MICROS);
            if (seconds.micros(Unit.SECONDS) == taken / 1_000_000 * 1_000_000) {
                offer(ResponseTimeForm.SECONDS_AND_MICROS, taken);
            }
        }
    }

    private void takeNumber(TimeNumber number) {
        if (number.unit() != null) {
            offer(ResponseTimeForm.WITH_UNIT, number.micros(Unit.SECONDS));
        } else if (number.decimals() >= DECIMALS_OF_SECONDS) {
            offer(ResponseTimeForm.DECIMALS, number.micros(Unit.SECONDS));
        }
    }

    private void offer(ResponseTimeForm form, long micros) {
        boolean saysMore = !best.isKnown() || form.compareTo(best.form()) < 0;
        if (micros >= 0 && (saysMore || form == best.form() && micros > best.micros())) {
            best = new ResponseTime(form, micros);
        }
    }
}
