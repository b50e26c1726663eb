package io.weir.election;

import io.weir.traffic.Grain;
import io.weir.traffic.TrafficRow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.StreamSupport;
import org.apache.flink.api.common.functions.RichMapFunction;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;

/**
 * Makes hits of final minute rows, with the instant from which on all of them are emitted.
 *
 * <p>This is where that instant is remembered. It must be chained to the windows: only so does it
 * learn that the job was restored from a savepoint made before there were elections. Minutes that
 * were final by then are never emitted, so elections begin with the first minute that no request
 * can have reached before.
 */
@SuppressWarnings("NullAway.Init") // Flink calls initializeState before anything else
public final class EmitMinuteHits extends RichMapFunction<TrafficRow, MinuteHits>
        implements CheckpointedFunction {

    private static final long serialVersionUID = 1;

    private final long startsWholeFromMillis;
    private final long upgradesWholeFromMillis;

    private transient ListState<Long> wholeFromState;
    private transient long wholeFromMillis;

    /**
     * @param wholeFromMillis in a start without state, the instant from which on every request is
     *     read, epoch milliseconds
     * @param maxAhead how far requests may be dated ahead of their arrival
     */
    public EmitMinuteHits(long wholeFromMillis, Duration maxAhead) {
        startsWholeFromMillis = wholeFromMillis;
        upgradesWholeFromMillis =
                Grain.MINUTE.endOf(
                        Grain.MINUTE.bucketOf(Instant.now().plus(maxAhead).toEpochMilli()));
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        wholeFromState =
                context.getOperatorStateStore()
                        .getUnionListState(new ListStateDescriptor<>("whole-from", Types.LONG));
        wholeFromMillis =
                StreamSupport.stream(wholeFromState.get().spliterator(), false)
                        .mapToLong(Long::longValue)
                        .max()
                        .orElse(
                                context.isRestored()
                                        ? upgradesWholeFromMillis
                                        : startsWholeFromMillis);
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        wholeFromState.update(List.of(wholeFromMillis));
    }

    @Override
    public MinuteHits map(TrafficRow row) {
        return new MinuteHits(
                row.siteId(), row.bucketMillis(), row.requestCount(), wholeFromMillis);
    }
}
