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

    private final int phaseMillis;
    private final Map<Grain, BucketList> changed = new EnumMap<>(Grain.class);
    private int open;

    SiteBuckets(int siteId) {
        this.phaseMillis = ProvisionalIntervals.phaseMillis(siteId);
        for (Grain grain : Grain.values()) {
            changed.put(grain, new BucketList());
        }
    }

    /** As {@link ProvisionalIntervals#phaseMillis}. */
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
