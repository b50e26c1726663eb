package io.weir.gate;

import io.weir.request.RejectReason;
import org.jspecify.annotations.Nullable;

/**
 * A record of the topic: a valid request, or one that must be rejected.
 *
 * @param number of all records of a run, from 0
 * @param timestampMillis when it is sent, as the record says
 * @param request null where it must be rejected
 * @param reason why it must be rejected, null where it must not
 */
record SentRecord(
        int number,
        int partition,
        long timestampMillis,
        byte[] value,
        @Nullable SentRequest request,
        @Nullable RejectReason reason) {

    static SentRecord of(int partition, long timestampMillis, SentRequest request) {
        return new SentRecord(-1, partition, timestampMillis, request.json(), request, null);
    }

    static SentRecord rejected(
            int partition, long timestampMillis, byte[] value, RejectReason reason) {
        return new SentRecord(-1, partition, timestampMillis, value, null, reason);
    }

    SentRecord numbered(int newNumber) {
        return new SentRecord(newNumber, partition, timestampMillis, value, request, reason);
    }
}
