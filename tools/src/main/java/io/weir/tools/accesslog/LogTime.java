package io.weir.tools.accesslog;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A time in brackets: {@code [25/Oct/2026:12:00:00 +0000]}, as Apache and nginx write it, or {@code
 * [2026-10-25T12:00:00+00:00]}. Either may have a fraction of the second, of which milliseconds
 * count, and a colon in its zone or not; ISO 8601 may say {@code Z}.
 */
final class LogTime {

    private static final List<String> MONTHS =
            List.of(
                    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov",
                    "Dec");
    private static final String COMMON = "00/Aaa/0000:00:00:00";
    private static final String ISO = "0000-00-00T00:00:00";
    private static final int YEARS = 9_999;

    private final LineText line;
    private final int start;
    private final boolean isIso;
    private final int zone;
    private final int end;

    private LogTime(LineText line, int start, boolean isIso, int zone, int end) {
        this.line = line;
        this.start = start;
        this.isIso = isIso;
        this.zone = zone;
        this.end = end;
    }

    /** What is written like a time in the bracket that opens here; null if it is not. */
    static @Nullable LogTime at(LineText line, int bracket) {
        int start = bracket + 1;
        boolean isIso = isLike(line, start, ISO);
        if (!isIso && !isLike(line, start, COMMON)) {
            return null;
        }
        int zone = afterFraction(line, start + (isIso ? ISO : COMMON).length());
        if (!isIso) {
            if (!line.has(zone, ' ')) {
                return null;
            }
            zone++;
        }
        int end = afterZone(line, zone, isIso);
        return line.has(end, ']') ? new LogTime(line, start, isIso, zone, end + 1) : null;
    }

    /** Where an ISO time without brackets that begins here ends, or -1. */
    static int endOfIso(LineText line, int start) {
        return isLike(line, start, ISO)
                ? afterZone(line, afterFraction(line, start + ISO.length()), true)
                : -1;
    }

    /** Whether this is how a month's name begins in English. */
    static boolean isMonth(LineText line, int at) {
        return at + 3 <= line.length() && MONTHS.contains(line.text(at, at + 3));
    }

    /** After the closing bracket. */
    int end() {
        return end;
    }

    /** The instant, or null when there is no such time in the years 1 to 9999. */
    @Nullable Instant instant() {
        int time = start + (isIso ? 11 : 12);
        int hour = digits(time, 2);
        int minute = digits(time + 3, 2);
        int second = digits(time + 6, 2);
        int zoneMinutes = zoneMinutes();
        if (hour > 23 || minute > 59 || second > 59 || zoneMinutes == Integer.MAX_VALUE) {
            return null;
        }
        try {
            LocalDate day =
                    isIso
                            ? LocalDate.of(
                                    digits(start, 4), digits(start + 5, 2), digits(start + 8, 2))
                            : LocalDate.of(digits(start + 7, 4), month(), digits(start, 2));
            long minutes = (day.toEpochDay() * 24 + hour) * 60 + minute - zoneMinutes;
            long year = LocalDate.ofEpochDay(Math.floorDiv(minutes, 24 * 60)).getYear();
            return year < 1 || year > YEARS
                    ? null
                    : Instant.ofEpochSecond(minutes * 60 + second, millis(time + 8) * 1_000_000L);
        } catch (DateTimeException e) {
            return null;
        }
    }

    private int month() {
        return MONTHS.indexOf(line.text(start + 3, start + 6)) + 1;
    }

    /** How far the zone is ahead of UTC, {@link Integer#MAX_VALUE} when there is none so far. */
    private int zoneMinutes() {
        if (line.has(zone, 'Z')) {
            return 0;
        }
        int hours = digits(zone + 1, 2);
        int minutes = digits(zone + (line.has(zone + 3, ':') ? 4 : 3), 2);
        if (hours > 23 || minutes > 59) {
            return Integer.MAX_VALUE;
        }
        return (60 * hours + minutes) * (line.has(zone, '-') ? -1 : 1);
    }

    private int millis(int point) {
        int millis = 0;
        for (int i = point + 1; i <= point + 3; i++) {
            boolean isOfFraction = line.has(point, '.') && i < line.afterDigits(point + 1);
            millis = millis * 10 + (isOfFraction ? digits(i, 1) : 0);
        }
        return millis;
    }

    private int digits(int from, int count) {
        return (int) line.number(from, from + count);
    }

    private static int afterFraction(LineText line, int at) {
        return line.has(at, '.') && line.isDigit(at + 1) ? line.afterDigits(at + 1) : at;
    }

    /** After {@code +hhmm}, {@code +hh:mm} or {@code Z}; -1 if it is none of these. */
    private static int afterZone(LineText line, int at, boolean isIso) {
        if (isIso && line.has(at, 'Z')) {
            return at + 1;
        }
        if (!line.has(at, '+') && !line.has(at, '-')) {
            return -1;
        }
        int minutes = line.has(at + 3, ':') ? at + 4 : at + 3;
        return isLike(line, at + 1, "00") && isLike(line, minutes, "00") ? minutes + 2 : -1;
    }

    /**
     * Whether there is a digit for each 0, a letter for each letter but T, and the rest as it is.
     */
    private static boolean isLike(LineText line, int start, String pattern) {
        if (start + pattern.length() > line.length()) {
            return false;
        }
        for (int i = 0; i < pattern.length(); i++) {
            char expected = pattern.charAt(i);
            char found = (char) (line.bytes()[start + i] & 0xff);
            boolean isAsExpected =
                    switch (expected) {
                        case '0' -> found >= '0' && found <= '9';
                        case 'A' -> found >= 'A' && found <= 'Z';
                        case 'a' -> found >= 'a' && found <= 'z';
                        default -> found == expected;
                    };
            if (!isAsExpected) {
                return false;
            }
        }
        return true;
    }
}
