package io.weir.tools.demo;

import java.util.Properties;
import org.apache.flink.metrics.reporter.MetricReporter;
import org.apache.flink.metrics.reporter.MetricReporterFactory;

/** What Flink makes the reporter of {@link JobMetrics} with. */
public final class JobMetricsFactory implements MetricReporterFactory {

    @Override
    public MetricReporter createMetricReporter(Properties properties) {
        return new JobMetrics.Reporter();
    }
}
