package io.weir.store;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The attempts to write the same batches.
 *
 * <p>Between two attempts there is a pause of 50 ms, then twice as long each time up to 5 s, cut by
 * up to a half at random so that writers do not come back in step. An error that does not pass ends
 * them at once; all others when the limit, counted from the first failure, is over.
 */
final class Retries {

    private static final Logger LOG = LoggerFactory.getLogger(Retries.class);
    private static final long FIRST_PAUSE_MILLIS = 50;
    private static final long MAX_PAUSE_MILLIS = 5_000;

    private final Duration limit;
    private long firstFailureNanos;
    private int failures;
    private long nextPauseMillis = FIRST_PAUSE_MILLIS;

    Retries(Duration limit) {
        this.limit = limit;
    }

    /**
     * Waits before the next attempt.
     *
     * @param activity what failed, as the beginning of a sentence
     * @throws IOException when there is to be no other attempt
     */
    void pauseAfter(SQLException error, String activity) throws IOException, InterruptedException {
        if (failures == 0) {
            firstFailureNanos = System.nanoTime();
        }
        failures++;
        String failure =
                activity
                        + " failed (SQLSTATE %s): ".formatted(StoreErrors.sqlState(error))
                        + error.getMessage();
        if (!StoreErrors.isPassing(error)) {
            throw new IOException(failure + StoreErrors.remedy(error), error);
        }
        long remainingMillis = limit.minus(sinceFirstFailure()).toMillis();
        if (remainingMillis <= 0) {
            throw new IOException(
                    "Gave up after %d attempts in %d ms (store.retry-limit). "
                                    .formatted(failures, sinceFirstFailure().toMillis())
                            + failure,
                    error);
        }
        if (failures == 1) {
            LOG.warn("{}; retrying for up to {}", failure, limit);
        }
        Thread.sleep(Math.min(nextPause(), remainingMillis));
    }

    void success() {
        if (failures > 0) {
            LOG.info(
                    "Written, {} ms and {} failed attempts after the first failure",
                    sinceFirstFailure().toMillis(),
                    failures);
        }
    }

    private long nextPause() {
        long longest = nextPauseMillis;
        nextPauseMillis = Math.min(2 * nextPauseMillis, MAX_PAUSE_MILLIS);
        return longest - ThreadLocalRandom.current().nextLong(longest / 2);
    }

    private Duration sinceFirstFailure() {
        return Duration.ofNanos(System.nanoTime() - firstFailureNanos);
    }
}
