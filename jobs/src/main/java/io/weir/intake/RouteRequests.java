package io.weir.intake;

import io.weir.ledger.Tallies;
import io.weir.request.DecodedRecord;
import io.weir.request.ReadRecord;
import io.weir.request.RejectReason;
import it.unimi.dsi.fastutil.ints.Int2ObjectMap;
import it.unimi.dsi.fastutil.ints.Int2ObjectOpenHashMap;
import java.time.Duration;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.StreamSupport;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.OperatorStateStore;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;

/**
 * Sends every record to exactly one place: requests that are on time go on, late requests and
 * rejected records go to their side outputs whole.
 *
 * <p>The partitions' clocks are union state: every subtask writes all that it knows, and reads all
 * that any subtask wrote, the larger clock winning. A partition can therefore move to any subtask.
 *
 * <p>A partition that was idle can come back with requests of minutes that the windows have closed
 * by the other partitions. Its own clock would take them, the windows would refuse them; so they
 * are late as well. But after a failure they could be on time, since the records are read again,
 * and the other partitions wait for them. So such a request is parked only when a checkpoint holds
 * that its minute is closed; until then it is {@link AwaitingCheckpoint}.
 *
 * <p>Windows close by the least watermark of all subtasks, which is never ahead of this one's: no
 * subtask of the source is idle. For the same reason the least that the subtasks wrote holds after
 * a restore.
 */
