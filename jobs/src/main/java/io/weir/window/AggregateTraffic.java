package io.weir.window;

import io.weir.traffic.Grain;
import io.weir.traffic.TrafficPartial;
import io.weir.traffic.TrafficRow;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Objects;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.TimeDomain;
import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * The tumbling event-time windows of a site at every grain, fed by the same partials.
 *
 * <p>A bucket's row is emitted provisionally at an interval while it changes, finally when the
 * watermark passes the bucket's end, and again when something is added after that: at an interval
 * of any grain, or when another bucket of the site ends. The bucket is closed a settle time after
 * its end: a change still pending is emitted, and its state is dropped.
 *
 * <p>Flink's own window operator would not do: after a restore watermarks begin anew, and it would
 * open closed buckets again, nearly empty. Here the largest end of a closed bucket is union state,
 * and a partial of a minute that ends there or earlier is refused at every grain and counted by the
 * metric {@code weir.refused} (in requests). What was routed as not late finds its window, so the
 * metric is 0.
 */
@SuppressWarnings("NullAway.Init") // Flink calls initializeState and open before anything else
public final class AggregateTraffic
        extends KeyedProcessFunction<Integer, TrafficPartial, TrafficRow>
        implements CheckpointedFunction {

    private static final long serialVersionUID = 1;

    private static final long NOTHING_CLOSED = Long.MIN_VALUE;

    private final ProvisionalIntervals intervals;
    private final long settleMillis;
    private final long startsWholeFromMillis;

    private transient Map<Grain, MapState<Long, OpenWindow>> windows;
    private transient ListState<WindowProgress> progressState;
    private transient long wholeFromMillis;
    private transient long closedUntilMillis;
    private transient Counter refused;

    /**
     * @param settle how long after its end a bucket is kept
     * @param wholeFromMillis in a start without state, the first instant from which every request
     *     is read, epoch milliseconds; after a restore the state's own holds
     */
    public AggregateTraffic(ProvisionalIntervals intervals, Duration settle, long wholeFromMillis) {
        this.intervals = intervals;
        this.settleMillis = settle.toMillis();
        this.startsWholeFromMillis = wholeFromMillis;
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        progressState =
                context.getOperatorStateStore()
                        .getUnionListState(
                                new ListStateDescriptor<>("window-progress", WindowProgress.class));
        closedUntilMillis = NOTHING_CLOSED;
        wholeFromMillis = startsWholeFromMillis;
        for (WindowProgress restored : progressState.get()) {
            wholeFromMillis = restored.wholeFromMillis();
            closedUntilMillis = Math.max(closedUntilMillis, restored.letGoMillis());
        }
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        progressState.clear();
        progressState.add(new WindowProgress(wholeFromMillis, closedUntilMillis));
    }

    @Override
    public void open(OpenContext context) {
        windows = new EnumMap<>(Grain.class);
        for (Grain grain : Grain.values()) {
            windows.put(grain, getRuntimeContext().getMapState(descriptor(grain)));
        }
        refused = getRuntimeContext().getMetricGroup().addGroup("weir").counter("refused");
    }

    private static MapStateDescriptor<Long, OpenWindow> descriptor(Grain grain) {
        return new MapStateDescriptor<>(
                "open-windows-" + grain.suffix(), Types.LONG, TypeInformation.of(OpenWindow.class));
    }

    @Override
    public void processElement(TrafficPartial partial, Context context, Collector<TrafficRow> rows)
            throws Exception {
        if (Grain.MINUTE.endOf(partial.minuteMillis()) <= closedUntilMillis) {
            refused.inc(partial.traffic().requestCount() + partial.traffic().duplicateCount());
            return;
        }
        for (Map.Entry<Grain, MapState<Long, OpenWindow>> entry : windows.entrySet()) {
            add(partial, entry.getKey(), entry.getValue(), context.timerService());
        }
    }

    private void add(
            TrafficPartial partial,
            Grain grain,
            MapState<Long, OpenWindow> open,
            TimerService timers)
            throws Exception {
        long bucket = grain.bucketOf(partial.minuteMillis());
        OpenWindow window = open.get(bucket);
        if (window == null) {
            window = OpenWindow.empty();
            timers.registerEventTimeTimer(grain.endOf(bucket));
        }
        emitLater(grain, timers);
        open.put(bucket, window.plus(partial.traffic()));
    }

    private void emitLater(Grain grain, TimerService timers) {
        long interval = intervals.at(grain).toMillis();
        timers.registerProcessingTimeTimer(
                (timers.currentProcessingTime() / interval + 1) * interval);
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<TrafficRow> rows)
            throws Exception {
        if (context.timeDomain() == TimeDomain.PROCESSING_TIME) {
            emitChanges(context, rows);
            return;
        }
        for (Map.Entry<Grain, MapState<Long, OpenWindow>> entry : windows.entrySet()) {
            end(timestamp, entry.getKey(), entry.getValue(), context.timerService());
        }
        emitChanges(context, rows);
        for (Map.Entry<Grain, MapState<Long, OpenWindow>> entry : windows.entrySet()) {
            close(timestamp, entry.getKey(), entry.getValue());
        }
    }

    private void end(
            long timeMillis, Grain grain, MapState<Long, OpenWindow> open, TimerService timers)
            throws Exception {
        for (Map.Entry<Long, OpenWindow> entry : open.entries()) {
            long end = grain.endOf(entry.getKey());
            if (end <= timeMillis && !entry.getValue().hasEnded()) {
                entry.setValue(entry.getValue().ended());
            }
            if (end <= timeMillis && timeMillis < end + settleMillis) {
                timers.registerEventTimeTimer(end + settleMillis);
            }
        }
    }

    /**
     * An hour or day that has ended is emitted together with what has changed within it at the
     * finer grains, so that whoever sees its row sees the rows that it is the sum of.
     */
    private void emitChanges(OnTimerContext context, Collector<TrafficRow> rows) throws Exception {
        boolean emitsEnded =
                context.timeDomain() == TimeDomain.EVENT_TIME
                        || Grain.COARSEST_FIRST.stream().anyMatch(grain -> isDue(grain, context));
        long emitsAllUntil = Long.MIN_VALUE;
        for (Grain grain : Grain.COARSEST_FIRST) {
            boolean isDue = isDue(grain, context);
            long endedUntil = Long.MIN_VALUE;
            for (Map.Entry<Long, OpenWindow> entry : windowsOf(grain).entries()) {
                long bucket = entry.getKey();
                OpenWindow window = entry.getValue();
                if (!window.hasChanged()) {
                    continue;
                }
                if (isDue || emitsEnded && window.hasEnded() || bucket < emitsAllUntil) {
                    rows.collect(row(grain, bucket, window, context));
                    entry.setValue(window.emitted());
                    if (window.hasEnded()) {
                        endedUntil = Math.max(endedUntil, grain.endOf(bucket));
                    }
                } else {
                    // the timer may be another grain's, or the interval was changed meanwhile
                    emitLater(grain, context.timerService());
                }
            }
            emitsAllUntil = Math.max(emitsAllUntil, endedUntil);
        }
    }

    private boolean isDue(Grain grain, OnTimerContext context) {
        return context.timeDomain() == TimeDomain.PROCESSING_TIME
                && context.timestamp() % intervals.at(grain).toMillis() == 0;
    }

    private void close(long timeMillis, Grain grain, MapState<Long, OpenWindow> open)
            throws Exception {
        Iterator<Map.Entry<Long, OpenWindow>> entries = open.iterator();
        while (entries.hasNext()) {
            long end = grain.endOf(entries.next().getKey());
            if (end + settleMillis <= timeMillis) {
                entries.remove();
                closedUntilMillis = Math.max(closedUntilMillis, end);
            }
        }
        if (open.isEmpty()) {
            // removing through the iterator would leave an empty map for every silent site
            open.clear();
        }
    }

    private MapState<Long, OpenWindow> windowsOf(Grain grain) {
        return Objects.requireNonNull(windows.get(grain));
    }

    /** Requests refused by this subtask since it started. */
    long refusedRequests() {
        return refused.getCount();
    }

    private TrafficRow row(Grain grain, long bucket, OpenWindow window, OnTimerContext context) {
        return window.toRow(
                grain,
                context.getCurrentKey(),
                bucket,
                bucket >= wholeFromMillis,
                context.timerService().currentProcessingTime());
    }
}
