package io.weir.tools.send;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class RecordSenderTest {

    private static final Map<String, Object> NOBODY = Map.of("bootstrap.servers", "127.0.0.1:1");

    @Test
    void dealsRecordsOutToPartitionsInTurn() {
        assertThat(RecordSender.partitionOf(0, 12)).isZero();
        assertThat(RecordSender.partitionOf(11, 12)).isEqualTo(11);
        assertThat(RecordSender.partitionOf(12, 12)).isZero();
        assertThat(RecordSender.partitionOf(100_000_000_007L, 12)).isEqualTo(11);
        assertThat(RecordSender.partitionOf(5, 1)).isZero();
    }

    @Test
    void saysWhatIsWrongWithItsParameters() {
        assertThatThrownBy(() -> new RecordSender(NOBODY, "topic", 0, null))
                .hasMessage("partitions must be 1 or more: 0");
        assertThatThrownBy(() -> new RecordSender(NOBODY, "topic", 1, 0.0))
                .hasMessage("rate must be above 0: 0.0");
        assertThatThrownBy(() -> new RecordSender(NOBODY, "topic", 1, Double.NaN))
                .hasMessage("rate must be above 0: NaN");
    }
}
