package io.weir.intake;

import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.kafka.common.Uuid;

/** A partition as it is in state: its offset means something in the topic of this id alone. */
final class IdentifiedPartition extends KafkaPartitionSplit {

    private final Uuid topicId;

    IdentifiedPartition(KafkaPartitionSplit partition, Uuid topicId) {
        super(
                partition.getTopicPartition(),
                partition.getStartingOffset(),
                partition.getStoppingOffset().orElse(NO_STOPPING_OFFSET));
        this.topicId = topicId;
    }

    Uuid topicId() {
        return topicId;
    }

    @Override
    public boolean equals(Object other) {
        return super.equals(other)
                && other instanceof IdentifiedPartition identified
                && identified.topicId.equals(topicId);
    }

    @Override
    public int hashCode() {
        return 31 * super.hashCode() + topicId.hashCode();
    }
}
