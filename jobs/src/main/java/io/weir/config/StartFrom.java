package io.weir.config;

import java.time.DateTimeException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The option {@code kafka.start-from}; what it comes to is {@code intake.StartingPoint}.
 *
 * @param instant the event time to begin at when the position is INSTANT, else null
 */
public record StartFrom(Position position, @Nullable Instant instant) {

    /** The kinds of position. */
    public enum Position {
        /** The beginning of the current UTC day. */
        DAY,
        /** What the consumer group committed; the earliest record where it committed nothing. */
        COMMITTED,
        EARLIEST,
        LATEST,
        INSTANT
    }

    /**
     * @throws IllegalArgumentException saying what would be accepted
     */
    static StartFrom parse(String text) {
        return switch (text) {
            case "day" -> new StartFrom(Position.DAY, null);
            case "committed" -> new StartFrom(Position.COMMITTED, null);
            case "earliest" -> new StartFrom(Position.EARLIEST, null);
            case "latest" -> new StartFrom(Position.LATEST, null);
            default -> new StartFrom(Position.INSTANT, instant(text));
        };
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw new IllegalArgumentException(
                    "use day, committed, earliest, latest or an instant like 2026-01-31T00:00:00Z",
                    e);
        }
    }
}
