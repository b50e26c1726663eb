package io.weir.tools.follow;

import io.weir.tools.send.BatchId;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;

/**
 * What has been sent of all logs.
 *
 * @param batch the last one
 * @param records how many there were in all batches
 * @param sendTimeMillis the largest time so far, epoch milliseconds; 0 where there is none
 * @param logs by their paths; also those that are not followed any more
 */
public record Position(
        BatchId batch, long records, long sendTimeMillis, Map<String, LogPosition> logs) {

    static final Position NOTHING = new Position(new BatchId(0, ""), 0, 0, Map.of());

    public Position {
        logs = Map.copyOf(logs);
    }

    /** After one more batch; other logs are where they were. */
    Position afterBatch(int sent, long sendTime, Map<String, LogPosition> followed) {
        BatchId next = new BatchId(batch.number() + 1, UUID.randomUUID().toString());
        return new Position(next, records + sent, sendTime, and(followed).logs);
    }

    /** With these logs as they are now, and others as they were. */
    Position and(Map<String, LogPosition> followed) {
        Map<String, LogPosition> all = new TreeMap<>(logs);
        all.putAll(followed);
        return new Position(batch, records, sendTimeMillis, all);
    }

    /** The same place, as if this had been the last batch. */
    Position afterBatch(BatchId other) {
        return new Position(other, records, sendTimeMillis, logs);
    }
}
