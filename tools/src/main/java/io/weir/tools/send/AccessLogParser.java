package io.weir.tools.send;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads lines of Apache and nginx logs: common, combined and vhost_combined.
 *
 * <p>A line is accepted when it has a client, a bracketed time with a zone, a quoted request, a
 * status of 100..599 and a size or {@code -}. What the request says and what follows the size never
 * make a reject, so that damage done by clients is counted as what it was: a request.
 *
 * <pre>
 * client identity user [dd/Mon/yyyy:HH:mm:ss +hhmm] "request" status size ...
 * host:port client identity user [dd/Mon/yyyy:HH:mm:ss +hhmm] "request" status size ...
 * </pre>
 *
 * Quotes inside a request are escaped by a backslash, as today's servers write them; where no line
 * is to be had that way, the request ends at the first quote that a status and a size follow, as
 * servers of 1995 wrote it. Bytes are taken for Latin-1, so every line is text. The time that a
 * line takes grows with its length and no faster, whatever is in it.
 */
final class AccessLogParser {

    private static final List<String> MONTHS =
            List.of(
                    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov",
                    "Dec");

    /** Letters stand for themselves, 0 for a digit, A for a capital, a for a small letter. */
    private static final String TIME_PATTERN = "[00/Aaa/0000:00:00:00 +0000] ";

    private static final int MAX_SIZE_DIGITS = 18;
    private static final int NOT_FOUND = -1;

    private final String line;

    private AccessLogParser(String line) {
        this.line = line;
    }

    /** Reads a line, given without its line feed; carriage returns at its end do not count. */
    static LogLine parse(byte[] line) {
        int length = line.length;
        while (length > 0 && line[length - 1] == '\r') {
            length--;
        }
        return new AccessLogParser(new String(line, 0, length, ISO_8859_1)).parse();
    }

    private LogLine parse() {
        int clientEnd = tokenEnd(0);
        int identityEnd = clientEnd == NOT_FOUND ? NOT_FOUND : tokenEnd(clientEnd + 1);
        if (identityEnd == NOT_FOUND) {
            return new UnparsableLine(whyNot(NOT_FOUND));
        }
        int userStart = identityEnd + 1;
        Parts parts = findParts(userStart);
        if (parts == null) {
            return new UnparsableLine(whyNot(userStart));
        }
        Instant time = time(parts.bracket);
        if (time == null) {
            return new UnparsableLine("time is not a real date");
        }
        int status = digits(parts.statusStart(), 3);
        if (status < 100 || status > 599) {
            return new UnparsableLine("status outside 100-599");
        }
        return new ParsedLine(
                client(clientEnd, identityEnd, parts.bracket),
                time,
                line.substring(parts.requestStart(), parts.requestEnd),
                status,
                size(parts.sizeStart()));
    }

    /** Where a line's parts are: the bracket before the time, and the quote after the request. */
    private record Parts(int bracket, int requestEnd) {

        int requestStart() {
            return bracket + TIME_PATTERN.length() + 1;
        }

        int statusStart() {
            return requestEnd + 2;
        }

        int sizeStart() {
            return statusStart() + 4;
        }
    }

    private @Nullable Parts findParts(int userStart) {
        int firstBracket = NOT_FOUND;
        for (int bracket = findTime(userStart);
                bracket != NOT_FOUND;
                bracket = findTime(bracket + 1)) {
            int quote = bracket + TIME_PATTERN.length();
            if (isAt(quote, '"')) {
                if (firstBracket == NOT_FOUND) {
                    firstBracket = bracket;
                }
                int requestEnd = nextQuoteNotEscaped(quote + 1);
                if (requestEnd != NOT_FOUND && isStatusAndSize(requestEnd + 1)) {
                    return new Parts(bracket, requestEnd);
                }
            }
        }
        return firstBracket == NOT_FOUND ? null : findPartsWithRawQuotes(firstBracket);
    }

    /** What no quote after the first bracket can end, no quote after a later one can. */
    private @Nullable Parts findPartsWithRawQuotes(int bracket) {
        int quote = bracket + TIME_PATTERN.length();
        for (int end = line.indexOf('"', quote + 1);
                end != NOT_FOUND;
                end = line.indexOf('"', end + 1)) {
            if (isStatusAndSize(end + 1)) {
                return new Parts(bracket, end);
            }
        }
        return null;
    }

    private int nextQuoteNotEscaped(int from) {
        for (int i = from; i < line.length(); i++) {
            char c = line.charAt(i);
            if (c == '"') {
                return i;
            }
            if (c == '\\') {
                i++;
            }
        }
        return NOT_FOUND;
    }

    /** The end of a token that ends in a blank; other white space is in no token. */
    private int tokenEnd(int from) {
        int end = from;
        while (end < line.length() && !isWhiteSpace(line.charAt(end))) {
            end++;
        }
        return end > from && isAt(end, ' ') ? end : NOT_FOUND;
    }

    /** The next bracket that begins a time, a blank after it included. */
    private int findTime(int from) {
        int bracket = line.indexOf('[', from);
        while (bracket != NOT_FOUND && !isTime(bracket)) {
            bracket = line.indexOf('[', bracket + 1);
        }
        return bracket;
    }

