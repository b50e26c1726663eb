package io.weir.tools.cluster;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Looking again and again, for some time at most. */
final class Waiting {

    private static final long LOOK_MILLIS = 250;

    private Waiting() {}

    /** Whether the condition came true in time. */
    static boolean until(Duration patience, Condition condition)
            throws IOException, InterruptedException {
        long deadline = System.nanoTime() + patience.toNanos();
        while (!condition.holds()) {
            if (System.nanoTime() > deadline) {
                return false;
            }
            pause();
        }
        return true;
    }

    /** Until the next look. */
    static void pause() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(LOOK_MILLIS);
    }

    /** For something that does not say when it is done. */
    static void sleep(Duration time) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(time.toNanos());
    }

    /** What is waited for. */
    interface Condition {
        boolean holds() throws IOException, InterruptedException;
    }
}
