package io.weir.tools.text;

import java.time.Duration;

/** A duration as it is typed: {@code 2h}, {@code 90min}. */
public final class DurationText {

    private DurationText() {}

    /** In the largest unit of which it is a whole number. */
    public static String of(Duration duration) {
        if (duration.toMillisPart() > 0) {
            return duration.toMillis() + "ms";
        }
        if (duration.toSecondsPart() > 0) {
            return duration.toSeconds() + "s";
        }
        if (duration.toMinutesPart() > 0) {
            return duration.toMinutes() + "min";
        }
        return duration.toHoursPart() > 0 || duration.toDays() == 1
                ? duration.toHours() + "h"
                : duration.toDays() + "d";
    }
}
