package io.weir.store;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes in a thread of its own, one transaction at a time, and tries each until it is written.
 *
 * <p>All calls come from the task's thread.
 */
final class BackgroundWriter implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(BackgroundWriter.class);

    /** The guard of a call looks ten times a second whether its thread is interrupted. */
    private static final Duration UNTIL_INTERRUPTED = Duration.ofSeconds(5);

    private final Duration retryLimit;
    private final StoreMetrics metrics;
    private final StoreConnection connection;
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(BackgroundWriter::daemon);
    private Future<Void> last = CompletableFuture.completedFuture(null);

    BackgroundWriter(StoreOptions options, StoreMetrics metrics) {
        this.retryLimit = options.retryLimit();
        this.metrics = metrics;
        this.connection = new StoreConnection(options);
    }

    /** Begins to write batches in one transaction, after those before. */
    void begin(List<Batch<?>> batches) {
        Callable<Void> task =
                () -> {
                    writeTimed(batches);
                    return null;
                };
        last = thread.submit(task);
    }

    boolean isWriting() {
        return !last.isDone();
    }

    /**
     * Waits until all is written.
     *
     * @throws IOException when it cannot be written; what came after it is not
     */
    void await() throws IOException, InterruptedException {
        try {
            last.get();
        } catch (ExecutionException e) {
            Throwable failure = Objects.requireNonNull(e.getCause());
            throw new IOException(failure.getMessage(), failure);
        }
    }

    /** Ends what is being written, wherever it is, and throws nothing. */
    @Override
    public void close() {
        last.cancel(true);
        thread.execute(connection::close);
        thread.shutdown();
        try {
            if (!thread.awaitTermination(UNTIL_INTERRUPTED.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.warn("{} does not end", connection.activity());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private void writeTimed(List<Batch<?>> batches) throws IOException, InterruptedException {
        long startNanos = System.nanoTime();
        int expired = writeUntilDone(batches);
        metrics.written(count(batches) - expired, Duration.ofNanos(System.nanoTime() - startNanos));
        metrics.expired(expired);
    }

    /** Returns how many rows are not written, because the store keeps none of their time. */
    private int writeUntilDone(List<Batch<?>> batches) throws IOException, InterruptedException {
        Retries retries = new Retries(retryLimit);
        while (true) {
            try {
                int expired = writeAdmitted(batches);
                retries.success();
                return expired;
            } catch (SQLException e) {
                connection.discard();
                if (Thread.interrupted()) {
                    throw new InterruptedException("Interrupted: " + e.getMessage());
                }
                retries.pauseAfter(e, connection.activity());
                metrics.retried();
            }
        }
    }

    private int writeAdmitted(List<Batch<?>> batches) throws SQLException, InterruptedException {
        try {
            write(batches);
            return 0;
        } catch (SQLException e) {
            if (!StoreErrors.isPartitionMissing(e)) {
                throw e;
            }
            connection.discard();
            List<Batch<?>> admitted = connection.admit(batches);
            write(admitted);
            return count(batches) - count(admitted);
        }
    }

    private static int count(List<Batch<?>> batches) {
        return batches.stream().mapToInt(batch -> batch.rows().size()).sum();
    }

    private void write(List<Batch<?>> batches) throws SQLException, InterruptedException {
        try {
            connection.write(batches);
        } catch (SQLException e) {
            if (!StoreErrors.isArchived(e)) {
                throw e;
            }
            connection.discard();
            metrics.restored(connection.restore(batches));
            connection.write(batches);
        }
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "weir-store-writer");
        thread.setDaemon(true);
        return thread;
    }
}
