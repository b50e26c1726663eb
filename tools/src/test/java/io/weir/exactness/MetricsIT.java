package io.weir.exactness;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.TrafficJob;
import io.weir.request.RejectReason;
import io.weir.rig.Run;
import io.weir.rig.Stack;
import io.weir.tools.send.GeneratedRequests;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.core.execution.JobClient;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the job tells Prometheus is what docs/metrics.md says, and what the alert rules ask for. */
class MetricsIT {

    private static final Path PROJECT = Path.of("..");
    private static final String COMMON = "flink_taskmanager_job_task_operator_weir_";
    private static final Pattern METRIC = Pattern.compile("\\bflink_\\w+");

    @TempDir private Path folder;

    @Test
    void everyMetricIsDocumentedAndEveryNameInARuleExists() throws Exception {
        try (Stack stack = Stack.start(folder)) {
            GeneratedRequests requests =
                    new GeneratedRequests(
                            1_000, 5, Duration.ofMinutes(10), 1, GeneratedRequests.END_OF_SEEDED);
            Run run =
                    new Run(
                            stack,
                            "metrics",
                            1,
                            requests.eventTimes().first(),
                            requests.eventTimes().last());
            run.send(requests);
            int port = freePort();
            StreamExecutionEnvironment environment =
                    StreamExecutionEnvironment.createLocalEnvironment(1, reporting(port));
            TrafficJob.build(environment, run.options("deduplicate", "request-id"));
            JobClient job = environment.executeAsync(TrafficJob.NAME);
            try {
                Awaitility.await()
                        .atMost(Duration.ofMinutes(2))
                        .untilAsserted(() -> assertThat(names(port)).containsAll(inRules()));
                assertThat(weirs(names(port))).isEqualTo(documented());
                assertThat(names(port)).containsAll(ofFlinkDocumented());
                // As the alert on a job that is down has it.
                assertThat(page(port)).contains("job_name=\"weir_traffic\"");
            } finally {
                job.cancel().get();
            }
        }
    }

    private Configuration reporting(int port) {
        Configuration configuration = new Configuration();
        configuration.setString("execution.checkpointing.interval", "300 ms");
        configuration.setString(
                "execution.checkpointing.dir", folder.resolve("checkpoints").toUri().toString());
        configuration.setString("metrics.reporters", "prom");
        configuration.setString(
                "metrics.reporter.prom.factory.class",
                "org.apache.flink.metrics.prometheus.PrometheusReporterFactory");
        configuration.setString("metrics.reporter.prom.port", Integer.toString(port));
        return configuration;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private static Set<String> names(int port) throws Exception {
        return page(port)
                .lines()
                .filter(line -> line.startsWith("# TYPE "))
                .map(line -> line.split(" ", -1)[2])
                .collect(Collectors.toCollection(TreeSet::new));
    }

    private static String page(int port) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + "/metrics"))
                                .build(),
                        BodyHandlers.ofString())
                .body();
    }

    private static Set<String> weirs(Set<String> names) {
        return names.stream()
                .filter(name -> name.startsWith(COMMON))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** The last column of the first table, with each reason in the place of REASON. */
    private static Set<String> documented() throws IOException {
        try (Stream<String> lines = Files.lines(PROJECT.resolve("docs/metrics.md"))) {
            return lines.filter(line -> line.startsWith("| `") && line.split("\\|", -1).length == 8)
                    .map(line -> line.split("\\|", -1)[6].strip().replace("`", ""))
                    .flatMap(
                            name ->
                                    name.endsWith("REASON")
                                            ? Stream.of(RejectReason.values())
                                                    .map(r -> name.replace("REASON", r.code()))
                                            : Stream.of(name))
                    .map(name -> COMMON + name)
                    .collect(Collectors.toCollection(TreeSet::new));
        }
    }

    private static Set<String> ofFlinkDocumented() throws IOException {
        Set<String> names = metricsIn(PROJECT.resolve("docs/metrics.md"));
        names.remove(COMMON);
        return names;
    }

    /** Of all files of rules and dashboards that there are. */
    private static Set<String> inRules() throws IOException {
        Set<String> names = new TreeSet<>();
        for (String place : new String[] {"conf/prometheus", "conf/grafana"}) {
            if (Files.isDirectory(PROJECT.resolve(place))) {
                try (Stream<Path> files = Files.walk(PROJECT.resolve(place))) {
                    for (Path file : files.filter(Files::isRegularFile).toList()) {
                        names.addAll(metricsIn(file));
                    }
                }
            }
        }
        assertThat(names).hasSizeGreaterThan(5);
        return names;
    }

    private static Set<String> metricsIn(Path file) throws IOException {
        return METRIC.matcher(Files.readString(file))
                .results()
                .map(match -> match.group())
                .collect(Collectors.toCollection(TreeSet::new));
    }
}
