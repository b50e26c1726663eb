package io.weir.window;

import io.weir.traffic.Grain;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;

/**
 * What {@link AggregateTraffic} remembers of a site beside its state, so that a timer need not look
 * at every window: how many are open, and which have changed since their row was emitted. The state
 * says the same, so nothing is lost with it.
 */
final class SiteBuckets {

    /** The golden ratio as a fraction of 2^32: multiples of it are spread over every range. */
    private static final int GOLDEN = 0x9e37_79b9;

    private final int phaseMillis;
    private final Map<Grain, BucketList> changed = new EnumMap<>(Grain.class);
    private int open;

    SiteBuckets(int siteId) {
        this.phaseMillis = (siteId - 1) * GOLDEN >>> 1;
        for (Grain grain : Grain.values()) {
            changed.put(grain, new BucketList());
        }
    }

    /**
     * By how much the site's rows come after the multiples of an interval, 0 or more: the rows of
     * all sites at once would be more than the store takes in a moment.
     */
    int phaseMillis() {
        return phaseMillis;
    }

    void opened() {
        open++;
    }

    void closed() {
        open--;
    }

    boolean hasOpen() {
        return open > 0;
    }

    /** The buckets whose row is to be emitted. */
    BucketList changed(Grain grain) {
        return Objects.requireNonNull(changed.get(grain));
    }
}
