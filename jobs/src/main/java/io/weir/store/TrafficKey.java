package io.weir.store;

import io.weir.traffic.Grain;
import java.io.Serializable;
import java.time.Instant;
import java.util.Comparator;

/** The table of a traffic row and its primary key there. */
public record TrafficKey(Grain grain, int siteId, long bucketMillis)
        implements Comparable<TrafficKey>, Serializable {

    private static final Comparator<TrafficKey> ORDER =
            Comparator.comparing(TrafficKey::grain)
                    .thenComparingInt(TrafficKey::siteId)
                    .thenComparingLong(TrafficKey::bucketMillis);

    @Override
    public int compareTo(TrafficKey other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return "site_id " + siteId + ", bucket " + Instant.ofEpochMilli(bucketMillis);
    }
}