    private boolean isTime(int start) {
        if (line.length() - start < TIME_PATTERN.length()) {
            return false;
        }
        for (int i = 0; i < TIME_PATTERN.length(); i++) {
            char c = line.charAt(start + i);
            char pattern = TIME_PATTERN.charAt(i);
            boolean isRight =
                    switch (pattern) {
                        case '0' -> isDigit(c);
                        case 'A' -> c >= 'A' && c <= 'Z';
                        case 'a' -> c >= 'a' && c <= 'z';
                        case '+' -> c == '+' || c == '-';
                        default -> c == pattern;
                    };
            if (!isRight) {
                return false;
            }
        }
        return true;
    }

    /** Whether a blank, three digits, a blank, and digits or a minus up to a blank are here. */
    private boolean isStatusAndSize(int start) {
        int size = start + 5;
        if (line.length() <= size
                || line.charAt(start) != ' '
                || !isDigit(line.charAt(start + 1))
                || !isDigit(line.charAt(start + 2))
                || !isDigit(line.charAt(start + 3))
                || line.charAt(start + 4) != ' ') {
            return false;
        }
        int end = isAt(size, '-') ? size + 1 : endOfDigits(size);
        return end > size && (end == line.length() || line.charAt(end) == ' ');
    }

    private @Nullable Instant time(int bracket) {
        int month = MONTHS.indexOf(line.substring(bracket + 4, bracket + 7)) + 1;
        int zoneHours = digits(bracket + 23, 2);
        int zoneMinutes = digits(bracket + 25, 2);
        if (zoneHours > 23 || zoneMinutes > 59) {
            return null;
        }
        int offset = (zoneHours * 60 + zoneMinutes) * (isAt(bracket + 22, '-') ? -60 : 60);
        try {
            LocalDateTime utc =
                    LocalDateTime.of(
                                    digits(bracket + 8, 4),
                                    month,
                                    digits(bracket + 1, 2),
                                    digits(bracket + 13, 2),
                                    digits(bracket + 16, 2),
                                    digits(bracket + 19, 2))
                            .minusSeconds(offset);
            return utc.getYear() < 1 || utc.getYear() > 9999 ? null : utc.toInstant(ZoneOffset.UTC);
        } catch (DateTimeException e) {
            return null;
        }
    }

    private @Nullable Long size(int start) {
        if (isAt(start, '-')) {
            return null;
        }
        int end = endOfDigits(start);
        int first = start;
        while (first < end - 1 && line.charAt(first) == '0') {
            first++;
        }
        return end - first > MAX_SIZE_DIGITS
                ? Long.MAX_VALUE
                : Long.parseLong(line, first, end, 10);
    }

    /**
     * The first token, but for a line that begins with the server's host and port and has a token
     * more than is usual before its time: there it is the second one.
     */
    private String client(int clientEnd, int identityEnd, int bracket) {
        String first = line.substring(0, clientEnd);
        String second = line.substring(clientEnd + 1, identityEnd);
        boolean isVirtualHost =
                isHostAndPort(first)
                        && !second.equals("-")
                        && isIdentityAndUser(identityEnd + 1, bracket);
        return isVirtualHost ? second : first;
    }

    private boolean isIdentityAndUser(int start, int bracket) {
        int end = bracket > start && line.charAt(bracket - 1) == ' ' ? bracket - 1 : bracket;
        int blank = line.indexOf(' ', start);
        return blank > start && blank < end - 1;
    }

    private static boolean isHostAndPort(String token) {
        int colon = token.lastIndexOf(':');
        if (colon < 1 || colon == token.length() - 1 || token.length() - colon > 6) {
            return false;
        }
        String host = token.substring(0, colon);
        boolean isBracketed = host.startsWith("[") && host.endsWith("]");
        return (isBracketed || host.indexOf(':') == NOT_FOUND)
                && token.substring(colon + 1).chars().allMatch(c -> isDigit((char) c));
    }

    private String whyNot(int userStart) {
        if (line.chars().allMatch(c -> isWhiteSpace((char) c))) {
            return "empty line";
        }
        int bracket = line.indexOf('[');
        if (bracket == NOT_FOUND || line.indexOf(']', bracket) == NOT_FOUND) {
            return "no bracketed time";
        }
        if (userStart == NOT_FOUND || findTime(userStart) == NOT_FOUND) {
            return "no client, or time not dd/Mon/yyyy:HH:MM:SS +hhmm";
        }
        int request = line.indexOf("] \"");
        if (request == NOT_FOUND || line.lastIndexOf('"') <= request + 2) {
            return "no quoted request";
        }
        return "no status or size after the request";
    }

    private int digits(int start, int count) {
        int number = 0;
        for (int i = start; i < start + count; i++) {
            number = 10 * number + line.charAt(i) - '0';
        }
        return number;
    }

    private int endOfDigits(int start) {
        int end = start;
        while (end < line.length() && isDigit(line.charAt(end))) {
            end++;
        }
        return end;
    }

    private boolean isAt(int index, char c) {
        return index < line.length() && line.charAt(index) == c;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    /** White space among the characters of Latin-1, as Unicode has it, and separators 1C to 1F. */
    private static boolean isWhiteSpace(char c) {
        return c == ' '
                || (c >= '\t' && c <= '\r')
                || (c >= 0x1C && c <= 0x1F)
                || c == 0x85
                || c == 0xA0;
    }
}
