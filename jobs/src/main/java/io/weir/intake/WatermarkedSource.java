package io.weir.intake;

import io.weir.request.ReadRecord;
import java.time.Duration;
import java.util.Properties;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.Boundedness;
import org.apache.flink.api.connector.source.Source;
import org.apache.flink.api.connector.source.SourceReader;
import org.apache.flink.api.connector.source.SourceReaderContext;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.java.typeutils.ResultTypeQueryable;
import org.apache.flink.connector.kafka.source.KafkaSource;
import org.apache.flink.connector.kafka.source.enumerator.KafkaSourceEnumState;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.jspecify.annotations.Nullable;

/** A Kafka source that emits the watermarks of its partitions itself: see {@link RequestReader}. */
final class WatermarkedSource
        implements Source<ReadRecord, KafkaPartitionSplit, KafkaSourceEnumState>,
                ResultTypeQueryable<ReadRecord> {

    private static final long serialVersionUID = 1;

    private final KafkaSource<ReadRecord> source;
    private final String topic;
    private final Properties clientSettings;
    private final Lateness lateness;
    private final @Nullable Duration idleness;

    /**
     * @param clientSettings for asking Kafka where partitions end, and which topic it has
     * @param idleness null when a partition never becomes idle
     */
    WatermarkedSource(
            KafkaSource<ReadRecord> source,
            String topic,
            Properties clientSettings,
            Lateness lateness,
            @Nullable Duration idleness) {
        this.source = source;
        this.topic = topic;
        this.clientSettings = clientSettings;
        this.lateness = lateness;
        this.idleness = idleness;
    }

    @Override
    public SourceReader<ReadRecord, KafkaPartitionSplit> createReader(SourceReaderContext context)
            throws Exception {
        return new RequestReader(
                source.createReader(context),
                context,
                topic,
                lateness,
                idleness,
                new PartitionEnds(clientSettings),
                new TopicIdentity(clientSettings, topic));
    }

    @Override
    public Boundedness getBoundedness() {
        return source.getBoundedness();
    }

    @Override
    public SplitEnumerator<KafkaPartitionSplit, KafkaSourceEnumState> createEnumerator(
            SplitEnumeratorContext<KafkaPartitionSplit> context) {
        return new WatermarkedEnumerator(source.createEnumerator(context), context);
    }

    @Override
    public SplitEnumerator<KafkaPartitionSplit, KafkaSourceEnumState> restoreEnumerator(
            SplitEnumeratorContext<KafkaPartitionSplit> context, KafkaSourceEnumState checkpoint)
            throws Exception {
        return new WatermarkedEnumerator(source.restoreEnumerator(context, checkpoint), context);
    }

    @Override
    public SimpleVersionedSerializer<KafkaPartitionSplit> getSplitSerializer() {
        return new PartitionSerializer(source.getSplitSerializer());
    }

    @Override
    public SimpleVersionedSerializer<KafkaSourceEnumState> getEnumeratorCheckpointSerializer() {
        return source.getEnumeratorCheckpointSerializer();
    }

    @Override
    public TypeInformation<ReadRecord> getProducedType() {
        return source.getProducedType();
    }
}
