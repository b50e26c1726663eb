package io.weir.tools.send;

import org.jspecify.annotations.Nullable;

/**
 * A record to be sent to Kafka.
 *
 * @param value the bytes of the record, which need not be a valid request
 * @param sendTimeMillis the simulated time of sending, epoch milliseconds; becomes the record's
 *     timestamp
 * @param source the file that the record comes from, or {@code generated}
 * @param line the number of the record within its source, from 1
 * @param reason why the source knows it to be no request, in a few words; null where it does not
 */
public record OutgoingRecord(
        byte[] value, long sendTimeMillis, String source, long line, @Nullable String reason) {

    public OutgoingRecord(byte[] value, long sendTimeMillis, String source, long line) {
        this(value, sendTimeMillis, source, line, null);
    }
}
