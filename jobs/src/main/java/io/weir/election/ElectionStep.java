package io.weir.election;

import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.TimerService;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.co.KeyedBroadcastProcessFunction;
import org.apache.flink.util.Collector;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What both steps of the election need: the versions of the settings and the settle time.
 *
 * <p>A subtask knows the versions of the table when it starts, so that they are there before the
 * first record, and all that were broadcast. Subtasks that learn of a version at different times
 * agree all the same, since it holds from a boundary that is still to come.
 *
 * <p>The settle time is the longest that a job with this state was set to. Both steps have timers
 * in their state that an earlier job set by its own. Were it shortened, an election would be held
 * before the candidates whose timers are still to come. So a shorter one holds from the next start
 * without state.
 */
@SuppressWarnings("NullAway.Init") // Flink calls initializeState and open before anything else
public abstract class ElectionStep<I, O>
        extends KeyedBroadcastProcessFunction<Integer, I, ElectionSettings, O>
        implements CheckpointedFunction {

    private static final long serialVersionUID = 1;

    /** Broadcast state of the settings. */
    public static final MapStateDescriptor<Integer, ElectionSettings> SETTINGS =
            new MapStateDescriptor<>(
                    "election-settings", Types.INT, TypeInformation.of(ElectionSettings.class));

    private static final Logger LOG = LoggerFactory.getLogger(ElectionStep.class);

    /** What the database knows of elections. */
    protected final ElectionStore store;

    private final Duration configuredSettle;

    private transient ListState<Long> settleState;
    private transient long settleMillis;
    private transient Map<Integer, ElectionSettings> settingsOfTable;
    private transient @Nullable IOException failure;
    private transient @Nullable ElectionCalendar calendar;

    /**
     * @param settle how long after its end a minute can still change
     */
    ElectionStep(ElectionStore store, Duration settle) {
        this.store = store;
        this.configuredSettle = settle;
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        settleState =
                context.getOperatorStateStore()
                        .getUnionListState(
                                new ListStateDescriptor<>("election-settle", Types.LONG));
        settleMillis = configuredSettle.toMillis();
        for (long restored : settleState.get()) {
            settleMillis = Math.max(settleMillis, restored);
        }
        if (settleMillis > configuredSettle.toMillis()) {
            LOG.warn(
                    "Elections still wait {} for their minutes to settle, not {}: a shorter time"
                            + " takes effect with a start without state",
                    Duration.ofMillis(settleMillis),
                    configuredSettle);
        }
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        settleState.update(List.of(settleMillis));
    }

    @Override
    public void open(OpenContext context) {
        settingsOfTable = new HashMap<>();
        try {
            store.readSettings().forEach(each -> settingsOfTable.put(each.version(), each));
        } catch (IOException e) {
            LOG.warn("The election's settings cannot be read: those of the checkpoint hold", e);
            failure = e;
        }
    }

    @Override
    public void processBroadcastElement(
            ElectionSettings version, Context context, Collector<O> ignored) throws Exception {
        context.getBroadcastState(SETTINGS).put(version.version(), version);
        calendar = null;
    }

    /**
     * The calendar of all versions that are known.
     *
     * @throws IOException when none is, because the table could not be read
     */
    final ElectionCalendar calendar(ReadOnlyContext context) throws Exception {
        ElectionCalendar current = calendar;
        if (current == null) {
            Map<Integer, ElectionSettings> known = new HashMap<>(settingsOfTable);
            context.getBroadcastState(SETTINGS)
                    .immutableEntries()
                    .forEach(entry -> known.put(entry.getKey(), entry.getValue()));
            if (known.isEmpty() && failure != null) {
                throw new IOException("no settings of the election are known", failure);
            }
            current = ElectionCalendar.of(known.values());
            calendar = current;
        }
        return current;
    }

    /** When the election at a boundary is due: its minutes can no longer change. */
    final long due(long boundary) {
        return boundary + settleMillis;
    }

    /**
     * Sets a timer to look for the election after an instant. Settings are known when the elections
     * they hold for are due, not when the instant's traffic arrives: a version that is still
     * unknown then can begin at the boundary before the instant and have its next one soon. So the
     * timer is for that boundary, unless its time has passed.
     */
    final void lookAfter(long millis, ElectionCalendar calendar, TimerService timers) {
        long before = due(calendar.lastBoundary(millis));
        timers.registerEventTimeTimer(
                before > timers.currentWatermark() ? before : due(calendar.nextBoundary(millis)));
    }

    /** The last boundary whose election is due at an instant. */
    final long lastDue(long millis, ElectionCalendar calendar) {
        return calendar.lastBoundary(millis - settleMillis);
    }
}
