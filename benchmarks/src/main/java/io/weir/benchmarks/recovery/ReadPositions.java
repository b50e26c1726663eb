package io.weir.benchmarks.recovery;

import java.util.Collection;
import java.util.Properties;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;
import org.apache.flink.metrics.reporter.Scheduled;

/**
 * Answers with how far the job is in its topic: the sum of the positions of all partitions, once
 * each of them is known. Flink makes it in every TaskManager.
 */
public final class ReadPositions implements MetricReporter, MetricReporterFactory, Scheduled {

    private static final String OFFSET = "currentOffset";

    private final Collection<Gauge<?>> offsets = new ConcurrentLinkedQueue<>();

    @Override
    public MetricReporter createMetricReporter(Properties properties) {
        return this;
    }

    @Override
    public void open(MetricConfig config) {}

    @Override
    public void close() {}

    @Override
    public void report() {
        long sum = 0;
        for (Gauge<?> offset : offsets) {
            long last = ((Number) offset.getValue()).longValue();
            if (last < 0) {
                return;
            }
            sum += last + 1;
        }
        if (sum > 0) {
            ClusterProcess.answer(Long.toString(sum));
        }
    }

    @Override
    public void notifyOfAddedMetric(Metric metric, String name, MetricGroup group) {
        if (metric instanceof Gauge<?> gauge && name.equals(OFFSET)) {
            offsets.add(gauge);
        }
    }

    @Override
    public void notifyOfRemovedMetric(Metric metric, String name, MetricGroup group) {
        if (metric instanceof Gauge<?> gauge && name.equals(OFFSET)) {
            offsets.remove(gauge);
        }
    }
}
