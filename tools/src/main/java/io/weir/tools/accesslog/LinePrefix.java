package io.weir.tools.accesslog;

import io.weir.request.ClientAddress;

/**
 * What those who pass lines on put in front of them: syslog (RFC 3164 and RFC 5424, as servers send
 * it and as rsyslog writes it), journald in its short forms, docker and compose (in color, too),
 * kubectl and CRI.
 *
 * <pre>
 * &lt;190&gt;Oct 25 12:00:00 host nginx[123]:
 * &lt;190&gt;1 2026-10-25T12:00:00Z host nginx 123 - -
 * 2026-10-25T12:00:00.123456+00:00 host nginx:
 * Sun 2026-10-25 12:00:00 UTC host nginx[123]:
 * 1793016000.123456 host nginx[123]:
 * [ 1234.567890] host nginx[123]:
 * web-1  |
 * [pod/web-5d4f/nginx]
 * 2026-10-25T12:00:00.000000000Z stdout F
 * </pre>
 */
final class LinePrefix {

    /** Such as that of compose, then a time, then that of CRI. */
    static final int MOST = 4;

    private static final int FIELDS_OF_RFC_5424 = 4;
    private static final String BYTE_ORDER_MARK = "\u00ef\u00bb\u00bf";
    private static final char ESCAPE = '\u001b';

    private static final int LENGTH_OF_DAY = "Sun ".length();

    /** Without the zone. */
    private static final int LENGTH_OF_FULL_TIME = "Sun 2026-10-25 12:00:00".length();

    private static final int DIGITS_OF_MICROS = 6;

    private final LineText line;
    private final int end;

    private LinePrefix(LineText line, int end) {
        this.line = line;
        this.end = end;
    }

    /** Where the known prefixes of a line end that has its time at {@code to}. */
    static int end(LineText line, int from, int to) {
        int at = from;
        for (int i = 0; i < MOST; i++) {
            int after = endOfFirst(line, at, to);
            if (after == at) {
                return at;
            }
            at = after;
        }
        return at;
    }

    /** Where the first of them ends; {@code from} if there is none. */
    static int endOfFirst(LineText line, int from, int to) {
        int after = new LinePrefix(line, to).afterOne(from);
        return after < 0 ? from : Math.min(to, line.afterBlanks(after));
    }

    /** After the prefix that begins here, or -1 if none does. */
    private int afterOne(int at) {
        if (line.has(at, '<')) {
            return afterPriority(at);
        }
        if (line.startsWith("[pod/", at)) {
            int close = wordEnd(at);
            return line.has(close - 1, ']') ? close : -1;
        }
        if (line.startsWith("1 ", at)) {
            return afterRfc5424(at);
        }
        int seconds = line.has(at, '[') ? afterUptime(at) : afterSeconds(at);
        if (seconds >= 0) {
            return afterTag(next(seconds));
        }
        if (LogTime.isDateAndTime(line, at + LENGTH_OF_DAY)) {
            return afterTag(next(wordEnd(next(at + LENGTH_OF_FULL_TIME))));
        }
        if (LogTime.isMonth(line, at)) {
            return afterRfc3164(at);
        }
        int time = LogTime.endOfIso(line, at);
        return time < 0 ? afterComposeName(at) : afterIso(time);
    }

    private int afterPriority(int at) {
        int close = line.afterDigits(at + 1);
        if (close == at + 1 || close > at + 4 || !line.has(close, '>')) {
            return -1;
        }
        int rest = afterRfc5424(close + 1);
        return rest < 0 ? close + 1 : rest;
    }

    /** Version, time, host, application, process, message id, and structured data. */
    private int afterRfc5424(int version) {
        int time = version + 2;
        int afterTime = LogTime.endOfIso(line, time);
        if (!line.startsWith("1 ", version) || afterTime < 0 && !line.startsWith("- ", time)) {
            return -1;
        }
        int at = next(wordEnd(time));
        for (int i = 0; i < FIELDS_OF_RFC_5424; i++) {
            at = next(wordEnd(at));
        }
        int afterData = line.has(at, '-') ? at + 1 : afterData(at);
        if (afterData < 0 || !line.isBlank(afterData)) {
            return -1;
        }
        int message = line.afterBlanks(afterData);
        return line.startsWith(BYTE_ORDER_MARK, message) ? message + 3 : message;
    }

    /** After elements in brackets, whose values may have brackets in their quotation marks. */
    private int afterData(int from) {
        int at = from;
        while (line.has(at, '[')) {
            while (at < end && !line.has(at, ']')) {
                at = line.has(at, '"') ? line.closingQuote(at + 1) + 1 : at + 1;
            }
            at++;
        }
        return at == from || at > end ? -1 : at;
    }

    /** Month, day, time, the host or none, and a tag with a colon. */
    private int afterRfc3164(int month) {
        int day = next(month + 3);
        int time = next(line.afterDigits(day));
        boolean isTime = line.isDigit(day) && line.isDigit(time) && line.has(time + 2, ':');
        return isTime ? afterTag(next(wordEnd(time))) : -1;
    }

    /** Also a time alone, which docker writes on demand. */
    private int afterIso(int time) {
        int word = next(time);
        if (line.startsWith("stdout ", word) || line.startsWith("stderr ", word)) {
            int tag = next(wordEnd(word));
            boolean isOfCri = line.startsWith("F ", tag) || line.startsWith("P ", tag);
            return isOfCri ? tag + 1 : -1;
        }
        int afterTag = afterTag(word);
        if (afterTag >= 0) {
            return afterTag;
        }
        return line.isBlank(time) ? time : -1;
    }

    /** After the tag of syslog, which the host's name may precede, or -1. */
    private int afterTag(int from) {
        int first = wordEnd(from);
        if (isTag(from, first)) {
            return first;
        }
        int second = next(first);
        int secondEnd = wordEnd(second);
        return isTag(second, secondEnd) ? secondEnd : -1;
    }

    /** An address may end with a colon too. */
    private boolean isTag(int from, int to) {
        return to > from + 1
                && line.has(to - 1, ':')
                && ClientAddress.canonical(line.bytes(), from, to) == null;
    }

    /** Seconds since the system was started, in brackets. */
    private int afterUptime(int bracket) {
        int seconds = afterSeconds(next(bracket + 1));
        return line.has(seconds, ']') ? seconds + 1 : -1;
    }

    /** Seconds with microseconds, or -1. */
    private int afterSeconds(int from) {
        int point = line.afterDigits(from);
        int end = line.afterDigits(point + 1);
        return point > from && line.has(point, '.') && end == point + 1 + DIGITS_OF_MICROS
                ? end
                : -1;
    }

    private int afterComposeName(int at) {
        int name = afterColor(at);
        int bar = next(wordEnd(name));
        if (bar <= name + 1 || !line.has(bar, '|')) {
            return -1;
        }
        int after = afterColor(bar + 1);
        return line.isBlank(after) ? afterColor(after + 1) : -1;
    }

    /** After a color or its end, as terminals have it, or where it would begin. */
    private int afterColor(int at) {
        if (!line.has(at, ESCAPE) || !line.has(at + 1, '[')) {
            return at;
        }
        int end = at + 2;
        while (line.isDigit(end) || line.has(end, ';')) {
            end++;
        }
        return line.has(end, 'm') ? end + 1 : at;
    }

    private int wordEnd(int from) {
        return line.afterWord(from, end);
    }

    private int next(int from) {
        return Math.min(end, line.afterBlanks(from));
    }
}
