package io.weir.gate;

import io.weir.request.ReadRecord;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.api.common.state.CheckpointListener;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.runtime.state.FunctionSnapshotContext;
import org.apache.flink.streaming.api.checkpoint.CheckpointedFunction;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.awaitility.Awaitility;

/**
 * Stands behind the source and fails when it is told to. The job runs in this process, so what it
 * is told is static.
 */
final class Faults
        implements MapFunction<ReadRecord, ReadRecord>, CheckpointedFunction, CheckpointListener {

    private static final long serialVersionUID = 1;

    /** Time enough for what is downstream to write all that came before the barrier. */
    private static final Duration UNTIL_WRITTEN = Duration.ofMillis(200);

    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration FOR_EACH_REJECTED = Duration.ofNanos(300_000);

    private static final AtomicReference<Disturbance> TOLD =
            new AtomicReference<>(Disturbance.NOTHING);

    static DataStream<ReadRecord> put(DataStream<ReadRecord> records) {
        return records.map(new Faults()).returns(records.getType()).name("faults").uid("faults");
    }

    /** Makes a task fail, and waits until it has: what does not happen proves nothing. */
    static void fail(Disturbance failure) {
        TOLD.set(failure);
        Awaitility.await(failure.toString())
                .atMost(PATIENCE)
                .until(() -> TOLD.get() == Disturbance.NOTHING);
    }

    /** Reads garbage slowly. */
    @Override
    public ReadRecord map(ReadRecord record) {
        if (!record.isRequest()) {
            LockSupport.parkNanos(FOR_EACH_REJECTED.toNanos());
        }
        failIfTold(Disturbance.TASK_FAILS);
        return record;
    }

    @Override
    public void initializeState(FunctionInitializationContext context) {
        // it has none
    }

    @Override
    public void snapshotState(FunctionSnapshotContext context) {
        failIfTold(Disturbance.TASK_FAILS); // where no record comes any more
        if (TOLD.get() == Disturbance.FAILS_BEFORE_CHECKPOINT) {
            LockSupport.parkNanos(UNTIL_WRITTEN.toNanos());
            failIfTold(Disturbance.FAILS_BEFORE_CHECKPOINT);
        }
    }

    @Override
    public void notifyCheckpointComplete(long checkpointId) {
        failIfTold(Disturbance.FAILS_AFTER_CHECKPOINT);
    }

    private static void failIfTold(Disturbance failure) {
        if (TOLD.compareAndSet(failure, Disturbance.NOTHING)) {
            throw new IllegalStateException("made by the gate: " + failure);
        }
    }
}