@SuppressWarnings("NullAway.Init") // Flink calls initializeState and open before anything else
public abstract class RouteRequests<T> extends AbstractStreamOperator<T>
        implements OneInputStreamOperator<ReadRecord, T> {

    private static final long serialVersionUID = 1;

    public static final OutputTag<DecodedRecord> LATE = new OutputTag<>("late") {};
    public static final OutputTag<DecodedRecord> REJECTED = new OutputTag<>("rejected") {};

    /** Of such requests in a subtask; beyond that they are parked at once. */
    private static final long MAX_HELD_BYTES = 64L << 20;

    private final Lateness lateness;
    private final long settleMillis;
    private final String topic;
    private final boolean isLast;

    private transient Map<String, Int2ObjectMap<Clock>> clocks;
    private transient Tallies tallies;
    private transient ListState<PartitionClock> clockState;
    private transient ListState<Long> windowsClosedUntilState;
    private transient AwaitingCheckpoint awaiting;
    private transient ListState<DecodedRecord> awaitingState;
    private transient long windowsClosedUntilMillis;
    private transient Counter read;
    private transient Counter counted;
    private transient Counter late;
    private transient Counter rejected;
    private transient Map<RejectReason, Counter> rejectedBy;

    /**
     * @param settle how long after its end the windows keep a minute
     * @param topic where the records come from
     * @param isLast whether what is on time is counted, and what is late is parked; otherwise
     *     whoever looks for duplicates decides, and keeps the tallies of that
     */
    RouteRequests(Lateness lateness, Duration settle, String topic, boolean isLast) {
        this.lateness = lateness;
        this.settleMillis = settle.toMillis();
        this.topic = topic;
        this.isLast = isLast;
    }

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        OperatorStateStore store = context.getOperatorStateStore();
        clocks = new HashMap<>();
        tallies = new Tallies(topic);
        clockState =
                store.getUnionListState(
                        new ListStateDescriptor<>("partition-clocks", PartitionClock.class));
        windowsClosedUntilState =
                store.getUnionListState(
                        new ListStateDescriptor<>("windows-closed-until", Types.LONG));
        awaitingState =
                store.getListState(
                        new ListStateDescriptor<>(
                                "closed-meanwhile", TypeInformation.of(DecodedRecord.class)));
        awaiting = new AwaitingCheckpoint(MAX_HELD_BYTES);
        awaiting.restore(awaitingState.get());
        restoreClocks();
        windowsClosedUntilMillis =
                StreamSupport.stream(windowsClosedUntilState.get().spliterator(), false)
                        .min(Comparator.naturalOrder())
                        .orElse(Long.MIN_VALUE);
    }

    private void restoreClocks() throws Exception {
        for (PartitionClock restored : clockState.get()) {
            Clock clock = clockOf(restored.topic(), restored.partition());
            clock.millis = Math.max(clock.millis, restored.clockMillis());
            if (restored.closedUntilMillis() != null) {
                clock.close(restored.closedUntilMillis());
            }
        }
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        windowsClosedUntilState.update(List.of(windowsClosedUntilMillis));
        awaitingState.update(awaiting.snapshot(context.getCheckpointId()));
        clockState.clear();
        for (Map.Entry<String, Int2ObjectMap<Clock>> topic : clocks.entrySet()) {
            for (Int2ObjectMap.Entry<Clock> partition : topic.getValue().int2ObjectEntrySet()) {
                clockState.add(
                        new PartitionClock(
                                topic.getKey(),
                                partition.getIntKey(),
                                partition.getValue().millis,
                                partition.getValue().closedUntilMillis));
            }
        }
    }

    @Override
    public void open() throws Exception {
        super.open();
        MetricGroup metrics = getMetricGroup().addGroup("weir");
        read = metrics.counter("read");
        counted = metrics.counter("counted");
        late = metrics.counter("late");
        rejected = metrics.counter("rejected");
        MetricGroup reasons = metrics.addGroup("rejected-by");
        rejectedBy = new EnumMap<>(RejectReason.class);
        for (RejectReason reason : RejectReason.values()) {
            rejectedBy.put(reason, reasons.counter(reason.code()));
        }
    }

    @Override
    public final void processElement(StreamRecord<ReadRecord> element) {
        ReadRecord record = element.getValue();
        read.inc();
        Tallies.OfPartition tally = tallies.of(record.partition());
        tally.read(record.offset());
        if (!record.isRequest()) {
            rejected.inc();
            Objects.requireNonNull(rejectedBy.get(record.rejectReason())).inc();
            tally.rejected(record.rejectReason());
            output.collect(REJECTED, element.replace(record.toDecodedRecord()));
        } else if (isClosedByItsPartition(record)) {
            late.inc();
            park(element.replace(record.toDecodedRecord()));
        } else if (Lateness.isClosed(windowsClosedUntilMillis, record.eventTimeMillis())) {
            late.inc();
            tally.held();
            awaiting.add(record.toDecodedRecord());
            release(awaiting.take());
        } else {
            counted.inc();
            if (isLast) {
                tally.counted();
            }
            sendOn(element);
        }
    }

    /** A request that is on time; it is good until this returns. */
    abstract void sendOn(StreamRecord<ReadRecord> element);

    private void park(StreamRecord<DecodedRecord> late) {
        if (isLast) {
            tallies.of(late.getValue().record().partition()).late();
        }
        output.collect(LATE, late);
    }

    private void release(List<DecodedRecord> held) {
        for (DecodedRecord late : held) {
            tallies.of(late.record().partition()).released();
            park(new StreamRecord<>(late, late.requireRequest().eventTimeMillis()));
        }
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) throws Exception {
        super.notifyCheckpointComplete(checkpointId);
        awaiting.completed(checkpointId);
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) {
        release(awaiting.take());
        emitTallies();
    }

    @Override
    public void finish() throws Exception {
        release(awaiting.takeAll());
        emitTallies();
        super.finish();
    }

    private void emitTallies() {
        tallies.take().forEach(tally -> output.collect(Tallies.TAG, new StreamRecord<>(tally)));
    }

    @Override
    public void processWatermark(Watermark watermark) throws Exception {
        if (watermark.getTimestamp() != Watermark.MAX_WATERMARK.getTimestamp()) {
            windowsClosedUntilMillis =
                    Math.max(windowsClosedUntilMillis, watermark.getTimestamp() - settleMillis);
        }
        super.processWatermark(watermark);
    }

    private boolean isClosedByItsPartition(ReadRecord record) {
        Clock clock = clockOf(record.topic(), record.partition());
        clock.millis =
                lateness.advance(clock.millis, record.eventTimeMillis(), record.timestampMillis());
        clock.close(lateness.closedUntil(clock.millis));
        return Lateness.isClosed(clock.closedUntilMillis, record.eventTimeMillis());
    }

    private Clock clockOf(String topic, int partition) {
        return clocks.computeIfAbsent(topic, name -> new Int2ObjectOpenHashMap<>())
                .computeIfAbsent(partition, number -> new Clock());
    }

    private static final class Clock {
        private long millis = Lateness.UNSET_CLOCK;

        /** What a longer allowed lateness does not open again: the windows are evicted. */
        private long closedUntilMillis = Long.MIN_VALUE;

        void close(long untilMillis) {
            closedUntilMillis = Math.max(closedUntilMillis, untilMillis);
        }
    }
}
