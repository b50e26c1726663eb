package io.weir.deduplicate;

import io.weir.ledger.Tallies;
import io.weir.request.DecodedRecord;
import io.weir.request.HttpRequest;
import io.weir.traffic.Grain;
import it.unimi.dsi.fastutil.longs.Long2ObjectMap;
import it.unimi.dsi.fastutil.longs.Long2ObjectOpenHashMap;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeutils.base.LongSerializer;
import org.apache.flink.api.java.tuple.Tuple2;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.InternalTimer;
import org.apache.flink.streaming.api.operators.InternalTimerService;
import org.apache.flink.streaming.api.operators.Triggerable;
import org.apache.flink.streaming.api.operators.TwoInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.util.OutputTag;
import org.jspecify.annotations.Nullable;

/**
 * Counts a request once, however often it was sent. The first input has requests that are on time,
 * the second late ones; both are keyed by {@link IdGroups}. Copies of a request have the same
 * identity, and event times in the same minute or in one beside it.
 *
 * <p>On time wins: if some copy is on time, one is counted, and all others, late or not, are
 * duplicates. So a late copy is held until no copy on time can come any more, a settle time after
 * the minute after its own has ended; only then it is a duplicate or late. Requests without an
 * identity pass.
 *
 * <p>What is held is bounded, or whoever sends enough late requests would fill the memory. When it
 * is too much, the copies of the oldest minute are settled at once: they are duplicates or late by
 * what was counted so far. None is lost, but a copy on time that comes after that is counted, too;
 * the metric {@code weir.settled-early} counts them.
 *
 * <p>The ids that were counted are kept in a set for each group and minute, and forgotten when the
 * minute has been over for {@code keep}. A late copy whose own record came later than that is taken
 * for an original: that depends on nothing but the record, so every replay decides the same.
 *
 * <p>Sets that are in use are held in memory and written to the state before each checkpoint. What
 * was not in use since the last one is not written again.
 */
