package io.weir.election;

import java.time.Duration;
import java.util.Arrays;
import java.util.Iterator;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.co.KeyedBroadcastProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Finds the candidates of each election: the work for every site, in parallel by site.
 *
 * <p>It keeps the hits of the minutes that an election to come will count, and nothing of a site
 * without any. At a boundary's end + settle, when its minutes can no longer change, a site with
 * enough hits becomes a candidate. The watermark carries all candidates of a boundary ahead of it.
 */
@SuppressWarnings("NullAway.Init") // Flink calls initializeState and open before anything else
public final class NominateSites
        extends KeyedBroadcastProcessFunction<Integer, MinuteHits, ElectionSettings, ElectionNews>
        implements CheckpointedFunction {

    private static final long serialVersionUID = 1;

    /** Broadcast state of the settings. */
    public static final MapStateDescriptor<Integer, ElectionSettings> SETTINGS =
            KnownSettings.BROADCAST;

    private final ElectionStore store;
    private final Duration configuredSettle;

    private transient LongestSettle settle;
    private transient KnownSettings settings;
    private transient MapState<Long, Long> hitsByMinute;
    private transient ListState<Long> wholeFromState;
    private transient long wholeFromMillis;
    private transient long firstTold;
    private transient long lastTold;

    /**
     * @param settle how long after its end a minute can still change
     */
    public NominateSites(ElectionStore store, Duration settle) {
        this.store = store;
        this.configuredSettle = settle;
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        settle = LongestSettle.of(configuredSettle, context);
        wholeFromState =
                context.getOperatorStateStore()
                        .getUnionListState(
                                new ListStateDescriptor<>("election-whole-from", Types.LONG));
        wholeFromMillis = Long.MIN_VALUE;
        for (long restored : wholeFromState.get()) {
            wholeFromMillis = Math.max(wholeFromMillis, restored);
        }
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        settle.snapshot();
        wholeFromState.clear();
        wholeFromState.add(wholeFromMillis);
    }

    @Override
    public void open(OpenContext context) {
        settings = new KnownSettings(store);
        hitsByMinute =
                getRuntimeContext()
                        .getMapState(
                                new MapStateDescriptor<>("hits-by-minute", Types.LONG, Types.LONG));
        firstTold = Long.MAX_VALUE;
        lastTold = Long.MIN_VALUE;
    }

    @Override
    public void processBroadcastElement(
            ElectionSettings version, Context context, Collector<ElectionNews> news)
            throws Exception {
        settings.add(version, context.getBroadcastState(KnownSettings.BROADCAST));
    }

    @Override
    public void processElement(
            MinuteHits minute, ReadOnlyContext context, Collector<ElectionNews> news)
            throws Exception {
        ElectionCalendar calendar =
                settings.calendar(context.getBroadcastState(KnownSettings.BROADCAST));
        wholeFromMillis = Math.max(wholeFromMillis, minute.wholeFromMillis());
        hitsByMinute.put(minute.minuteMillis(), minute.hits());
        TimerService timers = context.timerService();
        timers.registerEventTimeTimer(
                SettledTime.nextLook(
                        minute.minuteMillis(),
                        calendar,
                        settle.millis(),
                        timers.currentWatermark()));
        tellTraffic(minute.minuteMillis(), news);
    }

    /** Once a minute, not once a site. */
    private void tellTraffic(long minute, Collector<ElectionNews> news) {
        if (minute < firstTold || minute > lastTold) {
            firstTold = Math.min(firstTold, minute);
            lastTold = Math.max(lastTold, minute);
            news.collect(new ElectionNews(minute, wholeFromMillis, null));
        }
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<ElectionNews> news)
            throws Exception {
        ElectionCalendar calendar =
                settings.calendar(context.getBroadcastState(KnownSettings.BROADCAST));
        // not simply the timer's: the settle time may have been another when it was set
        long boundary = calendar.lastBoundary(timestamp - settle.millis());
        long start = calendar.windowStart(boundary);
        if (start >= wholeFromMillis) {
            nominate(context.getCurrentKey(), boundary, calendar, news);
        }
        lookForward(calendar, calendar.nextBoundary(boundary), context.timerService());
    }

    private void nominate(
            int siteId, long boundary, ElectionCalendar calendar, Collector<ElectionNews> news)
            throws Exception {
        long[] cuts = calendar.cuts(calendar.windowStart(boundary), boundary);
        HitsBetweenElections[] parts = new HitsBetweenElections[cuts.length];
        long hits = 0;
        long lastMinute = Long.MIN_VALUE;
        for (Map.Entry<Long, Long> entry : hitsByMinute.entries()) {
            long minute = entry.getKey();
            if (cuts[0] <= minute && minute < boundary) {
                int part = indexOf(cuts, minute);
                parts[part] = plus(parts[part], cuts[part], minute, entry.getValue());
                hits += entry.getValue();
                lastMinute = Math.max(lastMinute, minute);
            }
        }
        if (hits >= calendar.at(boundary).minHits()) {
            HitsBetweenElections[] inOrder =
                    Arrays.stream(parts)
                            .filter(part -> part != null)
                            .toArray(HitsBetweenElections[]::new);
            news.collect(
                    new ElectionNews(
                            lastMinute,
                            wholeFromMillis,
                            new Candidate(siteId, boundary, hits, lastMinute, inOrder)));
        }
    }

    private static int indexOf(long[] cuts, long minute) {
        int index = Arrays.binarySearch(cuts, minute);
        return index >= 0 ? index : -index - 2;
    }

    private static HitsBetweenElections plus(
            HitsBetweenElections part, long fromMillis, long minute, long hits) {
        return part == null
                ? new HitsBetweenElections(fromMillis, minute, hits)
                : new HitsBetweenElections(
                        fromMillis, Math.min(part.firstMinuteMillis(), minute), part.hits() + hits);
    }

    /** Forgets what no election will count, and comes back for the next one if anything is left. */
    private void lookForward(ElectionCalendar calendar, long nextBoundary, TimerService timers)
            throws Exception {
        long start = calendar.windowStart(nextBoundary);
        Iterator<Map.Entry<Long, Long>> entries = hitsByMinute.iterator();
        while (entries.hasNext()) {
            if (entries.next().getKey() < start) {
                entries.remove();
            }
        }
        if (hitsByMinute.isEmpty()) {
            // removing through the iterator would leave an empty map behind for every silent site
            hitsByMinute.clear();
        } else {
            timers.registerEventTimeTimer(nextBoundary + settle.millis());
        }
    }
}
