package io.weir.request;

import java.time.LocalDate;
import java.time.Month;
import java.time.Year;

/**
 * Reads times as RFC 3339 writes them, {@code 2026-03-01T10:00:59.999Z} or with an offset such as
 * {@code +05:30}.
 *
 * <p>The date and the time may be separated by {@code T}, {@code t} or a space, and {@code z} is as
 * good as {@code Z}. A fraction has any number of digits and is cut to milliseconds. A leap second
 * has no epoch milliseconds: it is out of range.
 */
final class Rfc3339 {
    /** The text is not written as RFC 3339 says. */
    static final long NOT_A_TIME = -2;

    /** The text names a day or time that does not exist, or one before 1970 or after 9999. */
    static final long OUT_OF_RANGE = -1;

    /** The last millisecond of the year 9999. */
    static final long LAST_MILLIS = 253_402_300_799_999L;

    private static final int SHORTEST = "1970-01-01T00:00:00Z".length();

    private Rfc3339() {}

    /** Epoch milliseconds, {@link #NOT_A_TIME} or {@link #OUT_OF_RANGE}. */
    static long millis(byte[] text, int from, int to) {
        if (to - from < SHORTEST || !hasSeparators(text, from)) {
            return NOT_A_TIME;
        }
        int century = twoDigits(text, from);
        int yearOfCentury = twoDigits(text, from + 2);
        int month = twoDigits(text, from + 5);
        int day = twoDigits(text, from + 8);
        int hour = twoDigits(text, from + 11);
        int minute = twoDigits(text, from + 14);
        int second = twoDigits(text, from + 17);
        int zone = endOfFraction(text, from + 19, to);
        if ((century | yearOfCentury | month | day | hour | minute | second | zone) < 0) {
            return NOT_A_TIME;
        }
        int offsetMinutes = 0;
        if ((text[zone] | 0x20) == 'z') {
            if (zone + 1 != to) {
                return NOT_A_TIME;
            }
        } else {
            if (zone + 6 != to || (text[zone] != '+' && text[zone] != '-')) {
                return NOT_A_TIME;
            }
            int offsetHour = twoDigits(text, zone + 1);
            int offsetMinute = twoDigits(text, zone + 4);
            if ((offsetHour | offsetMinute) < 0 || text[zone + 3] != ':') {
                return NOT_A_TIME;
            }
            if (offsetHour > 23 || offsetMinute > 59) {
                return OUT_OF_RANGE;
            }
            offsetMinutes = offsetHour * 60 + offsetMinute;
            if (text[zone] == '-') {
                offsetMinutes = -offsetMinutes;
            }
        }
        int year = century * 100 + yearOfCentury;
        if (!isDay(year, month, day) || hour > 23 || minute > 59 || second > 59) {
            return OUT_OF_RANGE;
        }
        long epochDay = LocalDate.of(year, month, day).toEpochDay();
        long minutes = (epochDay * 24 + hour) * 60 + minute - offsetMinutes;
        long millis = (minutes * 60 + second) * 1000 + millisOfFraction(text, from + 19, zone);
        return millis < 0 || millis > LAST_MILLIS ? OUT_OF_RANGE : millis;
    }

    private static boolean hasSeparators(byte[] text, int from) {
        byte middle = text[from + 10];
        return text[from + 4] == '-'
                && text[from + 7] == '-'
                && (middle == 'T' || middle == 't' || middle == ' ')
                && text[from + 13] == ':'
                && text[from + 16] == ':';
    }

    /** Where the offset begins, or -1 where there is no place for one or no digit after a point. */
    private static int endOfFraction(byte[] text, int from, int to) {
        if (text[from] != '.') {
            return from;
        }
        int i = from + 1;
        while (i < to && text[i] >= '0' && text[i] <= '9') {
            i++;
        }
        return i == from + 1 || i == to ? -1 : i;
    }

    private static int millisOfFraction(byte[] text, int from, int to) {
        int millis = 0;
        for (int i = from + 1; i <= from + 3; i++) {
            millis = millis * 10 + (i < to ? text[i] - '0' : 0);
        }
        return millis;
    }

    private static int twoDigits(byte[] text, int at) {
        int tens = text[at] - '0';
        int ones = text[at + 1] - '0';
        return tens < 0 || tens > 9 || ones < 0 || ones > 9 ? -1 : tens * 10 + ones;
    }

    private static boolean isDay(int year, int month, int day) {
        return month >= 1
                && month <= 12
                && day >= 1
                && day <= Month.of(month).length(Year.isLeap(year));
    }
}
