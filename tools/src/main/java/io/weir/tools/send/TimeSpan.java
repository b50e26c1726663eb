package io.weir.tools.send;

import java.time.Instant;

/** The time from one instant to another, both included. */
public record TimeSpan(Instant first, Instant last) {

    public TimeSpan {
        if (first.isAfter(last)) {
            throw new IllegalArgumentException(
                    "a time span ends before it begins: " + first + " to " + last);
        }
    }
}
