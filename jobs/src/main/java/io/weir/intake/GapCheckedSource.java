package io.weir.intake;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.ReaderOutput;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.KafkaSourceEnumState;
import org.apache.flink.connector.kafka.source.enumerator.SplitAndAssignmentStatus;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.core.io.InputStatus;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.flink.util.ExceptionUtils;
import org.apache.kafka.clients.consumer.OffsetOutOfRangeException;

/**
 * A Kafka source that fails the job for good, with the remedy, when Kafka no longer has the records
 * that come next, or the state is another topic's. A restart would not bring them back.
 */
final class GapCheckedSource<T>
        implements Source<T, KafkaPartitionSplit, KafkaSourceEnumState>, ResultTypeQueryable<T> {

    private static final long serialVersionUID = 1;

    private final KafkaSource<T> source;
    private final String topic;

    GapCheckedSource(KafkaSource<T> source, String topic) {
        this.source = source;
        this.topic = topic;
    }

    @Override
    public SourceReader<T, KafkaPartitionSplit> createReader(SourceReaderContext context)
            throws Exception {
        return new Reader<>(source.createReader(context));
    }

    @Override
    public Boundedness getBoundedness() {
        return source.getBoundedness();
    }

    @Override
    public SplitEnumerator<KafkaPartitionSplit, KafkaSourceEnumState> createEnumerator(
            SplitEnumeratorContext<KafkaPartitionSplit> context) {
        return source.createEnumerator(context);
    }

    @Override
    public SplitEnumerator<KafkaPartitionSplit, KafkaSourceEnumState> restoreEnumerator(
            SplitEnumeratorContext<KafkaPartitionSplit> context, KafkaSourceEnumState checkpoint)
            throws Exception {
        for (SplitAndAssignmentStatus known : checkpoint.splits()) {
            if (!known.split().getTopic().equals(topic)) {
                throw new SuppressRestartsException(otherTopic(known.split().getTopic()));
            }
        }
        return source.restoreEnumerator(context, checkpoint);
    }

    private IllegalStateException otherTopic(String known) {
        return new IllegalStateException(
                """
                the state holds offsets of topic %1$s, but kafka.topic is %2$s: the job would go on \
                reading both. Resume with kafka.topic %1$s, or start without state (no -s)"""
                        .formatted(known, topic));
    }

    @Override
    public SimpleVersionedSerializer<KafkaPartitionSplit> getSplitSerializer() {
        return source.getSplitSerializer();
    }

    @Override
    public SimpleVersionedSerializer<KafkaSourceEnumState> getEnumeratorCheckpointSerializer() {
        return source.getEnumeratorCheckpointSerializer();
    }

    @Override
    public TypeInformation<T> getProducedType() {
        return source.getProducedType();
    }

    private record Reader<T>(SourceReader<T, KafkaPartitionSplit> reader)
            implements SourceReader<T, KafkaPartitionSplit> {

        @Override
        public InputStatus pollNext(ReaderOutput<T> output) throws Exception {
            try {
                return reader.pollNext(output);
            } catch (Exception e) {
                throw ExceptionUtils.findThrowable(e, OffsetOutOfRangeException.class)
                        .<Exception>map(gone -> new SuppressRestartsException(refusal(gone, e)))
                        .orElse(e);
            }
        }

        private static IllegalStateException refusal(OffsetOutOfRangeException gone, Exception e) {
            return new IllegalStateException(
                    """
                    Kafka no longer has the records that come next, at offsets %s: the state is older \
                    than the topic's retention, or the topic was recreated. The job does not skip \
                    them. To go on without them, start the job without state (no -s) with \
                    --kafka.start-from earliest or day: buckets that it did not read from their \
                    beginning are marked is_whole = false"""
                            .formatted(gone.offsetOutOfRangePartitions()),
                    e);
        }

        @Override
        public void start() {
            reader.start();
        }

        @Override
        public List<KafkaPartitionSplit> snapshotState(long checkpointId) {
            return reader.snapshotState(checkpointId);
        }

        @Override
        public CompletableFuture<Void> isAvailable() {
            return reader.isAvailable();
        }

        @Override
        public void addSplits(List<KafkaPartitionSplit> splits) {
            reader.addSplits(splits);
        }

        @Override
        public void notifyNoMoreSplits() {
            reader.notifyNoMoreSplits();
        }

        @Override
        public void handleSourceEvents(SourceEvent event) {
            reader.handleSourceEvents(event);
        }

        @Override
        public void notifyCheckpointComplete(long checkpointId) throws Exception {
            reader.notifyCheckpointComplete(checkpointId);
        }

        @Override
        public void notifyCheckpointAborted(long checkpointId) throws Exception {
            reader.notifyCheckpointAborted(checkpointId);
        }

        @Override
        public void pauseOrResumeSplits(
                Collection<String> splitsToPause, Collection<String> splitsToResume) {
            reader.pauseOrResumeSplits(splitsToPause, splitsToResume);
        }

        @Override
        public void close() throws Exception {
            reader.close();
        }
    }
}
