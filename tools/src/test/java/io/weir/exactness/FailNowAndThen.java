package io.weir.exactness;

import io.weir.request.ReadRecord;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.apache.flink.api.common.functions.MapFunction;

/** Throws after so many records, a few times. */
final class FailNowAndThen implements MapFunction<ReadRecord, ReadRecord> {

    private static final long serialVersionUID = 1;

    static final AtomicLong FAILURES = new AtomicLong();
    private static final AtomicLong UNTIL_FAILURE = new AtomicLong();
    private static volatile Random random = new Random(0);
    private static volatile long least;
    private static volatile long limit;

    static void reset(Random seeded) {
        reset(seeded, 2_000, 7_000);
    }

    static void reset(Random seeded, long atLeast, long below) {
        random = seeded;
        least = atLeast;
        limit = below;
        FAILURES.set(0);
        UNTIL_FAILURE.set(next());
    }

    private static long next() {
        return random.nextLong(least, limit);
    }

    @Override
    public ReadRecord map(ReadRecord record) {
        if (UNTIL_FAILURE.decrementAndGet() == 0) {
            UNTIL_FAILURE.set(next());
            if (FAILURES.get() < 5) {
                FAILURES.incrementAndGet();
                throw new IllegalStateException("a failure made by the test");
            }
        }
        return record;
    }
}
