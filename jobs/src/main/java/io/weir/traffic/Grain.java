package io.weir.traffic;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * The length of a bucket. Buckets are aligned to the epoch, in UTC.
 *
 * <p>This is all that Java knows of a grain: whoever needs every grain takes {@link #values()}.
 */
public enum Grain {
    MINUTE("1min", Duration.ofMinutes(1), Duration.ofSeconds(5)),
    HOUR("1hour", Duration.ofHours(1), Duration.ofSeconds(30)),
    DAY("1day", Duration.ofDays(1), Duration.ofMinutes(5));

    /** Every grain, the longest buckets first. */
    public static final List<Grain> COARSEST_FIRST =
            Stream.of(values()).sorted(Comparator.comparing(Grain::millis).reversed()).toList();

    private final String suffix;
    private final long millis;
    private final Duration provisionalInterval;

    Grain(String suffix, Duration length, Duration provisionalInterval) {
        this.suffix = suffix;
        this.millis = length.toMillis();
        this.provisionalInterval = provisionalInterval;
    }

    /** How the names of this grain's table and view end: {@code 1min}. */
    public String suffix() {
        return suffix;
    }

    /** A bucket in words: {@code minute}. */
    public String unit() {
        return name().toLowerCase(Locale.ROOT);
    }

    public String table() {
        return "http_request_" + suffix;
    }

    /** What readers see of the table. */
    public String view() {
        return "traffic_" + suffix;
    }

    public long millis() {
        return millis;
    }

    /** How often a row that changed is emitted before it is final, if no option says otherwise. */
    public Duration provisionalInterval() {
        return provisionalInterval;
    }

    /** Start of the bucket that holds the given instant, epoch milliseconds. */
    public long bucketOf(long epochMillis) {
        return Math.floorDiv(epochMillis, millis) * millis;
    }

    /** Whether a bucket begins at the given instant, epoch milliseconds. */
    public boolean isBucket(long epochMillis) {
        return Math.floorMod(epochMillis, millis) == 0;
    }

    public long endOf(long bucketMillis) {
        return bucketMillis + millis;
    }
}
