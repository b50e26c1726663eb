package io.weir.tools.demo;

import io.weir.tools.connect.CommandException;
import io.weir.tools.text.DurationText;
import java.time.Duration;

/**
 * How a demo elects. The rules are those of the table {@code top_site_config}; checked here too, an
 * error names the option, before anything is started.
 *
 * @param window how much time an election counts
 * @param interval how far elections are apart
 * @param minHits requests in the window that make a site a candidate
 * @param maxEntries how many sites the list holds
 */
public record ElectionRules(Duration window, Duration interval, long minHits, int maxEntries) {

    private static final Duration MAX_WINDOW = Duration.ofDays(31);
    private static final int MAX_INTERVALS = 1_440;
    private static final int MAX_ENTRIES = 1_000_000;

    public ElectionRules {
        require(isWholeMinutes(window), "--election-window", window, "be of whole minutes");
        require(
                window.compareTo(MAX_WINDOW) <= 0,
                "--election-window",
                window,
                "be at most 31 days");
        require(
                !interval.isZero()
                        && !interval.isNegative()
                        && isWholeMinutes(interval)
                        && Duration.ofDays(1).toMillis() % interval.toMillis() == 0,
                "--election-interval",
                interval,
                "be of whole minutes and divide a day");
        require(
                window.compareTo(interval) >= 0,
                "--election-window",
                window,
                "not be shorter than --election-interval, " + DurationText.of(interval));
        require(
                window.compareTo(interval.multipliedBy(MAX_INTERVALS)) <= 0,
                "--election-window",
                window,
                "be at most %d times --election-interval, %s"
                        .formatted(MAX_INTERVALS, DurationText.of(interval)));
        require(minHits >= 1, "--min-hits", minHits, "be 1 or more");
        require(
                1 <= maxEntries && maxEntries <= MAX_ENTRIES,
                "--max-entries",
                maxEntries,
                "be 1 to " + MAX_ENTRIES);
    }

    private static boolean isWholeMinutes(Duration duration) {
        return Duration.ofMinutes(duration.toMinutes()).equals(duration);
    }

    private static void require(boolean holds, String option, Object value, String rule) {
        if (!holds) {
            Object shown = value instanceof Duration duration ? DurationText.of(duration) : value;
            throw CommandException.wrongUsage(option + ": " + shown + " must " + rule);
        }
    }
}
