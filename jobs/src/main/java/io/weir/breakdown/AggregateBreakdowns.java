package io.weir.breakdown;

import io.weir.traffic.Grain;
import io.weir.window.ProvisionalIntervals;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.metrics.Counter;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.TimeDomain;
import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * The hours and days of a site's views. Their rows are emitted when those of the windows are: at an
 * interval while they change, finally when the watermark passes the bucket's end, and again when
 * something is added after that, until the bucket is closed a settle time after its end.
 *
 * <p>A bucket that was closed is not opened again; what comes for it is counted by the metric
 * {@code weir.refused-in-views} (in requests), which is 0 wherever that of the windows is.
 */
@SuppressWarnings("NullAway.Init") // Flink calls initializeState and open before anything else
public final class AggregateBreakdowns
        extends KeyedProcessFunction<Integer, BreakdownPartial, BreakdownRow>
        implements CheckpointedFunction {

    /** The grains that views have, the longest buckets first. */
    public static final List<Grain> GRAINS = List.of(Grain.DAY, Grain.HOUR);

    private static final long serialVersionUID = 1;

    private final ProvisionalIntervals intervals;
    private final long settleMillis;
    private final long startsWholeFromMillis;
    private final long maxAheadMillis;

    private transient MapState<ViewBucket, OpenBreakdown> open;
    private transient ListState<BreakdownProgress> progressState;

    /** Not after a restore from a savepoint of a job that knew no views. */
    private transient boolean isKnown;

    private transient long wholeFromMillis;
    private transient long closedUntilMillis;
    private transient Counter refused;

    /**
     * @param settle how long after its end a bucket is kept
     * @param maxAhead how far ahead of the machine's time requests can be
     * @param wholeFromMillis in a start without state, the first instant from which every request
     *     is read, epoch milliseconds
     */
    public AggregateBreakdowns(
            ProvisionalIntervals intervals,
            Duration settle,
            Duration maxAhead,
            long wholeFromMillis) {
        this.intervals = intervals;
        this.settleMillis = settle.toMillis();
        this.maxAheadMillis = maxAhead.toMillis();
        this.startsWholeFromMillis = wholeFromMillis;
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        progressState =
                context.getOperatorStateStore()
                        .getUnionListState(
                                new ListStateDescriptor<>(
                                        "breakdown-progress", BreakdownProgress.class));
        closedUntilMillis = Long.MIN_VALUE;
        wholeFromMillis = Long.MIN_VALUE;
        isKnown = false;
        for (BreakdownProgress restored : progressState.get()) {
            isKnown = true;
            wholeFromMillis = Math.max(wholeFromMillis, restored.wholeFromMillis());
            closedUntilMillis = Math.max(closedUntilMillis, restored.closedUntilMillis());
        }
        if (!isKnown && !context.isRestored()) {
            isKnown = true;
            wholeFromMillis = startsWholeFromMillis;
        }
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        progressState.clear();
        if (isKnown) {
            progressState.add(new BreakdownProgress(wholeFromMillis, closedUntilMillis));
        }
    }

    @Override
    public void open(OpenContext context) {
        open =
                getRuntimeContext()
                        .getMapState(
                                new MapStateDescriptor<>(
                                        "open-breakdowns",
                                        TypeInformation.of(ViewBucket.class),
                                        TypeInformation.of(OpenBreakdown.class)));
        refused = getRuntimeContext().getMetricGroup().addGroup("weir").counter("refused-in-views");
    }

    @Override
    public void processElement(
            BreakdownPartial partial, Context context, Collector<BreakdownRow> rows)
            throws Exception {
        TimerService timers = context.timerService();
        if (!isKnown) {
            // what an earlier version of the job has read of these hours is in no view
            wholeFromMillis = timers.currentProcessingTime() + maxAheadMillis;
            isKnown = true;
        }
        if (Grain.HOUR.endOf(partial.hourMillis()) <= closedUntilMillis) {
            partial.byKey().values().forEach(counts -> refused.inc(counts.requests()));
            return;
        }
        for (Grain grain : GRAINS) {
            add(partial, grain, context.getCurrentKey(), timers);
        }
    }

    private void add(BreakdownPartial partial, Grain grain, int siteId, TimerService timers)
            throws Exception {
        ViewBucket bucket =
                new ViewBucket(partial.viewId(), grain, grain.bucketOf(partial.hourMillis()));
        OpenBreakdown window = open.get(bucket);
        if (window == null) {
            window = new OpenBreakdown(new Breakdown(), false, false);
            timers.registerEventTimeTimer(bucket.endMillis());
        }
        window.breakdown().add(partial);
        if (!window.hasChanged()) {
            timers.registerProcessingTimeTimer(
                    intervals.nextAfter(
                            timers.currentProcessingTime(),
                            grain,
                            ProvisionalIntervals.phaseMillis(siteId)));
        }
        open.put(bucket, window.changed());
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<BreakdownRow> rows)
            throws Exception {
        List<Map.Entry<ViewBucket, OpenBreakdown>> all = new ArrayList<>();
        open.entries().forEach(all::add);
        for (Map.Entry<ViewBucket, OpenBreakdown> entry : all) {
            if (context.timeDomain() == TimeDomain.PROCESSING_TIME) {
                emitIfDue(entry.getKey(), entry.getValue(), timestamp, context, rows);
            } else {
                pass(entry.getKey(), entry.getValue(), timestamp, context, rows);
            }
        }
    }

    private void emitIfDue(
            ViewBucket bucket,
            OpenBreakdown window,
            long timestamp,
            OnTimerContext context,
            Collector<BreakdownRow> rows)
            throws Exception {
        if (!window.hasChanged()) {
            return;
        }
        Grain grain = bucket.grain();
        int phase = ProvisionalIntervals.phaseMillis(context.getCurrentKey());
        if (intervals.isDue(timestamp, grain, phase)) {
            emit(bucket, window, window.hasEnded(), context, rows);
        } else {
            // its own timer, unless it was set for another interval before a restore
            context.timerService()
                    .registerProcessingTimeTimer(intervals.nextAfter(timestamp, grain, phase));
        }
    }

    /** Event time has come to an instant. */
    private void pass(
            ViewBucket bucket,
            OpenBreakdown window,
            long timestamp,
            OnTimerContext context,
            Collector<BreakdownRow> rows)
            throws Exception {
        boolean ends = !window.hasEnded() && bucket.endMillis() <= timestamp;
        boolean closes = bucket.endMillis() + settleMillis <= timestamp;
        if (bucket.endMillis() <= timestamp && !closes) {
            // again and again: after a restore the settle time can be another
            context.timerService().registerEventTimeTimer(bucket.endMillis() + settleMillis);
        }
        if (ends || window.hasChanged() && closes) {
            emit(bucket, window, true, context, rows);
        }
        if (closes) {
            open.remove(bucket);
            closedUntilMillis = Math.max(closedUntilMillis, bucket.endMillis());
        }
    }

    private void emit(
            ViewBucket bucket,
            OpenBreakdown window,
            boolean hasEnded,
            OnTimerContext context,
            Collector<BreakdownRow> rows)
            throws Exception {
        boolean isWhole = bucket.bucketMillis() >= wholeFromMillis;
        rows.collect(
                new BreakdownRow(
                        bucket.grain(),
                        context.getCurrentKey(),
                        bucket.viewId(),
                        bucket.bucketMillis(),
                        window.breakdown().copy(),
                        isWhole,
                        isWhole && hasEnded,
                        context.timerService().currentProcessingTime()));
        open.put(bucket, window.emitted(hasEnded));
    }
}
