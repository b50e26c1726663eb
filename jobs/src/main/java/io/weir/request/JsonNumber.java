package io.weir.request;

/**
 * Converts the text of JSON numbers exactly and in time linear in their length, whatever exponent
 * they have: {@code 1e999999999} is as cheap as {@code 1}.
 */
final class JsonNumber {
    /** The number is below zero or too large. */
    static final long OUT_OF_RANGE = -1;

    private static final int MAX_DIGITS = 18;
    private static final long MAX_EXPONENT = 1_000_000_000;
    private static final long[] POWERS_OF_TEN = powersOfTen();

    private JsonNumber() {}

    /** The value of an integer from 0 to 10^18 - 1, or {@link #OUT_OF_RANGE}. */
    static long integer(byte[] text, int from, int to) {
        boolean isNegative = text[from] == '-';
        int first = isNegative ? from + 1 : from;
        if (to - first > MAX_DIGITS) {
            return OUT_OF_RANGE;
        }
        long value = 0;
        for (int i = first; i < to; i++) {
            value = value * 10 + (text[i] - '0');
        }
        return isNegative && value != 0 ? OUT_OF_RANGE : value;
    }

    /**
     * A thousand times the number, rounded half up: milliseconds to microseconds.
     *
     * @param max the largest result; a number is compared with it before it is rounded
     * @return 0..max, or {@link #OUT_OF_RANGE}
     */
    static long thousandfold(byte[] text, int from, int to, long max) {
        int i = from;
        boolean isNegative = text[i] == '-';
        if (isNegative) {
            i++;
        }
        // The number is (digits + what the dropped ones add, less than 1) * 10^exponent.
        long digits = 0;
        int digitCount = 0;
        boolean isMore = false;
        long exponent = 0;
        boolean isFraction = false;
        for (; i < to && (text[i] | 0x20) != 'e'; i++) {
            if (text[i] == '.') {
                isFraction = true;
                continue;
            }
            int digit = text[i] - '0';
            if (digitCount < MAX_DIGITS) {
                digits = digits * 10 + digit;
                digitCount += digits == 0 ? 0 : 1;
                exponent -= isFraction ? 1 : 0;
            } else {
                isMore |= digit != 0;
                exponent += isFraction ? 0 : 1;
            }
        }
        if (digits == 0) {
            return 0;
        }
        if (isNegative) {
            return OUT_OF_RANGE;
        }
        if (i < to) {
            exponent += exponent(text, i + 1, to);
        }
        return scale(digits, isMore, exponent + 3, max);
    }

    /** Rounds {@code digits * 10^exponent}, where {@code isMore} is set for a little more. */
    private static long scale(long digits, boolean isMore, long exponent, long max) {
        if (exponent >= 0) {
            if (exponent > MAX_DIGITS || digits > max / POWERS_OF_TEN[(int) exponent]) {
                return OUT_OF_RANGE;
            }
            long whole = digits * POWERS_OF_TEN[(int) exponent];
            return whole == max && isMore ? OUT_OF_RANGE : whole;
        }
        if (exponent < -MAX_DIGITS) {
            return 0;
        }
        long unit = POWERS_OF_TEN[(int) -exponent];
        long whole = digits / unit;
        long rest = digits % unit;
        if (whole > max || (whole == max && (rest > 0 || isMore))) {
            return OUT_OF_RANGE;
        }
        return rest >= unit / 2 ? whole + 1 : whole;
    }

    private static long exponent(byte[] text, int from, int to) {
        boolean isNegative = text[from] == '-';
        long value = 0;
        for (int i = text[from] == '-' || text[from] == '+' ? from + 1 : from; i < to; i++) {
            value = Math.min(value * 10 + (text[i] - '0'), MAX_EXPONENT);
        }
        return isNegative ? -value : value;
    }

    private static long[] powersOfTen() {
        long[] powers = new long[MAX_DIGITS + 1];
        powers[0] = 1;
        for (int i = 1; i <= MAX_DIGITS; i++) {
            powers[i] = powers[i - 1] * 10;
        }
        return powers;
    }
}
