package io.weir.tools.accesslog;

import io.weir.tools.accesslog.TimeNumber.Unit;
import org.jspecify.annotations.Nullable;

/**
 * Where lines have their response times: said for the number at the end, otherwise read only where
 * the line itself says what it is (see {@link ResponseTimeForm}). Each line is judged alone, so a
 * log is read in the same way wherever one begins. What is in quotation marks is never taken, since
 * clients choose it, but for the last field where that is said.
 */
public enum ResponseTimeRule {
    AUTO("auto", null),
    OFF("off", null),
    LAST_MICROS("last:us", Unit.MICROS),
    LAST_MILLIS("last:ms", Unit.MILLIS),
    LAST_SECONDS("last:s", Unit.SECONDS);

    private final String typed;
    private final @Nullable Unit unit;

    ResponseTimeRule(String typed, @Nullable Unit unit) {
        this.typed = typed;
        this.unit = unit;
    }

    /** As it is typed on the command line. */
    @Override
    public String toString() {
        return typed;
    }

    /**
     * The response time of a line.
     *
     * @param between where the number between time and request is; empty where there is none
     * @param size where the size has ended, and the fields begin that a format adds
     */
    ResponseTime of(LineText line, Span between, int size) {
        if (this == OFF) {
            return ResponseTime.NONE;
        }
        TimeNumber first = TimeNumber.of(line, between.from(), between.to());
        if (first != null) {
            return first.isBareWhole()
                    ? ResponseTime.of(ResponseTimeForm.BEFORE_REQUEST, first.micros(Unit.MICROS))
                    : ResponseTime.of(
                            first.unit() == null
                                    ? ResponseTimeForm.DECIMALS
                                    : ResponseTimeForm.WITH_UNIT,
                            first.micros(Unit.SECONDS));
        }
        return new LineTail(line, unit).read(size);
    }

    /** A part of a line. */
    record Span(int from, int to) {}
}
