package io.weir.tools.accesslog;

import java.math.BigDecimal;
import java.math.RoundingMode;
import org.jspecify.annotations.Nullable;

/**
 * A number that may be a response time: {@code 123}, {@code 0.123}, {@code 12ms}.
 *
 * @param decimals how many there are after the point
 * @param unit the one that is written, null where none is
 */
record TimeNumber(BigDecimal number, int decimals, @Nullable Unit unit) {

    /** Units of time, by their length in nanoseconds. */
    enum Unit {
        NANOS(1),
        MICROS(1_000),
        MILLIS(1_000_000),
        SECONDS(1_000_000_000);

        private final BigDecimal nanos;

        Unit(long nanos) {
            this.nanos = BigDecimal.valueOf(nanos);
        }

        static @Nullable Unit of(String text) {
            return switch (text) {
                case "ns" -> NANOS;
                case "us", "\u00b5s", "\u00c2\u00b5s" -> MICROS; // in Latin-1, and UTF-8 read as it
                case "ms" -> MILLIS;
                case "s" -> SECONDS;
                default -> null;
            };
        }
    }

    private static final int MAX_LENGTH = 30;
    private static final long MAX_MICROS = 86_400_000_000L;
    private static final BigDecimal NANOS_A_MICRO = BigDecimal.valueOf(1_000);

    /** What is written there, null if it is no such number. */
    static @Nullable TimeNumber of(LineText line, int from, int to) {
        if (!line.isDigit(from) || to - from > MAX_LENGTH) {
            return null;
        }
        int point = line.afterDigits(from);
        int end = line.has(point, '.') ? line.afterDigits(point + 1) : point;
        if (end == point + 1 || end > to) {
            return null;
        }
        Unit unit = Unit.of(line.text(end, to));
        return end < to && unit == null
                ? null
                : new TimeNumber(
                        new BigDecimal(line.text(from, end)), Math.max(0, end - point - 1), unit);
    }

    /**
     * What servers took that were asked one after the other, as nginx writes it: {@code 0.100,
     * 0.200 : 0.300}. The sum of the numbers, of one unit; {@code -} is none. Null if anything else
     * is written there.
     */
    static @Nullable TimeNumber sumOf(LineText line, int from, int to) {
        TimeNumber sum = of(line, from, to);
        if (sum != null || !line.isDigit(from) && !line.has(from, '-')) {
            return sum;
        }
        int at = from;
        while (at < to) {
            int end = endOfPart(line, at, to);
            int start = line.afterBlanks(at);
            int last = end;
            while (last > start && line.isBlank(last - 1)) {
                last--;
            }
            if (last > start && !(last == start + 1 && line.has(start, '-'))) {
                TimeNumber next = of(line, start, last);
                if (next == null || sum != null && sum.unit != next.unit) {
                    return null;
                }
                sum = sum == null ? next : sum.plus(next);
            }
            at = end + 1;
        }
        return sum;
    }

    private static int endOfPart(LineText line, int from, int to) {
        int at = from;
        while (at < to && !line.has(at, ',') && !(line.has(at, ':') && line.isBlank(at - 1))) {
            at++;
        }
        return at;
    }

    private TimeNumber plus(TimeNumber other) {
        return new TimeNumber(number.add(other.number), Math.max(decimals, other.decimals), unit);
    }

    boolean isBareWhole() {
        return decimals == 0 && unit == null;
    }

    /** In microseconds, or -1 if it is more than a day, which no response time of an event is. */
    long micros(Unit assumed) {
        long micros =
                number.multiply((unit == null ? assumed : unit).nanos)
                        .divide(NANOS_A_MICRO, 0, RoundingMode.HALF_UP)
                        .min(BigDecimal.valueOf(Long.MAX_VALUE))
                        .longValueExact();
        return micros > MAX_MICROS ? -1 : micros;
    }
}
