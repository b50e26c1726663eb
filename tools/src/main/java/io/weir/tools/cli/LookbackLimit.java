package io.weir.tools.cli;

import io.weir.tools.connect.CommandException;
import io.weir.tools.text.DurationText;
import java.time.Duration;
import java.time.Instant;

/** Durations that are counted back from an instant, to 1970 at most, where Kafka's times begin. */
final class LookbackLimit {

    private LookbackLimit() {}

    /**
     * Returns the duration.
     *
     * @throws CommandException when it begins before 1970
     */
    static Duration require(String option, Duration duration, Instant end) {
        Duration longest = Duration.between(Instant.EPOCH, end);
        if (duration.compareTo(longest) > 0) {
            throw CommandException.wrongUsage(
                    option
                            + ": "
                            + DurationText.of(duration)
                            + " reaches back before 1970, "
                            + longest.toDays()
                            + "d is the most");
        }
        return duration;
    }
}
