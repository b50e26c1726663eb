package io.weir.tools.follow;

import java.util.Map;
import java.util.TreeMap;

/**
 * What has been sent of all logs.
 *
 * @param batch the number of the last batch, 0 before the first
 * @param records how many there were in all batches
 * @param sendTimeMillis the largest time so far, epoch milliseconds; 0 where there is none
 * @param logs by their paths; also those that are not followed any more
 */
public record Position(
        long batch, long records, long sendTimeMillis, Map<String, LogPosition> logs) {

    static final Position NOTHING = new Position(0, 0, 0, Map.of());

    public Position {
        logs = Map.copyOf(logs);
    }

    /** With these logs as they are now, and others as they were. */
    Position and(int batches, int sent, long sendTime, Map<String, LogPosition> followed) {
        Map<String, LogPosition> all = new TreeMap<>(logs);
        all.putAll(followed);
        return new Position(batch + batches, records + sent, sendTime, all);
    }
}
