package io.weir.election;

import io.weir.traffic.TrafficRow;
import java.time.Duration;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;

/**
 * Makes hits of final minute rows, and says from when on they are all told.
 *
 * <p>It must be chained to the windows: only so does it learn that the job was restored from a
 * savepoint made before there were elections. Minutes that had been let go by then are told to
 * nobody, so elections begin with the first minute that no request can have reached before.
 */
@SuppressWarnings("NullAway.Init") // Flink calls initializeState before anything else
public final class TellHits extends RichMapFunction<TrafficRow, MinuteHits>
        implements CheckpointedFunction {

    private static final long serialVersionUID = 1;

    private static final long MINUTE_MILLIS = Duration.ofMinutes(1).toMillis();

    private final long startsWholeFromMillis;
    private final long maxAheadMillis;

    private transient ListState<Long> wholeFromState;
    private transient long wholeFromMillis;

    /**
     * @param wholeFromMillis in a start without state, the instant from which on every request is
     *     read, epoch milliseconds
     * @param maxAhead how far requests may be dated ahead of their arrival
     */
    public TellHits(long wholeFromMillis, Duration maxAhead) {
        this.startsWholeFromMillis = wholeFromMillis;
        this.maxAheadMillis = maxAhead.toMillis();
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        wholeFromState =
                context.getOperatorStateStore()
                        .getUnionListState(new ListStateDescriptor<>("whole-from", Types.LONG));
        Long restored = null;
        for (Long part : wholeFromState.get()) {
            restored = restored == null ? part : Long.valueOf(Math.max(restored, part));
        }
        if (restored != null) {
            wholeFromMillis = restored;
        } else {
            wholeFromMillis =
                    context.isRestored() ? firstMinuteAfterUpgrade() : startsWholeFromMillis;
        }
    }

    private long firstMinuteAfterUpgrade() {
        long ahead = System.currentTimeMillis() + maxAheadMillis;
        return (Math.floorDiv(ahead, MINUTE_MILLIS) + 1) * MINUTE_MILLIS;
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        wholeFromState.clear();
        wholeFromState.add(wholeFromMillis);
    }

    @Override
    public MinuteHits map(TrafficRow row) {
        return new MinuteHits(
                row.siteId(), row.bucketMillis(), row.requestCount(), wholeFromMillis);
    }
}
