package io.weir.config;

import io.weir.request.HashKey;
import io.weir.request.RequestIdentity;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How requests that were sent more than once are found.
 *
 * @param identity what tells requests apart; null where duplicates count
 * @param keep how long after its minute's end an id is known
 */
public record DeduplicateOptions(@Nullable RequestIdentity identity, Duration keep) {

    private static final Duration LONGEST_KEEP = Duration.ofDays(100);

    static DeduplicateOptions of(By by, Duration keep, @Nullable HashKey hashKey) {
        if (by == By.NONE) {
            return new DeduplicateOptions(null, keep);
        }
        return new DeduplicateOptions(new RequestIdentity(hashKey, by == By.REQUEST_ID), keep);
    }

    public boolean isOn() {
        return identity != null;
    }

    /**
     * Checks that ids are known for as long as their minutes can change.
     *
     * @throws IllegalArgumentException naming the key, the value and the limits
     */
    void check(Duration settle) {
        if (isOn() && (keep.compareTo(settle) < 0 || keep.compareTo(LONGEST_KEEP) > 0)) {
            throw new IllegalArgumentException(
                    """
                    deduplicate.keep must be at least event-time.allowed-lateness + \
                    event-time.max-ahead + 1 min, here %s, and at most %s, but is %s"""
                            .formatted(settle, LONGEST_KEEP, keep));
        }
    }

    /** What copies of a request have in common. */
    enum By {
        NONE,
        LETTER,
        REQUEST_ID;

        static By parse(String text) {
            return switch (text) {
                case "none" -> NONE;
                case "letter" -> LETTER;
                case "request-id" -> REQUEST_ID;
                default -> throw new IllegalArgumentException("use none, letter or request-id");
            };
        }
    }
}
