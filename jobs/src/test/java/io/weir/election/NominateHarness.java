package io.weir.election;

import java.time.Duration;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.heap.HeapKeyedStateBackend;
import org.apache.flink.streaming.api.operators.co.CoBroadcastWithKeyedOperator;
import org.apache.flink.streaming.util.KeyedBroadcastOperatorTestHarness;

/** A subtask that finds candidates. */
final class NominateHarness
        extends KeyedBroadcastOperatorTestHarness<
                Integer, MinuteHits, ElectionSettings, ElectionInput> {

    static final int MAX_PARALLELISM = 12;

    private final CoBroadcastWithKeyedOperator<Integer, MinuteHits, ElectionSettings, ElectionInput>
            nominating;

    NominateHarness(ElectionStore store, Duration settle, int parallelism, int subtask)
            throws Exception {
        this(new NominateSites(store, settle), parallelism, subtask);
    }

    NominateHarness(ElectionStep<MinuteHits, ElectionInput> function, int parallelism, int subtask)
            throws Exception {
        this(
                new CoBroadcastWithKeyedOperator<>(function, List.of(ElectionStep.SETTINGS)),
                parallelism,
                subtask);
    }

    private NominateHarness(
            CoBroadcastWithKeyedOperator<Integer, MinuteHits, ElectionSettings, ElectionInput>
                    nominating,
            int parallelism,
            int subtask)
            throws Exception {
        super(nominating, MinuteHits::siteId, Types.INT, MAX_PARALLELISM, parallelism, subtask);
        this.nominating = nominating;
    }

    int entries() {
        return ((HeapKeyedStateBackend<?>) nominating.<Integer>getKeyedStateBackend())
                .numKeyValueStateEntries();
    }

    int timers() {
        return numEventTimeTimers();
    }

    void advance(long watermark) throws Exception {
        processBroadcastWatermark(watermark);
        processWatermark(watermark);
    }
}
