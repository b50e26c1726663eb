package io.weir.rig;

import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.flink.api.common.JobID;
import org.apache.flink.metrics.Gauge;
import org.apache.flink.metrics.Metric;
import org.apache.flink.metrics.MetricConfig;
import org.apache.flink.metrics.MetricGroup;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;
import org.apache.kafka.common.TopicPartition;

/**
 * How far the jobs of this process have read, by Flink's own metric. What they have committed comes
 * up to ten seconds later when nothing more arrives.
 */
public final class ReadOffsets implements MetricReporter, MetricReporterFactory {

    private static final Map<Metric, Place> PLACES = new ConcurrentHashMap<>();

    /** Whether a job has emitted the record before this offset. */
    static boolean isBefore(JobID job, TopicPartition partition, long offset) {
        Place place = new Place(job.toHexString(), partition);
        return PLACES.entrySet().stream()
                .filter(entry -> entry.getValue().equals(place))
                .map(entry -> ((Gauge<?>) entry.getKey()).getValue())
                .anyMatch(value -> value instanceof Long read && read >= offset - 1);
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
        Map<String, String> variables = group.getAllVariables();
        String topic = variables.get("<topic>");
        String partition = variables.get("<partition>");
        if (name.equals("currentOffset") && topic != null && partition != null) {
            PLACES.put(
                    metric,
                    new Place(
                            variables.getOrDefault("<job_id>", ""),
                            new TopicPartition(topic, Integer.parseInt(partition))));
        }
    }

    @Override
    public void notifyOfRemovedMetric(Metric metric, String name, MetricGroup group) {
        PLACES.remove(metric);
    }

    private record Place(String job, TopicPartition partition) {}
}
