package io.weir.tools.demo;

import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;

/**
 * The metrics of a job in this process, to be asked at any time.
 *
 * <p>Flink makes a reporter itself, and it finds its way back here by the name of the run.
 */
final class JobMetrics {

    private static final Map<String, JobMetrics> RUNS = new ConcurrentHashMap<>();

    /** By metric, its full name with the operator's. */
    private final Map<Metric, String> metrics = new ConcurrentHashMap<>();

    static JobMetrics of(String run) {
        return RUNS.computeIfAbsent(run, name -> new JobMetrics());
    }

    static void forget(String run) {
        RUNS.remove(run);
    }

    /** The sum over all subtasks, 0 while there are none. */
    long sum(String operator, String name) {
        return named(operator, name, Counter.class).mapToLong(Counter::getCount).sum();
    }

    /** The smallest value of all subtasks, the smallest number there is while there are none. */
    long least(String operator, String name) {
        return named(operator, name, Gauge.class)
                .map(gauge -> gauge.getValue())
                .filter(Long.class::isInstance)
                .mapToLong(Long.class::cast)
                .min()
                .orElse(Long.MIN_VALUE);
    }

    private <M> Stream<M> named(String operator, String name, Class<M> kind) {
        String fullName = operator + '/' + name;
        return metrics.entrySet().stream()
                .filter(entry -> entry.getValue().equals(fullName))
                .map(Map.Entry::getKey)
                .filter(kind::isInstance)
                .map(kind::cast);
    }

    /** What Flink reports to, and makes by itself: the service of this name is its own factory. */
    public static final class Reporter implements MetricReporter, MetricReporterFactory {

        private JobMetrics run = new JobMetrics();

        @Override
        public MetricReporter createMetricReporter(Properties properties) {
            return new Reporter();
        }

        @Override
        public void open(MetricConfig config) {
            run = of(config.getString("run", ""));
        }

        @Override
        public void close() {}

        @Override
        public void notifyOfAddedMetric(Metric metric, String name, MetricGroup group) {
            String operator = group.getAllVariables().get("<operator_name>");
            if (operator != null) {
                run.metrics.put(metric, operator + '/' + name);
            }
        }

        @Override
        public void notifyOfRemovedMetric(Metric metric, String name, MetricGroup group) {
            run.metrics.remove(metric);
        }
    }
}
