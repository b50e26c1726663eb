package io.weir.election;

import java.time.Duration;
import java.util.Objects;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.util.Collector;

/**
 * Holds the elections, one after the other, under a single key: it sees candidates only and keeps
 * the list. {@link ElectionProgress} has the rules of when, {@link TopSites} those of who.
 *
 * <p>The election at a boundary is held when the watermark passes boundary + settle; then all its
 * candidates are here. Every boundary is held, with candidates or not, from the first with traffic
 * on. When the input ends for good none is held after the first boundary beyond the last traffic.
 *
 * <p>In a start without state it reads the list from the store, and skips what was held before. An
 * election whose window this job has not counted from its beginning is skipped too; a second job
 * may hold it, so the list is read once more before the next one.
 *
 * <p>Metrics in the group {@code weir}: {@code elections} held, {@code elections-skipped} because
 * their window was not whole, {@code election-candidates} and {@code election-millis} of the last.
 */
@SuppressWarnings("NullAway.Init") // Flink calls initializeState and open before anything else
public final class HoldElections extends ElectionStep<ElectionInput, Election> {

    private static final long serialVersionUID = 1;

    private transient ValueState<ElectionProgress> progressState;
    private transient StateMap<Nomination, Candidate> candidates;
    private transient TopSites sites;
    private transient Counter held;
    private transient Counter skipped;
    private transient volatile long lastCandidates;
    private transient volatile long lastMillis;

    /**
     * @param settle how long after its end a minute can still change
     */
    public HoldElections(ElectionStore store, Duration settle) {
        super(store, settle);
    }

    @Override
    public void open(OpenContext context) {
        super.open(context);
        progressState =
                getRuntimeContext()
                        .getState(
                                new ValueStateDescriptor<>(
                                        "election-progress", ElectionProgress.class));
        candidates =
                StateMap.of(
                        getRuntimeContext(),
                        "candidates",
                        TypeInformation.of(Nomination.class),
                        TypeInformation.of(Candidate.class));
        sites =
                new TopSites(
                        StateMap.of(
                                getRuntimeContext(),
                                "list",
                                Types.INT,
                                TypeInformation.of(TopSite.class)),
                        StateMap.of(getRuntimeContext(), "counted-of-left", Types.INT, Types.LONG));
        MetricGroup weir = getRuntimeContext().getMetricGroup().addGroup("weir");
        held = weir.counter("elections");
        skipped = weir.counter("elections-skipped");
        weir.gauge("election-candidates", () -> lastCandidates);
        weir.gauge("election-millis", () -> lastMillis);
    }

    @Override
    public void processElement(
            ElectionInput input, ReadOnlyContext context, Collector<Election> elections)
            throws Exception {
        ElectionProgress progress = progress();
        Candidate candidate = input.candidate();
        if (candidate != null && progress.isStillToCome(candidate.boundaryMillis())) {
            candidates.put(Nomination.of(candidate), candidate);
        }
        MinuteHits traffic = input.traffic();
        if (traffic != null) {
            progress = progress.withTraffic(traffic);
            progressState.update(progress);
            lookAfter(
                    Objects.requireNonNull(progress.from()),
                    calendar(context),
                    context.timerService());
        }
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<Election> elections)
            throws Exception {
        ElectionCalendar calendar = calendar(context);
        ElectionProgress progress = progress();
        Long boundary = progress.next(calendar);
        if (boundary != null && progress.hasSkippedUpTo(boundary, calendar)) {
            progress = continueFrom(store.readPast(), progress);
            boundary = progress.next(calendar);
        }
        boolean isEnd = context.currentWatermark() == Long.MAX_VALUE;
        if (boundary == null || (isEnd && progress.isBeyondTraffic(boundary, calendar))) {
            return;
        }
        if (timestamp < due(boundary)) {
            // an earlier boundary's timer, or the settle time was another when it was set
            context.timerService().registerEventTimeTimer(due(boundary));
            return;
        }
        if (progress.isWhole(boundary, calendar)) {
            elections.collect(hold(boundary, calendar));
        } else {
            skipped.inc();
        }
        long next = calendar.nextBoundary(boundary);
        ElectionProgress passed = progress.passed(boundary);
        progressState.update(passed);
        candidates.removeKeysIf(each -> !passed.isStillToCome(each.boundaryMillis()));
        sites.forgetLeft(calendar.windowStart(next));
        context.timerService().registerEventTimeTimer(due(next));
    }

    private Election hold(long boundary, ElectionCalendar calendar) {
        long startNanos = System.nanoTime();
        Election election = sites.hold(boundary, calendar, candidates.values());
        held.inc();
        lastCandidates = election.candidates();
        lastMillis = Duration.ofNanos(System.nanoTime() - startNanos).toMillis();
        return election;
    }

    /** Elections skipped since the start. */
    long skippedElections() {
        return skipped.getCount();
    }

    private ElectionProgress progress() throws Exception {
        ElectionProgress known = progressState.value();
        return known != null ? known : continueFrom(store.readPast(), ElectionProgress.NONE);
    }

    /** Continues after the elections that the store has, if they are as far as these. */
    private ElectionProgress continueFrom(ElectionStore.Past past, ElectionProgress progress)
            throws Exception {
        if (!progress.isContinuedBy(past)) {
            return progress;
        }
        sites.startFrom(past.sites());
        ElectionProgress passed = progress.passed(past.lastBoundaryMillis());
        progressState.update(passed);
        return passed;
    }

    /** Key of a candidate. */
    public record Nomination(long boundaryMillis, int siteId) {
        static Nomination of(Candidate candidate) {
            return new Nomination(candidate.boundaryMillis(), candidate.siteId());
        }
    }
}
