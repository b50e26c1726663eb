package io.weir.request;

import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.OptionalLong;

/**
 * Reads the time stamps of RFC 3339: {@code 2026-01-31T23:59:59.123+01:00}. Digits after the
 * millisecond are cut off. A leap second (:60) is no time of the epoch's and is refused.
 */
final class EventTimes {

    private static final int SHORTEST = "2026-01-31T23:59:59Z".length();

    private EventTimes() {}

    /** Epoch milliseconds; empty when the text is no such time. */
    static OptionalLong parse(String text) {
        if (text.length() < SHORTEST
                || text.charAt(4) != '-'
                || text.charAt(7) != '-'
                || "Tt ".indexOf(text.charAt(10)) < 0
                || text.charAt(13) != ':'
                || text.charAt(16) != ':') {
            return OptionalLong.empty();
        }
        try {
            LocalDateTime local =
                    LocalDateTime.of(
                            number(text, 0, 4),
                            number(text, 5, 7),
                            number(text, 8, 10),
                            number(text, 11, 13),
                            number(text, 14, 16),
                            number(text, 17, 19));
            int zone = endOfFraction(text);
            return OptionalLong.of(
                    local.toEpochSecond(offset(text, zone)) * 1000 + millis(text, zone));
        } catch (DateTimeException | NumberFormatException e) {
            return OptionalLong.empty();
        }
    }

    private static int endOfFraction(String text) {
        int end = 19;
        if (text.charAt(end) == '.') {
            end++;
            while (end < text.length() && isDigit(text.charAt(end))) {
                end++;
            }
            if (end == 20) {
                throw new NumberFormatException("a fraction without digits");
            }
        }
        return end;
    }

    private static int millis(String text, int endOfFraction) {
        int millis = 0;
        for (int at = 20, weight = 100; at < endOfFraction && weight > 0; at++, weight /= 10) {
            millis += weight * (text.charAt(at) - '0');
        }
        return millis;
    }

    private static ZoneOffset offset(String text, int from) {
        if (text.length() == from + 1 && "Zz".indexOf(text.charAt(from)) >= 0) {
            return ZoneOffset.UTC;
        }
        if (text.length() != from + 6 || text.charAt(from + 3) != ':') {
            throw new NumberFormatException("no offset");
        }
        int sign =
                switch (text.charAt(from)) {
                    case '+' -> 1;
                    case '-' -> -1;
                    default -> throw new NumberFormatException("no sign");
                };
        int hours = number(text, from + 1, from + 3);
        int minutes = number(text, from + 4, from + 6);
        if (hours > 23 || minutes > 59) {
            throw new NumberFormatException("no such offset");
        }
        // beyond 18 hours no zone has ever been, and java.time refuses it
        return ZoneOffset.ofHoursMinutes(sign * hours, sign * minutes);
    }

    private static int number(String text, int from, int to) {
        int number = 0;
        for (int at = from; at < to; at++) {
            char digit = text.charAt(at);
            if (!isDigit(digit)) {
                throw new NumberFormatException("no digit");
            }
            number = number * 10 + digit - '0';
        }
        return number;
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }
}
