package io.weir.tools.recount;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * A range of event time.
 *
 * @param fromMillis its start, a whole minute in epoch milliseconds
 * @param toMillis its end, which is not part of it
 */
public record TimeRange(long fromMillis, long toMillis) {

    private static final long MINUTE_MILLIS = Duration.ofMinutes(1).toMillis();

    public TimeRange {
        if (fromMillis >= toMillis
                || fromMillis % MINUTE_MILLIS != 0
                || toMillis % MINUTE_MILLIS != 0) {
            throw new IllegalArgumentException(
                    "not a range of whole minutes: %d to %d".formatted(fromMillis, toMillis));
        }
    }

    public boolean contains(long millis) {
        return fromMillis <= millis && millis < toMillis;
    }

    public Instant from() {
        return Instant.ofEpochMilli(fromMillis);
    }

    public Instant to() {
        return Instant.ofEpochMilli(toMillis);
    }

    /** The range cut at the multiples of a duration, counted from 1970. */
    List<TimeRange> slices(Duration length) {
        List<TimeRange> slices = new ArrayList<>();
        long millis = length.toMillis();
        for (long from = fromMillis; from < toMillis; ) {
            long to = Math.min((Math.floorDiv(from, millis) + 1) * millis, toMillis);
            slices.add(new TimeRange(from, to));
            from = to;
        }
        return slices;
    }
}
