package io.weir.election;

import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.operators.co.CoBroadcastWithKeyedOperator;
import org.apache.flink.streaming.util.KeyedBroadcastOperatorTestHarness;

/** The one subtask that holds elections. */
final class HoldHarness
        extends KeyedBroadcastOperatorTestHarness<
                Integer, ElectionInput, ElectionSettings, Election> {

    private final HoldElections function;

    HoldHarness(ElectionStore store, Duration settle) throws Exception {
        this(new HoldElections(store, settle));
    }

    private HoldHarness(HoldElections function) throws Exception {
        super(
                new CoBroadcastWithKeyedOperator<>(function, List.of(ElectionStep.SETTINGS)),
                any -> 0,
                Types.INT,
                NominateHarness.MAX_PARALLELISM,
                1,
                0);
        this.function = function;
    }

    long skipped() {
        return function.skippedElections();
    }

    void advance(long watermark) throws Exception {
        processBroadcastWatermark(watermark);
        processWatermark(watermark);
    }
}
