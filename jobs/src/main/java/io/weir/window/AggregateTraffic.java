package io.weir.window;

import io.weir.traffic.Grain;
import io.weir.traffic.Traffic;
import io.weir.traffic.TrafficPartial;
import io.weir.traffic.TrafficRow;
import it.unimi.dsi.fastutil.ints.Int2ObjectMap;
import it.unimi.dsi.fastutil.ints.Int2ObjectOpenHashMap;
import java.time.Duration;
import java.util.EnumMap;
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
 * metric is 0. Duplicates belong to the minute where the first copy was counted, which can be
 * closed a minute before their own: they are in no row then, like those that come late.
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
    private transient Int2ObjectMap<SiteBuckets> sites;
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
        sites = new Int2ObjectOpenHashMap<>();
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
            refused.inc(partial.traffic().requestCount());
            return;
        }
        SiteBuckets site = bucketsOf(partial.siteId(), context.timerService());
        for (Grain grain : Grain.COARSEST_FIRST) {
            add(partial, grain, site, context.timerService());
        }
    }

    private void add(TrafficPartial partial, Grain grain, SiteBuckets site, TimerService timers)
            throws Exception {
        MapState<Long, OpenWindow> open = windowsOf(grain);
        Long bucket = grain.bucketOf(partial.minuteMillis());
        OpenWindow window = open.get(bucket);
        if (window == null) {
            site.opened();
            timers.registerEventTimeTimer(grain.endOf(bucket));
            changed(grain, bucket, false, site, timers);
            open.put(bucket, OpenWindow.of(first(partial, grain)));
            return;
        }
        if (!window.hasChanged()) {
            changed(grain, bucket, window.hasEnded(), site, timers);
        }
        open.put(bucket, window.plus(partial.traffic()));
    }

    /**
     * The finest window, which comes last, keeps the partial's own object: having crossed the
     * network it is nobody else's.
     */
    private static Traffic first(TrafficPartial partial, Grain grain) {
        return grain == Grain.MINUTE ? partial.traffic() : partial.traffic().copy();
    }

    private void changed(
            Grain grain, long bucket, boolean hasEnded, SiteBuckets site, TimerService timers) {
        if (site.changed(grain).isEmpty()) {
            emitLater(grain, site, timers);
        }
        site.changed(grain).add(bucket, hasEnded);
    }

    private void emitLater(Grain grain, SiteBuckets site, TimerService timers) {
        timers.registerProcessingTimeTimer(
                intervals.nextAfter(timers.currentProcessingTime(), grain, site.phaseMillis()));
    }

    /**
     * What is known of a site without looking at its windows; they are looked at once after a
     * restore. That also sets the timers of a settle time that was another before it.
     */
    private SiteBuckets bucketsOf(int siteId, TimerService timers) throws Exception {
        SiteBuckets site = sites.get(siteId);
        if (site == null) {
            site = new SiteBuckets(siteId);
            for (Grain grain : Grain.COARSEST_FIRST) {
                for (Map.Entry<Long, OpenWindow> entry : windowsOf(grain).entries()) {
                    find(grain, entry.getKey(), entry.getValue(), site, timers);
                }
            }
            sites.put(siteId, site);
        }
        return site;
    }

    private void find(
            Grain grain, long bucket, OpenWindow window, SiteBuckets site, TimerService timers) {
        site.opened();
        long end = grain.endOf(bucket);
        timers.registerEventTimeTimer(window.hasEnded() ? end + settleMillis : end);
        if (window.hasChanged()) {
            changed(grain, bucket, window.hasEnded(), site, timers);
        }
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<TrafficRow> rows)
            throws Exception {
        SiteBuckets site = bucketsOf(context.getCurrentKey(), context.timerService());
        if (context.timeDomain() == TimeDomain.PROCESSING_TIME) {
            emitChanges(site, context, rows);
        } else {
            for (Grain grain : Grain.COARSEST_FIRST) {
                end(timestamp - grain.millis(), grain, site, context.timerService());
            }
            emitChanges(site, context, rows);
            for (Grain grain : Grain.COARSEST_FIRST) {
                close(timestamp - settleMillis - grain.millis(), grain, site);
            }
        }
        if (!site.hasOpen()) {
            sites.remove((int) context.getCurrentKey());
        }
    }

    /**
     * Ends the bucket that begins at this instant, if one does that is open. Its row is emitted
     * right after, and only that writes the state.
     */
    private void end(long bucket, Grain grain, SiteBuckets site, TimerService timers)
            throws Exception {
        if (grain.isBucket(bucket)
                && (site.changed(grain).hasOpen(bucket) || isOpen(grain, bucket))) {
            site.changed(grain).end(bucket);
            timers.registerEventTimeTimer(grain.endOf(bucket) + settleMillis);
        }
    }

    private boolean isOpen(Grain grain, long bucket) throws Exception {
        OpenWindow window = windowsOf(grain).get(bucket);
        return window != null && !window.hasEnded();
    }

    /**
     * An hour or day that has ended is emitted together with what has changed within it at the
     * finer grains, so that whoever sees its row sees the rows that it is the sum of.
     */
    private void emitChanges(SiteBuckets site, OnTimerContext context, Collector<TrafficRow> rows)
            throws Exception {
        boolean emitsEnded =
                context.timeDomain() == TimeDomain.EVENT_TIME || isAnyDue(site, context);
        long emitsAllUntil = Long.MIN_VALUE;
        for (Grain grain : Grain.COARSEST_FIRST) {
            boolean isDue = isDue(grain, site, context);
            long endedUntil = Long.MIN_VALUE;
            BucketList changed = site.changed(grain);
            for (int i = changed.size() - 1; i >= 0; i--) {
                long bucket = changed.bucket(i);
                boolean hasEnded = changed.hasEnded(i);
                if (isDue || emitsEnded && hasEnded || bucket < emitsAllUntil) {
                    emit(grain, bucket, hasEnded, context, rows);
                    changed.remove(i);
                    if (hasEnded) {
                        endedUntil = Math.max(endedUntil, grain.endOf(bucket));
                    }
                }
            }
            emitsAllUntil = Math.max(emitsAllUntil, endedUntil);
        }
    }

    private boolean isAnyDue(SiteBuckets site, OnTimerContext context) {
        for (Grain grain : Grain.COARSEST_FIRST) {
            if (isDue(grain, site, context)) {
                return true;
            }
        }
        return false;
    }

    private boolean isDue(Grain grain, SiteBuckets site, OnTimerContext context) {
        return context.timeDomain() == TimeDomain.PROCESSING_TIME
                && intervals.isDue(context.timestamp(), grain, site.phaseMillis());
    }

    private void emit(
            Grain grain,
            long bucket,
            boolean hasEnded,
            OnTimerContext context,
            Collector<TrafficRow> rows)
            throws Exception {
        OpenWindow window = Objects.requireNonNull(windowsOf(grain).get(bucket)).emitted(hasEnded);
        rows.collect(row(grain, bucket, window, context));
        windowsOf(grain).put(bucket, window);
    }

    /** Closes the bucket that begins at this instant, if one does that is open. */
    private void close(long bucket, Grain grain, SiteBuckets site) throws Exception {
        if (grain.isBucket(bucket) && windowsOf(grain).contains(bucket)) {
            windowsOf(grain).remove(bucket);
            site.closed();
            closedUntilMillis = Math.max(closedUntilMillis, grain.endOf(bucket));
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
