package io.weir.tools.demo;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import org.apache.flink.metrics.Counter;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.reporter.MetricReporter;

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
        return metrics.entrySet().stream()
                .filter(named(operator, name))
                .filter(entry -> entry.getKey() instanceof Counter)
                .mapToLong(entry -> ((Counter) entry.getKey()).getCount())
                .sum();
    }

    /** The smallest value of all subtasks, the smallest number there is while there are none. */
    long least(String operator, String name) {
        return metrics.entrySet().stream()
                .filter(named(operator, name))
                .filter(entry -> entry.getKey() instanceof Gauge<?>)
                .map(entry -> ((Gauge<?>) entry.getKey()).getValue())
                .filter(value -> value instanceof Long)
                .mapToLong(value -> (Long) value)
                .min()
                .orElse(Long.MIN_VALUE);
    }

    private static Predicate<Map.Entry<Metric, String>> named(String operator, String name) {
        String fullName = operator + '/' + name;
        return entry -> entry.getValue().equals(fullName);
    }

    /** What Flink talks to. */
    static final class Reporter implements MetricReporter {

        private JobMetrics run = new JobMetrics();

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