@SuppressWarnings("NullAway.Init") // Flink calls open before anything else
public final class DeduplicateRequests extends AbstractStreamOperator<HttpRequest>
        implements TwoInputStreamOperator<HttpRequest, DecodedRecord, HttpRequest>,
                Triggerable<Integer, Long> {

    private static final long serialVersionUID = 1;

    private static final long MINUTE = Grain.MINUTE.millis();

    private final String topic;
    private final OutputTag<DecodedRecord> lateTag;
    private final IdGroups groups;
    private final long settleMillis;
    private final long keepMillis;
    private final long maxAheadMillis;
    private final long maxHeldBytes;

    private final ValueStateDescriptor<IdSet> countedIds =
            new ValueStateDescriptor<>("counted-ids", TypeInformation.of(IdSet.class));
    private final ListStateDescriptor<DecodedRecord> heldCopies =
            new ListStateDescriptor<>("held-copies", TypeInformation.of(DecodedRecord.class));

    private transient Long2ObjectMap<IdSet> inUse;
    private transient HeldBytes heldBytes;
    private transient InternalTimerService<Long> timers;
    private transient Tallies tallies;
    private transient Counter duplicates;
    private transient Counter lateDuplicates;
    private transient Counter unidentified;
    private transient Counter settledEarly;

    /**
     * @param topic where the requests come from
     * @param lateTag where late requests go that are no duplicates
     * @param settle how long after its end a minute can change
     * @param keep how long after its minute's end an id is known, at least settle
     * @param maxAhead how far event times may lie after their records' timestamps
     * @param maxHeldBytes how much memory of a subtask held copies may take, roughly
     */
    public DeduplicateRequests(
            String topic,
            OutputTag<DecodedRecord> lateTag,
            IdGroups groups,
            Duration settle,
            Duration keep,
            Duration maxAhead,
            long maxHeldBytes) {
        this.topic = topic;
        this.lateTag = lateTag;
        this.groups = groups;
        this.settleMillis = settle.toMillis();
        this.keepMillis = keep.toMillis();
        this.maxAheadMillis = maxAhead.toMillis();
        this.maxHeldBytes = maxHeldBytes;
    }

    @Override
    public void open() throws Exception {
        super.open();
        inUse = new Long2ObjectOpenHashMap<>();
        tallies = new Tallies(topic);
        timers = getInternalTimerService("minutes", LongSerializer.INSTANCE, this);
        MetricGroup metrics = getMetricGroup().addGroup("weir");
        duplicates = metrics.counter("duplicate");
        lateDuplicates = metrics.counter("late-duplicate");
        unidentified = metrics.counter("unidentified");
        settledEarly = metrics.counter("settled-early");
        heldBytes = new HeldBytes();
        findHeld();
    }

    /** What was held before a restore. */
    private void findHeld() throws Exception {
        held(0); // or the backend does not know the state by its name
        List<Tuple2<Integer, Long>> places;
        try (Stream<Tuple2<Integer, Long>> found =
                this.<Integer>getKeyedStateBackend().getKeysAndNamespaces(heldCopies.getName())) {
            places = found.toList();
        }
        for (Tuple2<Integer, Long> place : places) {
            setCurrentKey(place.f0);
            for (DecodedRecord copy : heldAt(place.f1)) {
                heldBytes.add(place.f1, place.f0, copy.record());
            }
        }
    }

    @Override
    public void processElement1(StreamRecord<HttpRequest> element) throws Exception {
        HttpRequest request = element.getValue();
        if (!request.isIdentified()) {
            unidentified.inc();
            count(element);
            return;
        }
        int group = groups.groupOf(request);
        long minute = Grain.MINUTE.bucketOf(request.eventTimeMillis());
        Long counted = minuteCounted(group, minute, request);
        if (counted == null) {
            use(group, minute).add(request.idHigh(), request.idLow());
            count(element);
        } else {
            duplicates.inc();
            tallies.of(request.partition()).duplicate();
            output.collect(element.replace(request.asDuplicateAt(counted), counted));
        }
    }

    private void count(StreamRecord<HttpRequest> element) {
        tallies.of(element.getValue().partition()).counted();
        output.collect(element);
    }

    @Override
    public void processElement2(StreamRecord<DecodedRecord> element) throws Exception {
        DecodedRecord decoded = element.getValue();
        HttpRequest request = decoded.requireRequest();
        long minute = Grain.MINUTE.bucketOf(request.eventTimeMillis());
        if (!request.isIdentified()
                || decoded.record().timestampMillis() >= Grain.MINUTE.endOf(minute) + keepMillis) {
            park(element);
        } else if (isCounted(minute, request)) {
            leaveOut(request);
        } else if (timers.currentWatermark() >= releasedAt(minute)) {
            park(element);
        } else {
            hold(minute, decoded);
        }
    }

    private void hold(long minute, DecodedRecord late) throws Exception {
        tallies.of(late.record().partition()).held();
        held(minute).add(late);
        heldBytes.add(minute, (Integer) getCurrentKey(), late.record());
        timers.registerEventTimeTimer(minute, releasedAt(minute));
        while (heldBytes.total() > maxHeldBytes) {
            HeldBytes.Place oldest = heldBytes.oldest();
            setCurrentKey(oldest.key());
            settledEarly.inc(release(oldest.minuteMillis()));
        }
    }

    private void park(StreamRecord<DecodedRecord> late) {
        tallies.of(late.getValue().record().partition()).late();
        output.collect(lateTag, late);
    }

    private void leaveOut(HttpRequest lateDuplicate) {
        lateDuplicates.inc();
        tallies.of(lateDuplicate.partition()).duplicate();
    }

    @Override
    public void onEventTime(InternalTimer<Integer, Long> timer) throws Exception {
        long minute = timer.getNamespace();
        if (timer.getTimestamp() < releasedAt(minute)) {
            timers.registerEventTimeTimer(minute, releasedAt(minute));
            return;
        }
        release(minute);
        if (timer.getTimestamp() < forgottenAt(minute)) {
            timers.registerEventTimeTimer(minute, forgottenAt(minute));
        } else {
            inUse.remove(place(groups.groupOfKey(timer.getKey()), minute));
            counted(minute).clear();
        }
    }

    @Override
    public void onProcessingTime(InternalTimer<Integer, Long> timer) {
        throw new IllegalStateException("no timer of the machine's time is registered");
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) throws Exception {
        for (Long2ObjectMap.Entry<IdSet> entry : inUse.long2ObjectEntrySet()) {
            IdSet ids = entry.getValue();
            if (ids.hasChanged()) {
                long minute = minuteOf(entry.getLongKey());
                setCurrentKey(groups.keyOf(groupOf(entry.getLongKey())));
                counted(minute).update(ids.stored());
                timers.registerEventTimeTimer(minute, releasedAt(minute));
            }
        }
        // what a snapshot is made of must be asked of the state again, which copies it if need be
        inUse.clear();
        emitTallies();
    }

    @Override
    public void finish() throws Exception {
        emitTallies();
        super.finish();
    }

    private void emitTallies() {
        tallies.take().forEach(tally -> output.collect(Tallies.TAG, new StreamRecord<>(tally)));
    }

    /** Settles what is held of the current key and a minute; returns how many copies. */
    private int release(long minute) throws Exception {
        int released = 0;
        for (DecodedRecord copy : heldAt(minute)) {
            released++;
            HttpRequest request = copy.requireRequest();
            tallies.of(request.partition()).released();
            if (isCounted(minute, request)) {
                leaveOut(request);
            } else {
                park(new StreamRecord<>(copy, request.eventTimeMillis()));
            }
        }
        held(minute).clear();
        heldBytes.remove(minute, (Integer) getCurrentKey());
        return released;
    }

    /** Copies settled before their time by this subtask since it started. */
    long settledEarly() {
        return settledEarly.getCount();
    }

    private boolean isCounted(long minute, HttpRequest request) throws Exception {
        return minuteCounted(groups.groupOf(request), minute, request) != null;
    }

    /** The minute in which a copy of the request was counted, null if none was. */
    private @Nullable Long minuteCounted(int group, long minute, HttpRequest request)
            throws Exception {
        for (long each = minute - MINUTE; each <= minute + MINUTE; each += MINUTE) {
            if (use(group, each).contains(request.idHigh(), request.idLow())) {
                return each;
            }
        }
        return null;
    }

    private IdSet use(int group, long minute) throws Exception {
        long place = place(group, minute);
        IdSet ids = inUse.get(place);
        if (ids == null) {
            IdSet stored = counted(minute).value();
            ids = stored == null ? new IdSet() : stored;
            inUse.put(place, ids);
        }
        return ids;
    }

    /** Group and minute in one number. */
    private static long place(int group, long minute) {
        return minute / MINUTE << Short.SIZE | group;
    }

    private static long minuteOf(long place) {
        return (place >> Short.SIZE) * MINUTE;
    }

    private static int groupOf(long place) {
        return (int) place & 0xffff;
    }

    /** When every copy on time has come. */
    private long releasedAt(long minute) {
        return Grain.MINUTE.endOf(minute) + MINUTE + settleMillis;
    }

    /** When no late copy can come any more that is not taken for an original, nor is one held. */
    private long forgottenAt(long minute) {
        return Grain.MINUTE.endOf(minute) + 2 * MINUTE + keepMillis + maxAheadMillis;
    }

    private ValueState<IdSet> counted(long minute) throws Exception {
        return getPartitionedState(minute, LongSerializer.INSTANCE, countedIds);
    }

    private Iterable<DecodedRecord> heldAt(long minute) throws Exception {
        Iterable<DecodedRecord> copies = held(minute).get();
        return copies == null ? List.of() : copies;
    }

    private ListState<DecodedRecord> held(long minute) throws Exception {
        return getPartitionedState(minute, LongSerializer.INSTANCE, heldCopies);
    }
}
