package io.weir.tools.accesslog;

import io.weir.tools.accesslog.ResponseTimeRule.Span;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Reads lines of Apache and nginx logs: common, combined and vhost_combined, with what people add
 * to them.
 *
 * <p>A line is accepted when it has a client or {@code -} ({@link LineHead}), a bracketed time with
 * a zone ({@link LogTime}), a quoted request, a status of 100..599 and a size or {@code -}. What
 * the request says and what follows the size never make a reject, so that damage done by clients is
 * counted as what it was: a request.
 *
 * <pre>
 * client identity user [dd/Mon/yyyy:HH:mm:ss +hhmm] "request" status size ...
 * host:port client identity user [dd/Mon/yyyy:HH:mm:ss +hhmm] 1234 "request" status size ...
 * </pre>
 *
 * Fields are separated by blanks, one or more. Quotes inside a request are escaped by a backslash,
 * as today's servers write them; where no line is to be had that way, the request ends at the first
 * quote that a status and a size follow, as servers of 1995 wrote it. Bytes are taken for Latin-1,
 * so every line is text. The time that a line takes grows with its length and no faster, whatever
 * is in it: a time is looked for once from each bracket, and a request from a quote after a time
 * ends at the latest where the next such quote is.
 */
public final class AccessLogParser implements LogFormat {

    private static final int STATUS_DIGITS = 3;

    private final ResponseTimeRule responseTimes;
    private final LineHead.First first;
    private final PlainFormats formats = new PlainFormats();

    /**
     * Decides by what follows whether a line begins with its client.
     *
     * @param responseTimes where lines have their response times
     */
    public AccessLogParser(ResponseTimeRule responseTimes) {
        this(responseTimes, LineHead.First.EITHER);
    }

    /**
     * @param first what stands first
     */
    AccessLogParser(ResponseTimeRule responseTimes, LineHead.First first) {
        this.responseTimes = responseTimes;
        this.first = first;
    }

    @Override
    public boolean isSettled() {
        return true;
    }

    @Override
    public String name() {
        return formats.name();
    }

    @Override
    public LogLine parse(byte[] bytes) {
        LineText line = LineText.of(bytes);
        LogTime firstTime = null;
        int firstBracket = -1;
        int firstQuote = -1;
        int bracket = line.find('[', 0, line.length());
        while (bracket < line.length()) {
            LogTime time = LogTime.at(line, bracket);
            int quote = time == null ? -1 : openingQuote(line, time.end());
            if (time != null && quote >= 0) {
                int close = line.closingQuote(quote + 1);
                if (endOfSize(line, close) >= 0) {
                    return request(line, bracket, time, quote, close);
                }
            }
            if (time != null && firstQuote < 0) {
                firstTime = time;
                firstBracket = bracket;
                firstQuote = quote;
            }
            bracket = line.find('[', bracket + 1, line.length());
        }
        if (firstTime == null || firstQuote < 0) {
            return new UnparsableLine(whyNot(line, firstTime));
        }
        return withRawQuotes(line, firstBracket, firstTime, firstQuote);
    }

    private LogLine withRawQuotes(LineText line, int bracket, LogTime time, int quote) {
        int close = line.find('"', quote + 1, line.length());
        LineFault fault = LineFault.NO_REQUEST;
        while (close < line.length()) {
            if (endOfSize(line, close) >= 0) {
                return request(line, bracket, time, quote, close);
            }
            if (endOfStatus(line, close) >= 0) {
                fault = LineFault.NO_SIZE;
            } else if (fault == LineFault.NO_REQUEST) {
                fault = LineFault.NO_STATUS;
            }
            close = line.find('"', close + 1, line.length());
        }
        return new UnparsableLine(fault);
    }

    private LogLine request(LineText line, int bracket, LogTime time, int quote, int close) {
        Instant instant = time.instant();
        if (instant == null) {
            return new UnparsableLine(LineFault.NO_REAL_DATE);
        }
        int statusEnd = endOfStatus(line, close);
        int status = (int) line.number(statusEnd - STATUS_DIGITS, statusEnd);
        if (status < 100 || status > 599) {
            return new UnparsableLine(LineFault.STATUS_OUT_OF_RANGE);
        }
        LineHead head = LineHead.of(line, bracket, first);
        if (head.fault() != null) {
            return new UnparsableLine(head.fault());
        }
        int sizeEnd = endOfSize(line, close);
        formats.add(line, head.host() != null, sizeEnd);
        return new ParsedLine(
                head.host(),
                head.client(),
                instant,
                line.text(quote + 1, close),
                status,
                size(line, line.afterBlanks(statusEnd), sizeEnd),
                responseTimes.of(line, between(line, time.end(), quote), sizeEnd),
                SentHeaders.after(sizeEnd, line));
    }

    private static @Nullable Long size(LineText line, int from, int to) {
        return line.has(from, '-') ? null : (Long) line.number(from, to);
    }

    /** The word between time and request. */
    private static Span between(LineText line, int timeEnd, int quote) {
        int from = line.afterBlanks(timeEnd);
        return new Span(from, line.afterWord(from, quote));
    }

    /**
     * Where the request's quotation mark is, with a number or - before it or not; -1 if nowhere.
     */
    private static int openingQuote(LineText line, int timeEnd) {
        int at = line.afterBlanks(timeEnd);
        if (at == timeEnd) {
            return -1;
        }
        if (line.isDigit(at) || line.has(at, '-')) {
            int end = line.afterWord(at, line.length());
            at = line.afterBlanks(end);
        }
        return line.has(at, '"') ? at : -1;
    }

    /** Where three digits end that follow the request's closing quote, or -1. */
    private static int endOfStatus(LineText line, int close) {
        int status = line.afterBlanks(close + 1);
        int end = line.afterDigits(status);
        boolean isStatus =
                status > close + 1
                        && end == status + STATUS_DIGITS
                        && (line.isBlank(end) || end == line.length());
        return isStatus ? end : -1;
    }

    /** Where a size or - ends that follows the status, or -1. */
    private static int endOfSize(LineText line, int close) {
        int statusEnd = endOfStatus(line, close);
        if (statusEnd < 0) {
            return -1;
        }
        int size = line.afterBlanks(statusEnd);
        int end = line.has(size, '-') ? size + 1 : line.afterDigits(size);
        return end > size && (line.isBlank(end) || end == line.length()) ? end : -1;
    }

    /** Why a line without a time and a quote after it is no request. */
    private static LineFault whyNot(LineText line, @Nullable LogTime time) {
        int start = 0;
        while (start < line.length() && isSpace(line.bytes()[start] & 0xff)) {
            start++;
        }
        if (start == line.length()) {
            return LineFault.EMPTY;
        }
        if (line.has(start, '{')) {
            return LineFault.JSON;
        }
        if (time != null) {
            return LineFault.NO_REQUEST;
        }
        int bracket = line.find('[', start, line.length());
        return line.find(']', bracket, line.length()) < line.length()
                ? LineFault.UNKNOWN_TIME
                : LineFault.NO_TIME;
    }

    /** White space among the characters of Latin-1, as Unicode has it, and separators 1C to 1F. */
    private static boolean isSpace(int character) {
        return character >= '\t' && character <= '\r'
                || character >= 0x1c && character <= ' '
                || character == 0x85
                || character == 0xa0;
    }
}
