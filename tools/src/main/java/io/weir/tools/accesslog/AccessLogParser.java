package io.weir.tools.accesslog;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.ResolverStyle;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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
 * line takes grows with its length and no faster, whatever is in it: no pattern here goes back over
 * what it has read, or deeper into the stack.
 */
final class AccessLogParser {

    /** White space among the characters of Latin-1, as Unicode has it, and separators 1C to 1F. */
    private static final String SPACE = "\\t-\\r\\x1C-\\x20\\x85\\xA0";

    private static final String TIME =
            "\\[(?<time>\\d\\d/[A-Z][a-z]{2}/\\d{4}(:\\d\\d){3}) "
                    + "(?<sign>[+-])(?<zoneHours>\\d\\d)(?<zoneMinutes>\\d\\d)\\] ";
    private static final String STATUS_AND_SIZE = "\" (?<status>\\d{3}) (?<size>-|\\d+)(?: |\\z)";

    private static final Pattern BLANK_LINE = Pattern.compile("[" + SPACE + "]*");
    private static final Pattern CLIENT_AND_IDENTITY =
            Pattern.compile("([^%1$s]+) ([^%1$s]+) ".formatted(SPACE));
    private static final Pattern ANY_TIME = Pattern.compile(TIME);

    /** Possessive, for which Java takes no stack. */
    private static final Pattern REQUEST =
            Pattern.compile(
                    TIME + "\"(?<request>(?:[^\"\\\\]+|\\\\.)*+)" + STATUS_AND_SIZE,
                    Pattern.DOTALL);

    /** From the first time on: what no quote after it can end, no quote after a later one can. */
    private static final Pattern REQUEST_WITH_RAW_QUOTES =
            Pattern.compile(
                    "(?>.*?" + TIME + "\")(?<request>.*?)" + STATUS_AND_SIZE, Pattern.DOTALL);

    private static final Pattern HOST_AND_PORT = Pattern.compile("(\\[.*]|[^:]+):\\d{1,5}");
    private static final Pattern IDENTITY_AND_USER =
            Pattern.compile("[^ ]+ (.+ |.*[^ ])", Pattern.DOTALL);
    private static final DateTimeFormatter TIME_FORMAT =
            DateTimeFormatter.ofPattern("dd/MMM/uuuu:HH:mm:ss", Locale.ENGLISH)
                    .withResolverStyle(ResolverStyle.STRICT);

    private AccessLogParser() {}

    /** Reads a line, given without its line feed; carriage returns at its end do not count. */
    static LogLine parse(byte[] bytes) {
        int length = bytes.length;
        while (length > 0 && bytes[length - 1] == '\r') {
            length--;
        }
        String line = new String(bytes, 0, length, ISO_8859_1);
        Matcher start = CLIENT_AND_IDENTITY.matcher(line);
        if (!start.lookingAt()) {
            return new UnparsableLine(whyNot(line, length));
        }
        Matcher request = REQUEST.matcher(line);
        if (!request.find(start.end())) {
            request = REQUEST_WITH_RAW_QUOTES.matcher(line).region(start.end(), length);
            if (!request.lookingAt()) {
                return new UnparsableLine(whyNot(line, start.end()));
            }
        }
        LocalDateTime time = time(request);
        if (time == null) {
            return new UnparsableLine("time is not a real date");
        }
        int status = Integer.parseInt(request.group("status"));
        if (status < 100 || status > 599) {
            return new UnparsableLine("status outside 100-599");
        }
        return new ParsedLine(
                client(start, line.substring(start.end(), request.start("time") - 1)),
                time.toInstant(ZoneOffset.UTC),
                request.group("request"),
                status,
                size(request.group("size")));
    }

    /** In UTC; null when there is no such time. A zone may be further off than Java's can. */
    private static @Nullable LocalDateTime time(Matcher request) {
        int zoneHours = Integer.parseInt(request.group("zoneHours"));
        int zoneMinutes = Integer.parseInt(request.group("zoneMinutes"));
        if (zoneHours > 23 || zoneMinutes > 59) {
            return null;
        }
        int ahead = (60 * zoneHours + zoneMinutes) * (request.group("sign").equals("-") ? -1 : 1);
        try {
            LocalDateTime utc =
                    LocalDateTime.parse(request.group("time"), TIME_FORMAT).minusMinutes(ahead);
            return utc.getYear() < 1 || utc.getYear() > 9999 ? null : utc;
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static @Nullable Long size(String text) {
        if (text.equals("-")) {
            return null;
        }
        try {
            return Long.valueOf(text);
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }

    /**
     * The first token, but for a line that begins with the server's host and port and has a token
     * more than is usual before its time: there it is the second one.
     */
    private static String client(Matcher start, String beforeTime) {
        String first = start.group(1);
        String second = start.group(2);
        boolean isVirtualHost =
                HOST_AND_PORT.matcher(first).matches()
                        && !second.equals("-")
                        && IDENTITY_AND_USER.matcher(beforeTime).matches();
        return isVirtualHost ? second : first;
    }

    /**
     * @param userStart where client and identity have ended: the line's end when it has none
     */
    private static String whyNot(String line, int userStart) {
        if (BLANK_LINE.matcher(line).matches()) {
            return "empty line";
        }
        int bracket = line.indexOf('[');
        if (bracket < 0 || line.indexOf(']', bracket) < 0) {
            return "no bracketed time";
        }
        if (!ANY_TIME.matcher(line).find(userStart)) {
            return "no client, or time not dd/Mon/yyyy:HH:MM:SS +hhmm";
        }
        int request = line.indexOf("] \"");
        if (request < 0 || line.lastIndexOf('"') <= request + 2) {
            return "no quoted request";
        }
        return "no status or size after the request";
    }
}
