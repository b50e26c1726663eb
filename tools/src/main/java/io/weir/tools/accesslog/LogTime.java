package io.weir.tools.accesslog;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A time in brackets: {@code [25/Oct/2026:12:00:00 +0000]}, as Apache and nginx write it, or {@code
 * [2026-10-25T12:00:00+00:00]}. Either may have a fraction of the second, of which milliseconds
 * count, and a colon in its zone or not. ISO 8601 may say {@code Z}, and have blanks for the {@code
 * T} and before the zone. A leap second counts as the second before it.
 */
final class LogTime {

    private static final byte[][] MONTHS =
            Stream.of(
                            "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct",
                            "nov", "dec")
                    .map(month -> month.getBytes(US_ASCII))
                    .toArray(byte[][]::new);

    private static final int LETTERS_OF_MONTH = 3;
    private static final int MINUTES_A_DAY = 24 * 60;
    private static final String COMMON = "00/aaa/0000:00:00:00";
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
        LogTime time = bare(line, bracket + 1);
        return time != null && line.has(time.end, ']')
                ? new LogTime(line, time.start, time.isIso, time.zone, time.end + 1)
                : null;
    }

    /** What is written like a time without brackets and begins here; null if it is not. */
    static @Nullable LogTime bare(LineText line, int start) {
        boolean isIso = isLike(line, start, ISO);
        if (!isIso && !isLike(line, start, COMMON)) {
            return null;
        }
        int zone = afterFraction(line, start + (isIso ? ISO : COMMON).length());
        if (line.has(zone, ' ')) {
            zone++;
        } else if (!isIso) {
            return null;
        }
        int end = afterZone(line, zone, isIso);
        return end < 0 ? null : new LogTime(line, start, isIso, zone, end);
    }

    /** Where an ISO time without brackets that begins here ends, or -1. */
    static int endOfIso(LineText line, int start) {
        return isLike(line, start, ISO)
                ? afterZone(line, afterFraction(line, start + ISO.length()), true)
                : -1;
    }

    /** Whether a date and a time of ISO 8601 begin here. */
    static boolean isDateAndTime(LineText line, int at) {
        return isLike(line, at, ISO);
    }

    /** Whether this is how a month's name begins in English. */
    static boolean isMonth(LineText line, int at) {
        return month(line, at) > 0;
    }

    /** The month that begins here in English, from 1; 0 where none does. */
    static int month(LineText line, int at) {
        if (at + LETTERS_OF_MONTH > line.length()) {
            return 0;
        }
        byte[] bytes = line.bytes();
        int month = 0;
        while (month < MONTHS.length
                && !(isLetter(bytes[at], MONTHS[month][0])
                        && isLetter(bytes[at + 1], MONTHS[month][1])
                        && isLetter(bytes[at + 2], MONTHS[month][2]))) {
            month++;
        }
        return month < MONTHS.length ? month + 1 : 0;
    }

    /** Whether it is this small letter, or the capital one. */
    private static boolean isLetter(byte found, byte small) {
        return (found | ' ') == small;
    }

    /** After the closing bracket, or after the zone of one without brackets. */
    int end() {
        return end;
    }

    /** The instant, or null when there is no such time in the years 1 to 9999. */
    @Nullable Instant instant() {
        int time = start + (isIso ? 11 : 12);
        return instant(
                digits(isIso ? start : start + 7, 4),
                isIso ? digits(start + 5, 2) : month(line, start + 3),
                digits(isIso ? start + 8 : start, 2),
                digits(time, 2),
                digits(time + 3, 2),
                digits(time + 6, 2),
                millis(time + 8),
                zoneMinutes(line, zone));
    }

    /**
     * The instant, or null when there is no such time in the years 1 to 9999.
     *
     * @param zoneMinutes how far its zone is ahead of UTC
     */
    static @Nullable Instant instant(
            int year,
            int month,
            int day,
            int hour,
            int minute,
            int second,
            int millis,
            int zoneMinutes) {
        if (hour > 23 || minute > 59 || second > 60 || zoneMinutes == Integer.MAX_VALUE) {
            return null;
        }
        try {
            long epochDay = LocalDate.of(year, month, day).toEpochDay();
            long minutes = (epochDay * 24 + hour) * 60 + minute - zoneMinutes;
            long utcYear = LocalDate.ofEpochDay(Math.floorDiv(minutes, MINUTES_A_DAY)).getYear();
            boolean isLeap = second == 60;
            boolean endsDay = Math.floorMod(minutes, MINUTES_A_DAY) == MINUTES_A_DAY - 1;
            return utcYear < 1 || utcYear > YEARS || isLeap && !endsDay
                    ? null
                    : Instant.ofEpochSecond(
                            minutes * 60 + (isLeap ? 59 : second), millis * 1_000_000L);
        } catch (DateTimeException e) {
            return null;
        }
    }

    /** How far the zone is ahead of UTC, {@link Integer#MAX_VALUE} when there is none so far. */
    static int zoneMinutes(LineText line, int zone) {
        if (line.has(zone, 'Z')) {
            return 0;
        }
        int colon = line.has(zone + 3, ':') ? 1 : 0;
        int hours = (int) line.number(zone + 1, zone + 3);
        int minutes = (int) line.number(zone + 3 + colon, zone + 5 + colon);
        if (hours > 23 || minutes > 59) {
            return Integer.MAX_VALUE;
        }
        return (60 * hours + minutes) * (line.has(zone, '-') ? -1 : 1);
    }

    private int millis(int point) {
        int millis = 0;
        for (int i = point + 1; i <= point + 3; i++) {
            boolean isOfFraction = isPoint(line, point) && i < line.afterDigits(point + 1);
            millis = millis * 10 + (isOfFraction ? digits(i, 1) : 0);
        }
        return millis;
    }

    private int digits(int from, int count) {
        return (int) line.number(from, from + count);
    }

    private static int afterFraction(LineText line, int at) {
        return isPoint(line, at) && line.isDigit(at + 1) ? line.afterDigits(at + 1) : at;
    }

    private static boolean isPoint(LineText line, int at) {
        return line.has(at, '.') || line.has(at, ',');
    }

    /** After {@code +hhmm}, {@code +hh:mm} or {@code Z}; -1 if it is none of these. */
    static int afterZone(LineText line, int at, boolean isIso) {
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
     * Whether there is a digit for each 0, a letter for each a, T or a blank for T, and the rest as
     * it is.
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
                        case 'a' -> found >= 'a' && found <= 'z' || found >= 'A' && found <= 'Z';
                        case 'T' -> found == 'T' || found == ' ';
                        default -> found == expected;
                    };
            if (!isAsExpected) {
                return false;
            }
        }
        return true;
    }
}
