package io.weir.store;

import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Future;
import org.apache.flink.api.common.operators.ProcessingTimeService;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.metrics.groups.SinkWriterMetricGroup;
import org.jspecify.annotations.Nullable;

/**
 * Holds rows by key and writes them together.
 *
 * <p>It writes when it holds {@code batchRows} rows and the next does not belong to the last of
 * them, when a row has waited for {@code batchInterval}, and before each checkpoint. Everything
 * runs in the task's thread: while the store is unreachable, the job waits.
 */
final class StoreWriter<T, K extends Comparable<? super K>> implements SinkWriter<T> {

    private final StoreOptions options;
    private final Upsert<T, K> upsert;
    private final ProcessingTimeService time;
    private final StoreMetrics metrics;
    private final StoreConnection connection;
    private final TreeMap<K, T> rows = new TreeMap<>();
    private @Nullable T last;
    private @Nullable Future<?> timer;

    StoreWriter(
            StoreOptions options,
            Upsert<T, K> upsert,
            ProcessingTimeService time,
            SinkWriterMetricGroup metrics) {
        this.options = options;
        this.upsert = upsert;
        this.time = time;
        this.metrics = new StoreMetrics(metrics);
        this.connection = new StoreConnection(options);
    }

    @Override
    public void write(T row, Context context) throws IOException, InterruptedException {
        if (rows.size() >= options.batchRows()
                && (last == null || !upsert.belongTogether(last, row))) {
            writeRows();
        }
        last = row;
        rows.merge(upsert.keyOf(row), row, upsert::merge);
        if (timer == null) {
            long now = time.getCurrentProcessingTime();
            timer = time.registerTimer(now + options.batchInterval().toMillis(), this::onTimer);
        }
    }

    @Override
    public void flush(boolean endOfInput) throws IOException, InterruptedException {
        writeRows();
    }

    /** Writes nothing more: what is held was not in a checkpoint and will come again. */
    @Override
    public void close() {
        if (timer != null) {
            timer.cancel(false);
        }
        connection.close();
    }

    private void onTimer(long now) throws IOException, InterruptedException {
        timer = null;
        writeRows();
    }

    private void writeRows() throws IOException, InterruptedException {
        if (rows.isEmpty()) {
            return;
        }
        long startNanos = System.nanoTime();
        int expired = writeUntilDone(upsert.batches(rows));
        metrics.written(rows.size() - expired, Duration.ofNanos(System.nanoTime() - startNanos));
        metrics.expired(expired);
        rows.clear();
    }

    /** Returns how many rows are not written, because the store keeps none of their time. */
    private int writeUntilDone(List<Batch<?>> batches) throws IOException, InterruptedException {
        Retries retries = new Retries(options.retryLimit());
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
}
