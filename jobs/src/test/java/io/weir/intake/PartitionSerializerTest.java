package io.weir.intake;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.HexFormat;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplitSerializer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.junit.jupiter.api.Test;

class PartitionSerializerTest {

    /** What Flink's serializer writes: "t", partition 3, from offset 7 without an end. */
    private static final String PARTITION =
            "000174" + "00000003" + "0000000000000007" + "8000000000000000";

    private static final String TOPIC_ID = "00000000000000010000000000000002";

    private static final KafkaPartitionSplit UNIDENTIFIED =
            new KafkaPartitionSplit(new TopicPartition("t", 3), 7);
    private static final KafkaPartitionSplit IDENTIFIED =
            new IdentifiedPartition(UNIDENTIFIED, new Uuid(1, 2));

    private final PartitionSerializer serializer =
            new PartitionSerializer(new KafkaPartitionSplitSerializer());

    @Test
    void theIdStandsBeforeWhatFlinkWrites() throws IOException {
        assertThat(HexFormat.of().formatHex(serializer.serialize(IDENTIFIED)))
                .isEqualTo(TOPIC_ID + "00000000" + PARTITION);
        assertThat(read(serializer.getVersion(), TOPIC_ID + "00000000" + PARTITION))
                .isEqualTo(IDENTIFIED);
    }

    @Test
    void aPartitionWithoutAnIdHasNoneAfterwards() throws IOException {
        assertThat(serializer.deserialize(1_000, serializer.serialize(UNIDENTIFIED)))
                .isExactlyInstanceOf(KafkaPartitionSplit.class)
                .isEqualTo(UNIDENTIFIED);
    }

    @Test
    void aStateFromBeforeThereWereIdsIsRead() throws IOException {
        assertThat(read(0, PARTITION))
                .isExactlyInstanceOf(KafkaPartitionSplit.class)
                .isEqualTo(UNIDENTIFIED);
    }

    @Test
    void aLaterFormatIsRefused() {
        assertThatThrownBy(() -> read(1_001, TOPIC_ID + "00000000" + PARTITION))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("partitions in format 1001")
                .hasMessageContaining("start the version that took the savepoint");
    }

    private KafkaPartitionSplit read(int version, String bytes) throws IOException {
        return serializer.deserialize(version, HexFormat.of().parseHex(bytes));
    }
}
