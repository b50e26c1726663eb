package io.weir.tools.follow;

import io.weir.tools.send.OutgoingRecord;
import java.util.List;

/**
 * Records that Kafka takes all or not at all.
 *
 * @param after what has been sent when it has taken them
 */
record Batch(List<OutgoingRecord> records, Position after) {

    Batch {
        records = List.copyOf(records);
    }
}
