package io.weir.election;

import java.time.Duration;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.util.Collector;

/**
 * Finds the candidates of each election: the work for every site, in parallel by site.
 *
 * <p>It keeps the hits of the minutes that an election to come will count, and nothing of a site
 * without any. When an election is due a site with enough hits becomes a candidate. All candidates
 * of an election are emitted before the watermark at which it is held.
 */
@SuppressWarnings("NullAway.Init") // Flink calls initializeState and open before anything else
public final class NominateSites extends ElectionStep<MinuteHits, ElectionInput> {

    private static final long serialVersionUID = 1;

    private transient HitsByMinute hits;
    private transient boolean isRestored;
    private transient long firstReported;
    private transient long lastReported;

    /**
     * @param settle how long after its end a minute can still change
     */
    public NominateSites(ElectionStore store, Duration settle) {
        super(store, settle);
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        super.initializeState(context);
        isRestored = context.isRestored();
        // Only "elections" remembers this now. Left alone, a union state would multiply by the
        // parallelism with every restart.
        context.getOperatorStateStore()
                .getUnionListState(new ListStateDescriptor<>("election-whole-from", Types.LONG))
                .clear();
    }

    @Override
    public void open(OpenContext context) {
        super.open(context);
        hits = HitsByMinute.of(getRuntimeContext(), isRestored);
        firstReported = Long.MAX_VALUE;
        lastReported = Long.MIN_VALUE;
    }

    @Override
    public void processElement(
            MinuteHits minute, ReadOnlyContext context, Collector<ElectionInput> inputs)
            throws Exception {
        hits.put(minute.minuteMillis(), minute.hits());
        lookAfter(minute.minuteMillis(), calendar(context), context.timerService());
        reportTraffic(minute, inputs);
    }

    /** Once a minute, not once a site. */
    private void reportTraffic(MinuteHits minute, Collector<ElectionInput> inputs) {
        long millis = minute.minuteMillis();
        if (millis < firstReported || millis > lastReported) {
            firstReported = Math.min(firstReported, millis);
            lastReported = Math.max(lastReported, millis);
            inputs.collect(new ElectionInput(minute, null));
        }
    }

    @Override
    public void onTimer(long timestamp, OnTimerContext context, Collector<ElectionInput> inputs)
            throws Exception {
        ElectionCalendar calendar = calendar(context);
        // not simply the timer's boundary: the settle time may have been another when it was set
        long boundary = lastDue(timestamp, calendar);
        Candidate candidate =
                Candidate.of(context.getCurrentKey(), boundary, calendar, hits.entries());
        if (candidate != null) {
            inputs.collect(new ElectionInput(null, candidate));
        }
        long next = calendar.nextBoundary(boundary);
        hits.forgetBefore(calendar.windowStart(next));
        if (!hits.isEmpty()) {
            context.timerService().registerEventTimeTimer(due(next));
        }
    }
}
