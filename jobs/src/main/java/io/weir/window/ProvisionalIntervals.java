package io.weir.window;

import io.weir.traffic.Grain;
import java.io.Serializable;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;

/** How often a row that changed is emitted before it is final, by grain, of the machine's time. */
public record ProvisionalIntervals(Map<Grain, Duration> byGrain) implements Serializable {

    /** The golden ratio as a fraction of 2^32: multiples of it are spread over every range. */
    private static final int GOLDEN = 0x9e37_79b9;

    /** The interval of every grain as the given function says. */
    public static ProvisionalIntervals of(Function<Grain, Duration> interval) {
        Map<Grain, Duration> byGrain = new EnumMap<>(Grain.class);
        for (Grain grain : Grain.values()) {
            if (interval.apply(grain).toMillis() <= 0) {
                throw new IllegalArgumentException(
                        "provisional.%s must be at least 1 ms: %s"
                                .formatted(grain.unit(), interval.apply(grain)));
            }
            byGrain.put(grain, interval.apply(grain));
        }
        return new ProvisionalIntervals(byGrain);
    }

    public Duration at(Grain grain) {
        return Objects.requireNonNull(byGrain.get(grain));
    }

    /**
     * By how much a site's rows come after the multiples of an interval, 0 or more: the rows of all
     * sites at once would be more than the store takes in a moment.
     */
    public static int phaseMillis(int siteId) {
        return (siteId - 1) * GOLDEN >>> 1;
    }

    /**
     * When the rows of a grain are due next.
     *
     * @param phaseMillis by how much they come after the multiples of the interval
     */
    public long nextAfter(long timeMillis, Grain grain, long phaseMillis) {
        long interval = at(grain).toMillis();
        return timeMillis + interval - Math.floorMod(timeMillis - phaseMillis, interval);
    }

    /** Whether a time is one that {@link #nextAfter} gives. */
    public boolean isDue(long timeMillis, Grain grain, long phaseMillis) {
        return Math.floorMod(timeMillis - phaseMillis, at(grain).toMillis()) == 0;
    }
}
