package io.weir.store;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends calls to the database that would hold their thread: it closes the socket under them when the
 * thread is interrupted, or when the call takes too long.
 *
 * <p>Neither can be had from the driver. A blocked socket does not notice an interrupt, and {@code
 * socketTimeout} ends only reads: a write to a peer that takes nothing more may block for a quarter
 * of an hour, and Flink gives a whole TaskManager up when a task does not end within three minutes.
 * (One case remains: a TLS socket does not close while a write on it is blocked.)
 */
final class CallGuard implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(CallGuard.class);
    private static final long LOOK_EVERY_MILLIS = 100;

    private final Duration longestCall;
    private final ScheduledExecutorService timer =
            Executors.newSingleThreadScheduledExecutor(CallGuard::daemon);

    CallGuard(Duration longestCall) {
        this.longestCall = longestCall;
    }

    /** Makes a call that uses the connection. */
    void call(Connection connection, Call call) throws SQLException {
        Future<?> looks = watch(connection, Thread.currentThread(), System.nanoTime());
        try {
            call.run();
        } finally {
            looks.cancel(false);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    private Future<?> watch(Connection connection, Thread caller, long startNanos) {
        return timer.scheduleWithFixedDelay(
                () -> {
                    long nanos = System.nanoTime() - startNanos;
                    if (caller.isInterrupted() || nanos > longestCall.toNanos()) {
                        abort(connection);
                    }
                },
                LOOK_EVERY_MILLIS,
                LOOK_EVERY_MILLIS,
                TimeUnit.MILLISECONDS);
    }

    private static void abort(Connection connection) {
        try {
            connection.abort(Runnable::run);
        } catch (SQLException e) {
            LOG.warn("Closing a blocked connection failed", e);
        }
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "weir-store-guard");
        thread.setDaemon(true);
        return thread;
    }

    /** A call that may block. */
    interface Call {
        void run() throws SQLException;
    }
}
