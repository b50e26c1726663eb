package io.weir.ledger;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.apache.flink.api.common.state.ListState;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.runtime.state.StateInitializationContext;
import org.apache.flink.runtime.state.StateSnapshotContext;
import org.apache.flink.streaming.api.operators.AbstractStreamOperator;
import org.apache.flink.streaming.api.operators.OneInputStreamOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;

/**
 * Adds up the tallies of all operators by partition, since the job was started without state, and
 * emits the sums before each checkpoint. By then every operator has said what it did with the same
 * records, so a sum says of each record exactly what became of it.
 *
 * <p>There is one instance: a checkpoint brings it a few tallies for each partition.
 */
@SuppressWarnings("NullAway.Init") // Flink calls initializeState before anything else
public final class KeepLedger extends AbstractStreamOperator<Tally>
        implements OneInputStreamOperator<Tally, Tally> {

    private static final long serialVersionUID = 1;

    private transient Map<Partition, Tally> sums;
    private transient Set<Partition> changed;
    private transient ListState<Tally> state;

    @Override
    public void initializeState(StateInitializationContext context) throws Exception {
        super.initializeState(context);
        state =
                context.getOperatorStateStore()
                        .getListState(new ListStateDescriptor<>("tallies", Tally.class));
        sums = new HashMap<>();
        changed = new HashSet<>();
        for (Tally restored : state.get()) {
            add(restored);
        }
    }

    @Override
    public void processElement(StreamRecord<Tally> element) {
        changed.add(add(element.getValue()));
    }

    private Partition add(Tally tally) {
        Partition partition = new Partition(tally.topic(), tally.partition());
        sums.merge(partition, tally, Tally::plus);
        return partition;
    }

    @Override
    public void prepareSnapshotPreBarrier(long checkpointId) {
        emitChanged();
    }

    /** A job that is drained takes its last snapshot after everything was emitted. */
    @Override
    public void finish() throws Exception {
        emitChanged();
        super.finish();
    }

    private void emitChanged() {
        changed.stream()
                .map(sums::get)
                .filter(tally -> tally.read() > 0)
                .forEach(tally -> output.collect(new StreamRecord<>(tally)));
        changed.clear();
    }

    @Override
    public void snapshotState(StateSnapshotContext context) throws Exception {
        super.snapshotState(context);
        state.update(new ArrayList<>(sums.values()));
    }

    private record Partition(String topic, int number) {}
}
