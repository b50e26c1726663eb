package io.weir.election;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.functions.RichFlatMapFunction;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.util.Collector;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the table of settings at every tick and emits the versions that are new.
 *
 * <p>While the table cannot be read, the known settings stay in force. Metrics in the group {@code
 * weir}: {@code settings-failures}, reads that failed; {@code settings-age-seconds}, since the last
 * one that did not.
 */
@SuppressWarnings("NullAway.Init") // Flink calls open before anything else
public final class ReadSettings extends RichFlatMapFunction<Long, ElectionSettings> {

    private static final long serialVersionUID = 1;

    private static final Logger LOG = LoggerFactory.getLogger(ReadSettings.class);

    private final ElectionStore store;

    private transient Set<ElectionSettings> emitted;
    private transient Counter failures;
    private transient volatile long lastReadNanos;

    public ReadSettings(ElectionStore store) {
        this.store = store;
    }

    @Override
    public void open(OpenContext context) {
        emitted = new HashSet<>();
        lastReadNanos = System.nanoTime();
        MetricGroup weir = getRuntimeContext().getMetricGroup().addGroup("weir");
        failures = weir.counter("settings-failures");
        weir.gauge(
                "settings-age-seconds", () -> (System.nanoTime() - lastReadNanos) / 1_000_000_000);
    }

    @Override
    public void flatMap(Long tick, Collector<ElectionSettings> settings) {
        try {
            for (ElectionSettings version : store.readSettings()) {
                if (emitted.add(version)) {
                    settings.collect(version);
                }
            }
            lastReadNanos = System.nanoTime();
        } catch (IOException e) {
            failures.inc();
            LOG.warn(
                    "The election's settings cannot be read: the last known ones stay in force", e);
        }
    }
}
