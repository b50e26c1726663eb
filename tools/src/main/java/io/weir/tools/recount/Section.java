package io.weir.tools.recount;

import org.apache.kafka.common.TopicPartition;

/**
 * A part of a partition.
 *
 * @param end the offset after its last record
 * @param nextTimestampMillis the least timestamp of any record after that, or {@link
 *     LatenessRule#NEVER}
 */
public record Section(TopicPartition partition, long start, long end, long nextTimestampMillis) {}
