package io.weir.intake;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.core.io.SimpleVersionedSerializer;
import org.apache.kafka.common.Uuid;

/**
 * Writes the topic's id before what Flink's Kafka source writes of a partition. A partition without
 * one, which the enumerator has just found, has the id zero; so has what Flink's own serializer
 * wrote before there were ids.
 */
final class PartitionSerializer implements SimpleVersionedSerializer<KafkaPartitionSplit> {

    /** Out of reach of the versions of Flink's own serializer, which begin at 0. */
    static final int WITH_TOPIC_ID = 1_000;

    private final SimpleVersionedSerializer<KafkaPartitionSplit> partitions;

    PartitionSerializer(SimpleVersionedSerializer<KafkaPartitionSplit> partitions) {
        this.partitions = partitions;
    }

    @Override
    public int getVersion() {
        return WITH_TOPIC_ID;
    }

    @Override
    public byte[] serialize(KafkaPartitionSplit partition) throws IOException {
        Uuid topicId =
                partition instanceof IdentifiedPartition identified
                        ? identified.topicId()
                        : Uuid.ZERO_UUID;
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(bytes);
        out.writeLong(topicId.getMostSignificantBits());
        out.writeLong(topicId.getLeastSignificantBits());
        out.writeInt(partitions.getVersion());
        out.write(partitions.serialize(partition));
        return bytes.toByteArray();
    }

    @Override
    public KafkaPartitionSplit deserialize(int version, byte[] bytes) throws IOException {
        if (version < WITH_TOPIC_ID) {
            return partitions.deserialize(version, bytes);
        }
        if (version > WITH_TOPIC_ID) {
            throw new IOException(
                    "the state has partitions in format %d, but this version of Weir reads at most %d: start the version that took the savepoint"
                            .formatted(version, WITH_TOPIC_ID));
        }
        DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes));
        Uuid topicId = new Uuid(in.readLong(), in.readLong());
        KafkaPartitionSplit partition = partitions.deserialize(in.readInt(), in.readAllBytes());
        return topicId.equals(Uuid.ZERO_UUID)
                ? partition
                : new IdentifiedPartition(partition, topicId);
    }
}
