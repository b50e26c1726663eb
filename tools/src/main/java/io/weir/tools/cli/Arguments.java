package io.weir.tools.cli;

import io.weir.tools.connect.CommandException;
import io.weir.tools.text.DurationText;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.function.Function;
import org.apache.flink.util.TimeUtils;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** How arguments are read, and in which limits. */
final class Arguments {

    static final int LAST_PORT = 65_535;

    private Arguments() {}

    /** Reads durations as the job's configuration has them: {@code 3h}, {@code 90 min}. */
    static Duration duration(String text) {
        try {
            if (text.strip().matches("[0-9]+")) {
                // Flink would read milliseconds
                throw new TypeConversionException(
                        "'%s' has no unit: write %ss, min, h or d".formatted(text, text.strip()));
            }
            Duration duration = TimeUtils.parseDuration(text);
            if (duration.isZero() || duration.isNegative()) {
                throw new TypeConversionException("'" + text + "' must be longer than 0");
            }
            return duration;
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new TypeConversionException(
                    "'" + text + "' is not a duration like 3h, 90min or 30s");
        }
    }

    /** Reads an instant, or a date, which means its first instant in UTC. */
    static OffsetDateTime time(String text) {
        try {
            return text.contains("T")
                    ? Instant.parse(text).atOffset(ZoneOffset.UTC)
                    : LocalDate.parse(text).atTime(0, 0).atOffset(ZoneOffset.UTC);
        } catch (DateTimeParseException e) {
            throw new TypeConversionException(
                    "'%s' is neither a date like 2026-11-20 nor an instant like 2026-11-20T10:00:00Z"
                            .formatted(text));
        }
    }

    /**
     * Reads whole numbers.
     *
     * @param parse returns the number or throws {@link NumberFormatException}
     */
    static <T> ITypeConverter<T> number(Function<String, T> parse) {
        return text -> {
            try {
                return parse.apply(text);
            } catch (NumberFormatException e) {
                boolean isNumber = text.matches("[+-]?\\d+");
                throw new TypeConversionException(
                        "'"
                                + text
                                + (isNumber ? "' is too large a" : "' is not a whole")
                                + " number");
            }
        };
    }

    /** Checks that a number is not less than the least. */
    static void require(String option, long value, long least) {
        require(option, value, least, Long.MAX_VALUE);
    }

    /**
     * Checks a number.
     *
     * @throws CommandException when it is less than the least or greater than the greatest
     */
    static void require(String option, long value, long least, long greatest) {
        if (value < least || value > greatest) {
            String end =
                    greatest == Long.MAX_VALUE
                            ? "or more"
                            : String.format(Locale.ROOT, "to %,d", greatest);
            throw CommandException.wrongUsage(
                    "%s: %d must be %d %s".formatted(option, value, least, end));
        }
    }

    /**
     * Checks a duration that is counted back from an instant: Kafka's times begin in 1970.
     *
     * @throws CommandException when it reaches back further
     */
    static Duration requireSince1970(String option, Duration duration, Instant end) {
        Duration longest = Duration.between(Instant.EPOCH, end);
        if (duration.compareTo(longest) > 0) {
            throw CommandException.wrongUsage(
                    "%s: %s reaches back before 1970, it can be at most %dd"
                            .formatted(option, DurationText.of(duration), longest.toDays()));
        }
        return duration;
    }
}
