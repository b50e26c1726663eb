package io.weir.intake;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.connector.kafka.source.enumerator.KafkaSourceEnumState;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.jspecify.annotations.Nullable;

/**
 * Assigns partitions by Flink's Kafka enumerator, and announces to idle readers how far the others
 * have come.
 */
final class WatermarkedEnumerator
        implements SplitEnumerator<KafkaPartitionSplit, KafkaSourceEnumState> {

    private final SplitEnumerator<KafkaPartitionSplit, KafkaSourceEnumState> enumerator;
    private final SplitEnumeratorContext<KafkaPartitionSplit> context;
    private final Map<Integer, ReaderWatermark> reported = new HashMap<>();

    WatermarkedEnumerator(
            SplitEnumerator<KafkaPartitionSplit, KafkaSourceEnumState> enumerator,
            SplitEnumeratorContext<KafkaPartitionSplit> context) {
        this.enumerator = enumerator;
        this.context = context;
    }

    @Override
    public void handleSourceEvent(int subtask, SourceEvent event) {
        if (event instanceof ReaderWatermark watermark) {
            reported.put(subtask, watermark);
            if (watermark.isIdle()
                    && reported.size() == context.currentParallelism()
                    && context.registeredReaders().containsKey(subtask)) {
                context.sendEventToSourceReader(subtask, new CommonWatermark(common()));
            }
        } else {
            enumerator.handleSourceEvent(subtask, event);
        }
    }

    /** The least of the readers that are not idle; when all are, the largest. */
    private long common() {
        return reported.values().stream()
                .filter(watermark -> !watermark.isIdle())
                .mapToLong(ReaderWatermark::millis)
                .min()
                .orElseGet(
                        () ->
                                reported.values().stream()
                                        .mapToLong(ReaderWatermark::millis)
                                        .max()
                                        .orElse(Long.MIN_VALUE));
    }

    /** A reader that starts again has not come anywhere yet. */
    @Override
    public void addReader(int subtask) {
        reported.remove(subtask);
        enumerator.addReader(subtask);
    }

    @Override
    public void start() {
        enumerator.start();
    }

    @Override
    public void handleSplitRequest(int subtask, @Nullable String hostname) {
        enumerator.handleSplitRequest(subtask, hostname);
    }

    @Override
    public void addSplitsBack(List<KafkaPartitionSplit> splits, int subtask) {
        enumerator.addSplitsBack(splits, subtask);
    }

    @Override
    public KafkaSourceEnumState snapshotState(long checkpointId) throws Exception {
        return enumerator.snapshotState(checkpointId);
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) throws Exception {
        enumerator.notifyCheckpointComplete(checkpointId);
    }

    @Override
    public void notifyCheckpointAborted(long checkpointId) throws Exception {
        enumerator.notifyCheckpointAborted(checkpointId);
    }

    @Override
    public void close() throws IOException {
        enumerator.close();
    }
}
