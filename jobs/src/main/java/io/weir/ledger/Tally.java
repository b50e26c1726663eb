package io.weir.ledger;

import java.util.HashMap;
import java.util.Map;

/**
 * What became of the records of one partition, or what was added to that.
 *
 * @param firstOffset the first record read; {@link #NO_FIRST} where none was
 * @param lastOffset the last record read; {@link #NO_LAST} where none was
 * @param read all records; the sum of what follows
 * @param counted requests in the rows
 * @param duplicate copies of requests that were counted
 * @param held late requests that wait until it is certain whether they are duplicates, or for a
 *     checkpoint, without which they could be on time after a failure
 * @param late requests in the topic of late requests
 * @param rejected records in the topic of rejected records, by the reason's code
 */
public record Tally(
        String topic,
        int partition,
        long firstOffset,
        long lastOffset,
        long read,
        long counted,
        long duplicate,
        long held,
        long late,
        Map<String, Long> rejected) {

    public static final long NO_FIRST = Long.MAX_VALUE;
    public static final long NO_LAST = -1;

    /** Both together. */
    Tally plus(Tally other) {
        Map<String, Long> allRejected = new HashMap<>(rejected);
        other.rejected.forEach((reason, count) -> allRejected.merge(reason, count, Long::sum));
        return new Tally(
                topic,
                partition,
                Math.min(firstOffset, other.firstOffset),
                Math.max(lastOffset, other.lastOffset),
                read + other.read,
                counted + other.counted,
                duplicate + other.duplicate,
                held + other.held,
                late + other.late,
                allRejected);
    }

    /** Records in the topic of rejected records. */
    public long rejectedCount() {
        return rejected.values().stream().mapToLong(Long::longValue).sum();
    }

    /** Records of which is certain what they are. */
    public long decided() {
        return counted + duplicate + late + rejectedCount();
    }
}
