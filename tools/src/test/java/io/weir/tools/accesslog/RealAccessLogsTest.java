package io.weir.tools.accesslog;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.tools.logfile.LogFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Compares what is read of real logs with {@code NAME.truth.csv} and {@code NAME.rejects.csv}
 * beside them, in the folder that the environment variable WEIR_ACCESS_LOGS names.
 */
class RealAccessLogsTest {

    private static final Logger LOG = LoggerFactory.getLogger(RealAccessLogsTest.class);

    private static final class Minute {

        private long requests;
        private long errors;
        private long bytes;
        private final Set<String> clients = new HashSet<>();

        void add(ParsedLine line) {
            requests++;
            errors += line.status() >= 400 ? 1 : 0;
            bytes += line.size() == null ? 0 : line.size();
            clients.add(line.client() == null ? "-" : line.client());
        }

        @Override
        public String toString() {
            return "%d,%d,%d,%d,%d"
                    .formatted(requests, requests - errors, errors, bytes, clients.size());
        }
    }

    @TestFactory
    List<DynamicTest> readsRealLogsAsTheirTruthSays() throws Exception {
        String folder = System.getenv("WEIR_ACCESS_LOGS");
        if (folder == null) {
            LOG.warn("SKIPPED: real access logs, since WEIR_ACCESS_LOGS names no folder");
        }
        Assumptions.assumeTrue(
                folder != null, "SKIPPED: WEIR_ACCESS_LOGS names no folder of real access logs");
        List<DynamicTest> tests = new ArrayList<>();
        try (Stream<Path> files = Files.list(Path.of(folder))) {
            files.filter(file -> file.toString().endsWith(".truth.csv"))
                    .sorted()
                    .forEach(truth -> tests.add(test(truth)));
        }
        assertThat(tests).as("logs with truth in " + folder).isNotEmpty();
        return tests;
    }

    private static DynamicTest test(Path truth) {
        String name = truth.getFileName().toString().replace(".truth.csv", "");
        return DynamicTest.dynamicTest(
                name,
                () -> {
                    Path zipped = truth.resolveSibling(name + ".gz");
                    compare(
                            Files.exists(zipped) ? zipped : truth.resolveSibling(name),
                            Files.readAllLines(truth),
                            Files.readAllLines(truth.resolveSibling(name + ".rejects.csv")));
                });
    }

    private static void compare(Path log, List<String> truth, List<String> rejects)
            throws Exception {
        TreeMap<Instant, Minute> minutes = new TreeMap<>();
        Minute total = new Minute();
        List<String> foundRejects = new ArrayList<>(List.of("line,reason"));
        try (LogFile opened = LogFile.open(log);
                MergedLogs lines =
                        new MergedLogs(
                                List.of(new AccessLogFile(opened, "log", 1)), LineRules.DEFAULT)) {
            while (lines.hasNext()) {
                MergedLogs.Line line = lines.next();
                if (line.content() instanceof ParsedLine parsed) {
                    Instant minute = parsed.time().truncatedTo(ChronoUnit.MINUTES);
                    minutes.computeIfAbsent(minute, m -> new Minute()).add(parsed);
                    total.add(parsed);
                } else {
                    String reason = ((UnparsableLine) line.content()).fault().reason();
                    foundRejects.add(
                            line.number()
                                    + ","
                                    + (reason.contains(",") ? '"' + reason + '"' : reason));
                }
            }
        }
        List<String> found =
                new ArrayList<>(List.of("minute,requests,success,errors,bytes,distinct_clients"));
        minutes.forEach((minute, counts) -> found.add(minute + "," + counts));
        found.add("TOTAL," + total);
        assertThat(found).containsExactlyElementsOf(truth);
        assertThat(foundRejects).containsExactlyElementsOf(rejects);
    }
}
