package io.weir.election;

import static io.weir.Samples.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.traffic.Grain;
import io.weir.traffic.Traffic;
import io.weir.traffic.TrafficRow;
import java.time.Duration;
import java.time.Instant;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.operators.StreamMap;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

/** From when on the job has emitted every minute. */
class EmitMinuteHitsTest {

    private static final Duration MAX_AHEAD = Duration.ofMinutes(5);

    @Test
    void isTheStartWithoutStateAndStaysSoAfterARestore() throws Exception {
        OperatorSubtaskState state;
        try (var first = harness(at("09:00:00"))) {
            first.open();
            assertThat(wholeFrom(first)).isEqualTo(at("09:00:00"));
            state = first.snapshot(1, 1);
        }
        try (var restored = harness(at("23:00:00"))) {
            restored.initializeState(state);
            restored.open();

            assertThat(wholeFrom(restored)).isEqualTo(at("09:00:00"));
        }
    }

    @Test
    void isTheFirstMinuteToComeAfterARestoreOfAJobWithoutElections() throws Exception {
        Instant earliest = Instant.now().plus(MAX_AHEAD);
        try (var restored = harness(at("09:00:00"))) {
            Instant latest = Instant.now().plus(MAX_AHEAD).plus(Duration.ofMinutes(1));
            restored.initializeState(OperatorSubtaskState.builder().build());
            restored.open();

            assertThat(Instant.ofEpochMilli(wholeFrom(restored))).isBetween(earliest, latest);
            assertThat(wholeFrom(restored) % Duration.ofMinutes(1).toMillis()).isZero();
        }
    }

    private static OneInputStreamOperatorTestHarness<TrafficRow, MinuteHits> harness(long wholeFrom)
            throws Exception {
        return new OneInputStreamOperatorTestHarness<>(
                new StreamMap<>(new EmitMinuteHits(wholeFrom, MAX_AHEAD)));
    }

    private static long wholeFrom(OneInputStreamOperatorTestHarness<TrafficRow, MinuteHits> harness)
            throws Exception {
        harness.processElement(row(), 0);
        return harness.extractOutputValues().get(0).wholeFromMillis();
    }

    private static TrafficRow row() {
        return new TrafficRow(Grain.MINUTE, 1, at("09:00:00"), new Traffic(), true, true, 0);
    }
}
