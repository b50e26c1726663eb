package io.weir.exactness;

import io.weir.request.ReadRecord;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import org.apache.flink.api.common.functions.RichMapFunction;

/** Lets the other subtasks run ahead of the first, so that partitions mix in another order. */
final class SlowFirstSubtask extends RichMapFunction<ReadRecord, ReadRecord> {

    private static final long serialVersionUID = 1;
    private static final Duration FOR_EACH_RECORD = Duration.ofMillis(1);

    @Override
    public ReadRecord map(ReadRecord record) {
        if (getRuntimeContext().getTaskInfo().getIndexOfThisSubtask() == 0) {
            LockSupport.parkNanos(FOR_EACH_RECORD.toNanos());
        }
        return record;
    }
}
