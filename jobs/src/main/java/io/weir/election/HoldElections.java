package io.weir.election;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.MapState;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.co.KeyedBroadcastProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;

/**
 * Holds the elections, one after the other, under a single key: it sees candidates only and keeps
 * the list.
 *
 * <p>The election at a boundary is held when the watermark passes boundary + settle; then all its
 * candidates are here. Every boundary is held, with candidates or not, from the first with traffic
 * on. When the input ends for good none is held after the first one behind the last traffic.
 *
 * <p>In a start without state it reads the list from the store, and skips what was held before. An
 * election whose window this job has not counted from its beginning is skipped too; a second job
 * may hold it, so the list is read once more before the next one.
 *
 * <p>Metrics in the group {@code weir}: {@code elections} held, {@code elections-skipped} because
 * their window was not whole, {@code election-candidates} and {@code election-millis} of the last.
 */
@SuppressWarnings("NullAway.Init") // Flink calls initializeState and open before anything else
public final class HoldElections
        extends KeyedBroadcastProcessFunction<Integer, ElectionNews, ElectionSettings, Election>
        implements CheckpointedFunction {

    private static final long serialVersionUID = 1;

    private static final Comparator<TopSite> FIRST_TO_STAY =
            Comparator.comparingLong(TopSite::lastSeenMillis)
                    .thenComparingLong(TopSite::totalHits)
                    .reversed()
                    .thenComparingInt(TopSite::siteId);

    private final ElectionStore store;
    private final Duration configuredSettle;

    private transient LongestSettle settle;
    private transient KnownSettings settings;
    private transient ValueState<ElectionProgress> progressState;
    private transient MapState<Nomination, Candidate> candidates;
    private transient MapState<Integer, TopSite> list;
    private transient MapState<Integer, Long> countedOfLeft;
    private transient Counter held;
    private transient Counter skipped;
    private transient volatile long lastCandidates;
    private transient volatile long lastMillis;

    /**
     * @param settle how long after its end a minute can still change
     */
    public HoldElections(ElectionStore store, Duration settle) {
        this.store = store;
        this.configuredSettle = settle;
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        settle = LongestSettle.of(configuredSettle, context);
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        settle.snapshot();
    }

    @Override
    public void open(OpenContext context) {
        settings = new KnownSettings(store);
        progressState =
                getRuntimeContext()
                        .getState(
                                new ValueStateDescriptor<>(
                                        "election-progress", ElectionProgress.class));
        candidates =
                getRuntimeContext()
                        .getMapState(
                                new MapStateDescriptor<>(
                                        "candidates",
                                        TypeInformation.of(Nomination.class),
                                        TypeInformation.of(Candidate.class)));
        list =
                getRuntimeContext()
                        .getMapState(
                                new MapStateDescriptor<>(
                                        "list", Types.INT, TypeInformation.of(TopSite.class)));
        countedOfLeft =
                getRuntimeContext()
                        .getMapState(
                                new MapStateDescriptor<>("counted-of-left", Types.INT, Types.LONG));
        MetricGroup weir = getRuntimeContext().getMetricGroup().addGroup("weir");
        held = weir.counter("elections");
        skipped = weir.counter("elections-skipped");
        weir.gauge("election-candidates", () -> lastCandidates);
        weir.gauge("election-millis", () -> lastMillis);
    }

    @Override
    public void processBroadcastElement(
            ElectionSettings version, Context context, Collector<Election> elections)
            throws Exception {
        settings.add(version, context.getBroadcastState(KnownSettings.BROADCAST));
    }

    @Override
    public void processElement(
            ElectionNews news, ReadOnlyContext context, Collector<Election> elections)
            throws Exception {
        ElectionProgress progress = progress();
        Candidate candidate = news.candidate();
        if (candidate == null) {
            ElectionCalendar calendar =
                    settings.calendar(context.getBroadcastState(KnownSettings.BROADCAST));
            traffic(progress.withTraffic(news), calendar, context.timerService());
        } else if (progress.isStillToCome(candidate.boundaryMillis())) {
            candidates.put(Nomination.of(candidate), candidate);
        }
    }

    /** Makes sure that the elections have begun. */
    private void traffic(ElectionProgress progress, ElectionCalendar calendar, TimerService timers)
            throws Exception {
        progressState.update(progress);
        long from =
                Objects.requireNonNullElse(
                        progress.lastBoundaryMillis(),
                        Objects.requireNonNull(progress.firstMinuteMillis()));
        timers.registerEventTimeTimer(
                SettledTime.nextLook(from, calendar, settle.millis(), timers.currentWatermark()));
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<Election> elections)
            throws Exception {
        ElectionCalendar calendar =
                settings.calendar(context.getBroadcastState(KnownSettings.BROADCAST));
        ElectionProgress progress = afterOthers(progress(), calendar);
        Long boundary = progress.next(calendar);
        boolean isEnd = context.currentWatermark() == Long.MAX_VALUE;
        if (boundary == null || (isEnd && boundary > progress.end(calendar))) {
            return;
        }
        if (timestamp < boundary + settle.millis()) {
            // an earlier boundary's timer, or the settle time was another when it was set
            context.timerService().registerEventTimeTimer(boundary + settle.millis());
            return;
        }
        if (isWhole(boundary, progress, calendar)) {
            elections.collect(hold(boundary, calendar));
        } else {
            skipped.inc();
        }
        long next = calendar.nextBoundary(boundary);
        ElectionProgress passed = progress.passed(boundary);
        forget(passed, calendar.windowStart(next));
        progressState.update(passed);
        context.timerService().registerEventTimeTimer(next + settle.millis());
    }

    private static boolean isWhole(
            long boundary, ElectionProgress progress, ElectionCalendar calendar) {
        return calendar.windowStart(boundary) >= progress.wholeFromMillis();
    }

    /**
     * Takes over what a second job has held of the elections that were skipped here, before the
     * first that is held.
     */
    private ElectionProgress afterOthers(ElectionProgress progress, ElectionCalendar calendar)
            throws Exception {
        Long last = progress.lastBoundaryMillis();
        Long next = progress.next(calendar);
        if (last == null
                || next == null
                || isWhole(last, progress, calendar)
                || !isWhole(next, progress, calendar)) {
            return progress;
        }
        ElectionStore.Past past = store.readPast();
        if (past.lastBoundaryMillis() == null || past.lastBoundaryMillis() < last) {
            return progress;
        }
        remember(past);
        ElectionProgress passed = progress.passed(past.lastBoundaryMillis());
        progressState.update(passed);
        return passed;
    }

    /** Lets go of each candidate as soon as it is elected: there may be a million. */
    private Election hold(long boundary, ElectionCalendar calendar) throws Exception {
        long startNanos = System.nanoTime();
        Map<Integer, TopSite> before = new HashMap<>();
        list.entries().forEach(entry -> before.put(entry.getKey(), entry.getValue()));
        Map<Integer, TopSite> changed = elect(boundary, before);
        int candidateCount = changed.size();
        List<TopSite> sites = new ArrayList<>(changed.values());
        before.values().stream()
                .filter(site -> !changed.containsKey(site.siteId()))
                .forEach(sites::add);
        ElectionSettings inForce = calendar.at(boundary);
        Long leftAt = boundary;
        List<TopSite> leaving = leaving(sites, boundary, inForce);
        for (TopSite site : leaving) {
            changed.put(site.siteId(), site.removed(leftAt));
        }
        int listed = sites.size() - leaving.size();
        int left = remember(before, changed);
        held.inc();
        lastCandidates = candidateCount;
        lastMillis = Duration.ofNanos(System.nanoTime() - startNanos).toMillis();
        return new Election(
                boundary,
                calendar.windowStart(boundary),
                inForce.version(),
                candidateCount,
                listed,
                listed - (before.size() - left),
                left,
                changed.values().stream()
                        .sorted(Comparator.comparingInt(TopSite::siteId))
                        .toArray(TopSite[]::new));
    }

    /** Takes the candidates, and returns them as they are in the list of all sites. */
    private Map<Integer, TopSite> elect(long boundary, Map<Integer, TopSite> before)
            throws Exception {
        Map<Integer, TopSite> elected = new HashMap<>();
        Iterator<Map.Entry<Nomination, Candidate>> entries = candidates.iterator();
        while (entries.hasNext()) {
            Map.Entry<Nomination, Candidate> entry = entries.next();
            if (entry.getKey().boundaryMillis() == boundary) {
                Candidate candidate = entry.getValue();
                TopSite known = before.get(candidate.siteId());
                TopSite now =
                        known == null
                                ? TopSite.elected(candidate, countedUntil(candidate.siteId()))
                                : known.electedAgain(candidate);
                elected.put(now.siteId(), now);
                entries.remove();
            }
        }
        return elected;
    }

    private long countedUntil(int siteId) throws Exception {
        Long counted = countedOfLeft.get(siteId);
        return counted == null ? Long.MIN_VALUE : counted;
    }

    /** Sites unseen for too long, then those beyond the list's size. */
    private static List<TopSite> leaving(
            List<TopSite> sites, long boundary, ElectionSettings inForce) {
        List<TopSite> leaving = new ArrayList<>();
        List<TopSite> staying = new ArrayList<>();
        for (TopSite site : sites) {
            boolean isUnseen = boundary - site.lastSeenMillis() >= inForce.retentionMillis();
            (isUnseen ? leaving : staying).add(site);
        }
        if (staying.size() > inForce.maxEntries()) {
            staying.sort(FIRST_TO_STAY);
            leaving.addAll(staying.subList(inForce.maxEntries(), staying.size()));
        }
        return leaving;
    }

    /** Brings the state up to date, and returns how many sites of the list before have left it. */
    private int remember(Map<Integer, TopSite> before, Map<Integer, TopSite> changed)
            throws Exception {
        int left = 0;
        for (TopSite site : changed.values()) {
            if (site.leftAtMillis() == null) {
                list.put(site.siteId(), site);
                countedOfLeft.remove(site.siteId());
            } else {
                if (before.containsKey(site.siteId())) {
                    list.remove(site.siteId());
                    left++;
                }
                countedOfLeft.put(site.siteId(), site.countedUntilMillis());
            }
        }
        return left;
    }

    /** Forgets candidates of the past, and of sites that left what no window reaches any more. */
    private void forget(ElectionProgress progress, long nextWindowStart) throws Exception {
        Iterator<Nomination> nominations = candidates.keys().iterator();
        while (nominations.hasNext()) {
            if (!progress.isStillToCome(nominations.next().boundaryMillis())) {
                nominations.remove();
            }
        }
        if (candidates.isEmpty()) {
            // the map keeps the size it once had
            candidates.clear();
        }
        Iterator<Long> counted = countedOfLeft.values().iterator();
        while (counted.hasNext()) {
            if (counted.next() <= nextWindowStart) {
                counted.remove();
            }
        }
    }

    /** Elections skipped since the start. */
    long skippedElections() {
        return skipped.getCount();
    }

    private ElectionProgress progress() throws Exception {
        @Nullable ElectionProgress known = progressState.value();
        if (known != null) {
            return known;
        }
        ElectionStore.Past past = store.readPast();
        remember(past);
        ElectionProgress begun = ElectionProgress.after(past.lastBoundaryMillis());
        progressState.update(begun);
        return begun;
    }

    private void remember(ElectionStore.Past past) throws Exception {
        list.clear();
        countedOfLeft.clear();
        for (TopSite site : past.sites()) {
            if (site.leftAtMillis() == null) {
                list.put(site.siteId(), site);
            } else {
                countedOfLeft.put(site.siteId(), site.countedUntilMillis());
            }
        }
    }

    /** Key of a candidate. */
    public record Nomination(long boundaryMillis, int siteId) {
        static Nomination of(Candidate candidate) {
            return new Nomination(candidate.boundaryMillis(), candidate.siteId());
        }
    }
}
