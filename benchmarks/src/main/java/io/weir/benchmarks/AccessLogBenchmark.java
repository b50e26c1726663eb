package io.weir.benchmarks;

import com.sun.management.OperatingSystemMXBean;
import io.weir.benchmarks.throughput.Broker;
import io.weir.tools.accesslog.AccessLogRequests;
import io.weir.tools.accesslog.LineRules;
import io.weir.tools.connect.KafkaCluster;
import io.weir.tools.send.OutgoingRecord;
import io.weir.tools.send.RecordSender;
import java.io.IOException;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.apache.commons.io.FileUtils;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code weir bench access-log}: how fast combined lines are read, sent to a broker in a process of
 * its own, and counted by a whole demo, which starts anew each time.
 *
 * <p>Reading and sending are given by CPU time, which other programs hardly change: that of the
 * thread that reads, and that of all threads of the process that sends.
 */
@Command(
        name = "access-log",
        description = "Lines of access logs a second: read, sent, and in a whole demo.",
        mixinStandardHelpOptions = true)
final class AccessLogBenchmark extends Benchmark {

    private static final int WARM_UP_ROUNDS = 2;
    private static final int PARTITIONS = 12;
    private static final int CLIENTS = 20_000;
    private static final int PAGES = 1_000;
    private static final long SPAN_SECONDS = 3 * 3600;
    private static final Instant FIRST = Instant.parse("2026-01-15T07:00:00Z");
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("dd/MMM/yyyy:HH:mm:ss Z", Locale.ROOT)
                    .withZone(ZoneOffset.UTC);
    private static final String SHOWN = "%,.0f (%,.0f..%,.0f)";

    @Option(
            names = "--lines",
            defaultValue = "1000000",
            paramLabel = "N",
            description = "How many lines the log has (default: ${DEFAULT-VALUE})")
    private int lines;

    @Option(
            names = "--rounds",
            defaultValue = "5",
            paramLabel = "N",
            description = "How often each is measured (default: ${DEFAULT-VALUE})")
    private int rounds;

    @Override
    void run() throws IOException, InterruptedException {
        requirePositive("--lines", lines);
        requirePositive("--rounds", rounds);
        Path folder = Files.createTempDirectory("weir-bench-log");
        try {
            Path log = folder.resolve("access.log");
            write(log);
            out().printf(
                            Locale.ROOT,
                            "%,d combined lines, %d bytes each on average; medians of %d rounds"
                                    + " (least..greatest)%n",
                            lines,
                            Files.size(log) / lines,
                            rounds);
            out().println("read, lines/s of CPU time: " + read(log).show(SHOWN));
            try (Broker broker = Broker.start(folder.resolve("kafka"))) {
                out().println(
                                "sent, lines/s of CPU time: "
                                        + send(log, broker.bootstrapServers()).show(SHOWN));
            }
            out().println("demo, seconds: " + demo(log).show("%.0f (%.0f..%.0f)"));
        } finally {
            FileUtils.deleteDirectory(folder.toFile());
        }
    }

    /** From bytes of the file to events, of one site. */
    private Sample read(Path log) throws IOException {
        Sample rate = new Sample();
        for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
            try (AccessLogRequests requests = open(log)) {
                long bytes = 0;
                long start = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
                Iterator<OutgoingRecord> records = requests.iterator();
                while (records.hasNext()) {
                    bytes += records.next().value().length;
                }
                long nanos = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - start;
                requireAll(bytes > 0 ? requests.size() : 0);
                addRate(rate, round, nanos);
            }
        }
        return rate;
    }

    /** Reading, and all that the producer does. */
    private Sample send(Path log, String bootstrapServers)
            throws IOException, InterruptedException {
        Map<String, Object> properties = Map.of("bootstrap.servers", bootstrapServers);
        Sample rate = new Sample();
        for (int round = -WARM_UP_ROUNDS; round < rounds; round++) {
            String topic = "log_" + (round + WARM_UP_ROUNDS);
            try (KafkaCluster kafka = KafkaCluster.connect(properties)) {
                kafka.create(topic, PARTITIONS);
            }
            try (AccessLogRequests requests = open(log);
                    RecordSender sender = new RecordSender(properties, topic, PARTITIONS, null)) {
                long start = processNanos();
                sender.send(requests);
                long nanos = processNanos() - start;
                requireAll(sender.sent());
                addRate(rate, round, nanos);
            }
        }
        return rate;
    }

    private Sample demo(Path log) throws IOException, InterruptedException {
        Sample seconds = new Sample();
        for (int round = 0; round < rounds; round++) {
            long start = System.nanoTime();
            Process demo =
                    new ProcessBuilder(
                                    Path.of(System.getProperty("java.home"), "bin", "java")
                                            .toString(),
                                    "-Xmx3g",
                                    "--add-opens=java.base/java.util=ALL-UNNAMED",
                                    "-Dweir.log=" + log.resolveSibling("demo.txt"),
                                    "-cp",
                                    System.getProperty("java.class.path"),
                                    "io.weir.tools.cli.Weir",
                                    "demo",
                                    "--access-log",
                                    log.toString())
                            .redirectErrorStream(true)
                            .redirectOutput(log.resolveSibling("demo.out").toFile())
                            .start();
            int exitCode = demo.waitFor();
            if (exitCode != 0) {
                throw new IOException(
                        "the demo ended with %d: %s"
                                .formatted(
                                        exitCode,
                                        Files.readString(log.resolveSibling("demo.out"))));
            }
            seconds.add((System.nanoTime() - start) / 1e9);
        }
        return seconds;
    }

    private static AccessLogRequests open(Path log) throws IOException {
        return AccessLogRequests.of(List.of(log), 1, LineRules.DEFAULT);
    }

    private void addRate(Sample rate, int round, long nanos) {
        if (round >= 0) {
            rate.add(lines * 1e9 / nanos);
        }
    }

    private void requireAll(long found) {
        if (found != lines) {
            throw new IllegalStateException(found + " of " + lines + " lines");
        }
    }

    private static long processNanos() {
        return ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getProcessCpuTime();
    }

    /** The same lines each time: three hours of one site. */
    private void write(Path log) throws IOException {
        Random random = new Random(5);
        try (PrintWriter out = new PrintWriter(Files.newBufferedWriter(log))) {
            for (int line = 0; line < lines; line++) {
                int client = random.nextInt(CLIENTS);
                out.printf(
                        Locale.ROOT,
                        "203.%d.%d.%d - - [%s] \"GET /page/%d?from=%d HTTP/1.1\" %d %d"
                                + " \"https://www.example.com/\" \"Mozilla/5.0 (X11; Linux x86_64)"
                                + " AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0"
                                + " Safari/537.36\" %.3f%n",
                        client >> 16,
                        client >> 8 & 255,
                        client & 255,
                        TIME.format(FIRST.plusSeconds(line * SPAN_SECONDS / lines)),
                        random.nextInt(PAGES),
                        random.nextInt(PAGES),
                        random.nextInt(10) == 0 ? 404 : 200,
                        random.nextInt(100_000),
                        random.nextDouble());
            }
        }
    }
}
