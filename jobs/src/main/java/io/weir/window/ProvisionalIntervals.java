package io.weir.window;

import io.weir.traffic.Grain;
import java.io.Serializable;
import java.time.Duration;

/** How often a row that changed is emitted before it is final, by grain, of the machine's time. */
public record ProvisionalIntervals(Duration minute, Duration hour, Duration day)
        implements Serializable {

    public ProvisionalIntervals {
        check("provisional.minute", minute);
        check("provisional.hour", hour);
        check("provisional.day", day);
    }

    private static void check(String key, Duration interval) {
        if (interval.toMillis() <= 0) {
            throw new IllegalArgumentException(key + " must be at least 1 ms: " + interval);
        }
    }

    long millisOf(Grain grain) {
        return switch (grain) {
            case MINUTE -> minute.toMillis();
            case HOUR -> hour.toMillis();
            case DAY -> day.toMillis();
        };
    }
}
