package io.weir.tools.send;

import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Spreads records evenly over time; catches up after a pause that it did not make. */
public final class Pace {

    private static final long SECOND_NANOS = 1_000_000_000;

    private final @Nullable Double recordsPerSecond;
    private long startNanos;

    /**
     * @param recordsPerSecond the most in a second, or null for no limit
     */
    public Pace(@Nullable Double recordsPerSecond) {
        if (recordsPerSecond != null && !(recordsPerSecond > 0)) {
            throw new IllegalArgumentException("rate must be above 0: " + recordsPerSecond);
        }
        this.recordsPerSecond = recordsPerSecond;
    }

    /** Returns when it is time for the record at this place. */
    public void await(long sequence) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException("interrupted after " + sequence + " records");
        }
        if (recordsPerSecond == null) {
            return;
        }
        if (sequence == 0) {
            startNanos = System.nanoTime();
        }
        long due = startNanos + (long) (sequence * (SECOND_NANOS / recordsPerSecond));
        TimeUnit.NANOSECONDS.sleep(due - System.nanoTime());
    }
}
