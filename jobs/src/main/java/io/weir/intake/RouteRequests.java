package io.weir.intake;

import io.weir.request.DecodedRecord;
import io.weir.request.HttpRequest;
import io.weir.request.KafkaRecord;
import io.weir.request.RejectReason;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.functions.ProcessFunction;
import org.apache.flink.util.Collector;
import org.apache.flink.util.OutputTag;

/**
 * Sends every record to exactly one place: requests that count go on, late requests and rejected
 * records go to their side outputs whole.
 *
 * <p>The partitions' clocks are union state: every subtask writes all that it knows, and reads all
 * that any subtask wrote, the larger clock winning. A partition can therefore move to any subtask.
 */
@SuppressWarnings("NullAway.Init") // Flink calls initializeState and open before anything else
public final class RouteRequests extends ProcessFunction<DecodedRecord, HttpRequest>
        implements CheckpointedFunction {

    private static final long serialVersionUID = 1;

    public static final OutputTag<DecodedRecord> LATE = new OutputTag<>("late") {};
    public static final OutputTag<DecodedRecord> REJECTED = new OutputTag<>("rejected") {};

    private final Lateness lateness;

    private transient Map<String, Map<Integer, Clock>> clocks;
    private transient ListState<PartitionClock> clockState;
    private transient Counter read;
    private transient Counter counted;
    private transient Counter late;
    private transient Counter rejected;
    private transient Map<RejectReason, Counter> rejectedBy;

    public RouteRequests(Lateness lateness) {
        this.lateness = lateness;
    }

    @Override
    public void initializeState(FunctionInitializationContext context) throws Exception {
        clocks = new HashMap<>();
        clockState =
                context.getOperatorStateStore()
                        .getUnionListState(
                                new ListStateDescriptor<>(
                                        "partition-clocks", PartitionClock.class));
        for (PartitionClock restored : clockState.get()) {
            Clock clock = clockOf(restored.topic(), restored.partition());
            clock.millis = Math.max(clock.millis, restored.clockMillis());
            if (restored.closedUntilMillis() != null) {
                clock.close(restored.closedUntilMillis());
            }
        }
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) throws Exception {
        clockState.clear();
        for (Map.Entry<String, Map<Integer, Clock>> topic : clocks.entrySet()) {
            for (Map.Entry<Integer, Clock> partition : topic.getValue().entrySet()) {
                clockState.add(
                        new PartitionClock(
                                topic.getKey(),
                                partition.getKey(),
                                partition.getValue().millis,
                                partition.getValue().closedUntilMillis));
            }
        }
    }

    @Override
    public void open(OpenContext context) {
        MetricGroup metrics = getRuntimeContext().getMetricGroup().addGroup("weir");
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
    public void processElement(
            DecodedRecord decoded, Context context, Collector<HttpRequest> requests) {
        read.inc();
        HttpRequest request = decoded.request();
        if (request == null) {
            rejected.inc();
            Objects.requireNonNull(rejectedBy.get(decoded.rejectReason())).inc();
            context.output(REJECTED, decoded);
        } else if (isLate(decoded.record(), request)) {
            late.inc();
            context.output(LATE, decoded);
        } else {
            counted.inc();
            requests.collect(request);
        }
    }

    private boolean isLate(KafkaRecord record, HttpRequest request) {
        Clock clock = clockOf(record.topic(), record.partition());
        clock.millis =
                lateness.advance(clock.millis, request.eventTimeMillis(), record.timestampMillis());
        clock.close(lateness.closedUntil(clock.millis));
        return Lateness.isClosed(clock.closedUntilMillis, request.eventTimeMillis());
    }

    private Clock clockOf(String topic, int partition) {
        return clocks.computeIfAbsent(topic, name -> new HashMap<>())
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
