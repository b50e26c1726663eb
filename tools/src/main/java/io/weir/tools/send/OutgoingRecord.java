package io.weir.tools.send;

/**
 * A record to be sent to Kafka.
 *
 * @param value the bytes of the record, which need not be a valid request
 * @param sendTimeMillis the simulated time of sending, epoch milliseconds; becomes the record's
 *     timestamp
 * @param source the file that the record comes from, or {@code generated}
 * @param line the number of the record within its source, from 1
 */
public record OutgoingRecord(byte[] value, long sendTimeMillis, String source, long line) {}
