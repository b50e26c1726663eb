package io.weir.benchmarks.contestants;

import java.util.Collection;
import java.util.Properties;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;

/**
 * How many records the sources of the job in this process have read so far. Flink makes it itself
 * and reports the counters to it; jobs run one after the other.
 */
public final class RecordsRead implements MetricReporter, MetricReporterFactory {

    private static final Collection<Counter> COUNTERS = new ConcurrentLinkedQueue<>();

    /** Begins again, for another job. */
    static void clear() {
        COUNTERS.clear();
    }

    static long sum() {
        return COUNTERS.stream().mapToLong(Counter::getCount).sum();
    }

    @Override
    public MetricReporter createMetricReporter(Properties properties) {
        return this;
    }

    @Override
    public void open(MetricConfig config) {}

    @Override
    public void close() {}

    @Override
    public void notifyOfAddedMetric(Metric metric, String name, MetricGroup group) {
        String operator = group.getAllVariables().getOrDefault("<operator_name>", "");
        // that of the whole job, not the clock that brings settings
        if (metric instanceof Counter counter
                && name.equals("numRecordsIn")
                && operator.startsWith("Source: requests")) {
            COUNTERS.add(counter);
        }
    }

    @Override
    public void notifyOfRemovedMetric(Metric metric, String name, MetricGroup group) {}
}
