package io.weir.election;

import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.heap.HeapKeyedStateBackend;
import org.apache.flink.streaming.api.operators.co.CoBroadcastWithKeyedOperator;
import org.apache.flink.streaming.util.KeyedBroadcastOperatorTestHarness;

/** The one subtask that holds elections. */
final class HoldHarness
        extends KeyedBroadcastOperatorTestHarness<
                Integer, ElectionNews, ElectionSettings, Election> {

    private final CoBroadcastWithKeyedOperator<Integer, ElectionNews, ElectionSettings, Election>
            operator;
    private final HoldElections function;

    HoldHarness(ElectionStore store, Duration settle) throws Exception {
        this(new HoldElections(store, settle));
    }

    private HoldHarness(HoldElections function) throws Exception {
        this(
                function,
                new CoBroadcastWithKeyedOperator<>(function, List.of(NominateSites.SETTINGS)));
    }

    private HoldHarness(
            HoldElections function,
            CoBroadcastWithKeyedOperator<Integer, ElectionNews, ElectionSettings, Election>
                    operator)
            throws Exception {
        super(operator, any -> 0, Types.INT, NominateHarness.MAX_PARALLELISM, 1, 0);
        this.function = function;
        this.operator = operator;
    }

    long skipped() {
        return function.skippedElections();
    }

    int entries() {
        return ((HeapKeyedStateBackend<?>) operator.<Integer>getKeyedStateBackend())
                .numKeyValueStateEntries();
    }

    void advance(long watermark) throws Exception {
        processBroadcastWatermark(watermark);
        processWatermark(watermark);
    }
}
