package io.weir.store;

import java.io.IOException;
import java.util.TreeMap;
import java.util.concurrent.Future;
import org.apache.flink.api.common.operators.ProcessingTimeService;
import org.apache.flink.api.connector.sink2.SinkWriter;
import org.apache.flink.metrics.groups.SinkWriterMetricGroup;
import org.jspecify.annotations.Nullable;

/**
 * Holds rows by key and writes them together, in the background: while a batch is written the next
 * one fills.
 *
 * <p>A batch is begun when {@code batchRows} rows are held and the next does not belong to the last
 * of them, when a row has waited for {@code batchInterval}, and before each checkpoint, which waits
 * until everything is written. While the store is behind by a batch, or unreachable, the job waits.
 */
final class StoreWriter<T, K extends Comparable<? super K>> implements SinkWriter<T> {

    private final StoreOptions options;
    private final Upsert<T, K> upsert;
    private final ProcessingTimeService time;
    private final BackgroundWriter store;
    private TreeMap<K, T> rows = new TreeMap<>();
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
        this.store = new BackgroundWriter(options, new StoreMetrics(metrics));
    }

    @Override
    public void write(T row, Context context) throws IOException, InterruptedException {
        if (rows.size() >= options.batchRows()
                && (last == null || !upsert.belongTogether(last, row))) {
            beginBatch();
        }
        last = row;
        rows.merge(upsert.keyOf(row), row, upsert::merge);
        setTimer();
    }

    @Override
    public void flush(boolean endOfInput) throws IOException, InterruptedException {
        beginBatch();
        store.await();
    }

    /** Writes nothing more: what is held was not in a checkpoint and will come again. */
    @Override
    public void close() {
        if (timer != null) {
            timer.cancel(false);
        }
        store.close();
    }

    /** There is one while rows are held or written, so that a failure is noticed. */
    private void setTimer() {
        if (timer == null) {
            long now = time.getCurrentProcessingTime();
            timer = time.registerTimer(now + options.batchInterval().toMillis(), this::onTimer);
        }
    }

    private void onTimer(long now) throws IOException, InterruptedException {
        timer = null;
        if (store.isWriting()) {
            setTimer();
        } else {
            beginBatch();
        }
    }

    private void beginBatch() throws IOException, InterruptedException {
        store.await();
        if (!rows.isEmpty()) {
            store.begin(upsert.batches(rows));
            rows = new TreeMap<>();
            setTimer();
        }
    }
}
