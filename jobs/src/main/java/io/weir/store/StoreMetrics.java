package io.weir.store;

import java.time.Duration;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.groups.SinkWriterMetricGroup;

/**
 * What a writer reports, in the metric group {@code weir}.
 *
 * <ul>
 *   <li>{@code rows-written}: rows in committed transactions, refused ones included (Citus counts
 *       both)
 *   <li>{@code batches}: committed transactions
 *   <li>{@code retries}: attempts after a failed one
 *   <li>{@code partitions-restored}: archived partitions that were brought back for a late row
 *   <li>{@code expired}: rows that were not written, because the store's policy no longer keeps
 *       rows of their time, or makes no partitions so far ahead
 *   <li>{@code batch-rows}, {@code batch-millis}: rows of the last transaction, and how long it
 *       took with all its attempts
 * </ul>
 *
 * Flink's own {@code numRecordsSend} and {@code currentSendTime} say the same as the first and the
 * last of them.
 */
final class StoreMetrics {

    private final Counter rowsWritten;
    private final Counter batches;
    private final Counter retries;
    private final Counter partitionsRestored;
    private final Counter expired;
    private final Counter recordsSent;
    // Reporters read these from their own threads.
    private volatile long lastRows;
    private volatile long lastMillis;

    StoreMetrics(SinkWriterMetricGroup metrics) {
        MetricGroup weir = metrics.addGroup("weir");
        this.rowsWritten = weir.counter("rows-written");
        this.batches = weir.counter("batches");
        this.retries = weir.counter("retries");
        this.partitionsRestored = weir.counter("partitions-restored");
        this.expired = weir.counter("expired");
        weir.gauge("batch-rows", () -> lastRows);
        weir.gauge("batch-millis", () -> lastMillis);
        this.recordsSent = metrics.getNumRecordsSendCounter();
        metrics.setCurrentSendTimeGauge(() -> lastMillis);
    }

    void written(int rows, Duration duration) {
        rowsWritten.inc(rows);
        recordsSent.inc(rows);
        batches.inc();
        lastRows = rows;
        lastMillis = duration.toMillis();
    }

    void retried() {
        retries.inc();
    }

    void expired(int rows) {
        expired.inc(rows);
    }

    void restored(int partitions) {
        partitionsRestored.inc(partitions);
    }
}
