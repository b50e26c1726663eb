package io.weir.tools.recount;

import java.time.Instant;
import java.util.Comparator;

/**
 * Which row of a table.
 *
 * @param bucketMillis the start of its bucket, epoch milliseconds
 */
public record RowKey(int siteId, long bucketMillis) implements Comparable<RowKey> {

    private static final Comparator<RowKey> ORDER =
            Comparator.comparingInt(RowKey::siteId).thenComparingLong(RowKey::bucketMillis);

    public Instant bucket() {
        return Instant.ofEpochMilli(bucketMillis);
    }

    @Override
    public int compareTo(RowKey other) {
        return ORDER.compare(this, other);
    }
}
