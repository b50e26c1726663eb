package io.weir.tools.cli;

import java.time.Duration;
import org.apache.flink.util.TimeUtils;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads durations as the job's configuration has them: {@code 3h}, {@code 90 min}. */
final class DurationConverter implements ITypeConverter<Duration> {

    @Override
    public Duration convert(String text) {
        try {
            if (text.strip().matches("[0-9]+")) {
                // Flink would read milliseconds
                throw new TypeConversionException(
                        "'" + text + "' has no unit: write " + text.strip() + "s, min, h or d");
            }
            Duration duration = TimeUtils.parseDuration(text);
            if (duration.isZero() || duration.isNegative()) {
                throw new TypeConversionException("'" + text + "' must be longer than nothing");
            }
            return duration;
        } catch (IllegalArgumentException | ArithmeticException e) {
            throw new TypeConversionException(
                    "'" + text + "' is not a duration like 3h, 90min or 30s");
        }
    }
}
