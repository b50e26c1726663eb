package io.weir.intake;

import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import org.apache.flink.connector.kafka.source.enumerator.initializer.OffsetsInitializer;
import org.apache.kafka.clients.consumer.OffsetResetStrategy;
import org.apache.kafka.common.TopicPartition;

/**
 * The offsets of a {@link StartingPoint}, with no fallback: where Kafka no longer has an offset,
 * the consumer fails. Flink's own initializers would have it skip to another one in silence.
 */
@SuppressWarnings("deprecation") // the connector's interface still speaks of OffsetResetStrategy
final class StartingOffsets implements OffsetsInitializer {

    private static final long serialVersionUID = 1;

    private final HashMap<TopicPartition, Long> offsets;

    StartingOffsets(Map<TopicPartition, Long> offsets) {
        this.offsets = new HashMap<>(offsets);
    }

    @Override
    public Map<TopicPartition, Long> getPartitionOffsets(
            Collection<TopicPartition> partitions, PartitionOffsetsRetriever retriever) {
        Map<TopicPartition, Long> result = new HashMap<>(retriever.beginningOffsets(partitions));
        result.putAll(offsets);
        result.keySet().retainAll(partitions);
        return result;
    }

    @Override
    public OffsetResetStrategy getAutoOffsetResetStrategy() {
        return OffsetResetStrategy.NONE;
    }
}
