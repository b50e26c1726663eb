package io.weir.benchmarks;

import io.weir.benchmarks.contestants.Contestants;
import io.weir.benchmarks.contestants.Effort;
import io.weir.benchmarks.throughput.Conditions;
import io.weir.benchmarks.throughput.Contest;
import io.weir.benchmarks.throughput.Workload;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * {@code weir bench throughput}: requests a second of the whole job, and of what it can be compared
 * with.
 *
 * <p>Every round measures every contestant once, in an order of its own, so that whatever else the
 * machine does affects all of them, and ratios are those of a round. The first rounds do not count:
 * in each process the compiler takes half a processor for some twelve million requests.
 */
@Command(
        name = "throughput",
        description = {
            "Requests a second of the whole job from Kafka to PostgreSQL, beside other ways to"
                    + " count them.",
            "Kafka, PostgreSQL and every contestant run in processes of their own, in a temporary"
                    + " folder."
        },
        mixinStandardHelpOptions = true)
final class ThroughputBenchmark extends Benchmark {

    private static final int EVENTS = 4_000_000;
    private static final int ROUNDS = 5;
    private static final int WARM_UP_ROUNDS = 3;
    private static final int QUICK_EVENTS = 500_000;
    private static final int QUICK_ROUNDS = 3;
    private static final int QUICK_WARM_UP_ROUNDS = 1;

    @Option(
            names = "--only",
            split = ",",
            paramLabel = "NAME",
            description =
                    "Contestants: weir, ceiling (reads and discards), flink-sql, flink-sql-same"
                            + " (with all measures and grains), textbook, tutorial (default: all)")
    private List<String> only = List.of();

    @Option(
            names = "--requests",
            paramLabel = "N",
            description = "How many requests a round has (default: 4000000, quick 500000)")
    private @Nullable Integer events;

    @Option(
            names = "--rounds",
            paramLabel = "N",
            description = "How often each is measured (default: 5, quick 3)")
    private @Nullable Integer rounds;

    @Option(
            names = "--requests-form",
            defaultValue = "plain",
            paramLabel = "FORM",
            description =
                    "plain (epoch milliseconds, no headers) or generated (as ./weir generate, which"
                            + " only weir and ceiling understand; default: ${DEFAULT-VALUE})")
    private Workload.Form form = Workload.Form.PLAIN;

    @Option(
            names = "--sites",
            defaultValue = "500",
            paramLabel = "N",
            description = "How many sites they go to (default: ${DEFAULT-VALUE})")
    private int sites;

    @Option(
            names = "--zipf",
            defaultValue = "1",
            paramLabel = "S",
            description =
                    "Site n has n to the power of -S of the traffic of site 1; 0: all have the same"
                            + " (default: ${DEFAULT-VALUE})")
    private double zipf;

    @Option(names = "--hot-site", description = "Site 1 has 90 %% of the traffic")
    private boolean isHot;

    @Option(
            names = "--density",
            defaultValue = "live",
            paramLabel = "DENSITY",
            description =
                    "live (26,667 requests a second of event time) or sparse (5 a site and minute;"
                            + " default: ${DEFAULT-VALUE})")
    private Workload.Density density = Workload.Density.LIVE;

    @Option(
            names = "--bytes",
            defaultValue = "220",
            paramLabel = "N",
            description = "Length of a plain request, 220 or more (default: ${DEFAULT-VALUE})")
    private int bytes;

    @Option(
            names = "--compression",
            defaultValue = "lz4",
            paramLabel = "TYPE",
            description = "lz4, zstd or none (default: ${DEFAULT-VALUE})")
    private Workload.Compression compression = Workload.Compression.LZ4;

    @Option(
            names = "--parallelism",
            defaultValue = "1",
            paramLabel = "N",
            description = "Of Flink's operators (default: ${DEFAULT-VALUE})")
    private int parallelism;

    @Option(
            names = "--state",
            defaultValue = "hashmap",
            paramLabel = "BACKEND",
            description = "hashmap or rocksdb (default: ${DEFAULT-VALUE})")
    private Conditions.StateBackend state = Conditions.StateBackend.HASHMAP;

    @Option(
            names = "--checkpoints",
            defaultValue = "10s",
            paramLabel = "DURATION",
            description = "The time between two; 1d: none (default: ${DEFAULT-VALUE})")
    private Duration checkpoints = Duration.ZERO;

    @Option(names = "--deduplicate", description = "The job counts each request_id once")
    private boolean isDeduplicating;

    @Option(
            names = "--heap",
            defaultValue = "2g",
            paramLabel = "SIZE",
            description = "Largest heap of a contestant, as in -Xmx2g (default: ${DEFAULT-VALUE})")
    private String heap = "";

    @Option(
            names = "--profile",
            paramLabel = "FILE",
            description = "Record the job's rounds there with JDK Flight Recorder")
    private @Nullable Path profile;

    @Option(
            names = "--quick",
            description = "Fewer and shorter rounds: for a first look, not for comparing versions")
    private boolean isQuick;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the figures there too")
    private @Nullable Path json;

    @Override
    void run() throws Exception {
        int roundCount = rounds != null ? rounds : isQuick ? QUICK_ROUNDS : ROUNDS;
        Workload workload = workload();
        Set<Contestants> contestants = contestants();
        requirePositive("--rounds", roundCount);
        requirePositive("--parallelism", parallelism);
        require(!checkpoints.isZero(), "--checkpoints must be longer than 0");
        requireHeap(heap);
        require(
                profile == null || contestants.contains(Contestants.WEIR),
                "--profile is of the contestant weir, which --only leaves out");
        Conditions conditions =
                new Conditions(parallelism, state, checkpoints, isDeduplicating, heap, profile);
        ThroughputReport report = new ThroughputReport(workload.events());
        try (Contest contest = Contest.start(contestants, workload, conditions)) {
            for (int i = 0; i < (isQuick ? QUICK_WARM_UP_ROUNDS : WARM_UP_ROUNDS); i++) {
                show("warm-up", contest.round(false), workload);
            }
            for (int round = 1; round <= roundCount; round++) {
                Map<Contestants, Effort> efforts = contest.round(true);
                show("round %d of %d".formatted(round, roundCount), efforts, workload);
                report.add(efforts);
            }
        }
        print(report, roundCount, workload);
    }

    private Workload workload() {
        int eventCount = events != null ? events : isQuick ? QUICK_EVENTS : EVENTS;
        requirePositive("--requests", eventCount);
        requirePositive("--sites", sites);
        require(zipf >= 0, "--zipf must be 0 or more: " + zipf);
        require(
                bytes >= Workload.MIN_BYTES,
                "--bytes must be %d or more: %d".formatted(Workload.MIN_BYTES, bytes));
        require(
                form == Workload.Form.PLAIN || zipf == 1 && !isHot && bytes == Workload.MIN_BYTES,
                "--zipf, --hot-site and --bytes are for plain events: generated ones have their own");
        return new Workload(form, eventCount, sites, zipf, isHot, density, bytes, compression);
    }

    private Set<Contestants> contestants() {
        List<String> known =
                Stream.of(Contestants.values())
                        .filter(each -> form == Workload.Form.PLAIN || each.understandsGenerated())
                        .map(Contestants::title)
                        .toList();
        for (String name : only) {
            require(
                    known.contains(name),
                    "--only: no %s among the contestants for %s events: %s"
                            .formatted(name, lower(form), String.join(", ", known)));
        }
        return Stream.of(Contestants.values())
                .filter(each -> (only.isEmpty() ? known : only).contains(each.title()))
                .collect(Collectors.toCollection(() -> EnumSet.noneOf(Contestants.class)));
    }

    /** A round at once, since all of them take long. */
    private void show(String round, Map<Contestants, Effort> efforts, Workload workload) {
        out().println(
                        efforts.entrySet().stream()
                                .map(
                                        entry ->
                                                String.format(
                                                        Locale.ROOT,
                                                        "%s %.3f",
                                                        entry.getKey().title(),
                                                        workload.events()
                                                                * 1e3
                                                                / entry.getValue().nanos()))
                                .collect(Collectors.joining(", ", round + ": ", "")));
    }

    private void print(ThroughputReport report, int roundCount, Workload workload)
            throws IOException {
        if (isQuick) {
            out().println("QUICK: short rounds, in which starting and ending count for much");
        }
        out().printf(
                        Locale.ROOT,
                        """
                        Millions of requests a second and microseconds of the contestant's CPU a \
                        request: medians of %d rounds (least..greatest), %,d %s requests, %d processors
                        | contestant | M/s | CPU us | weir / it |
                        |---|--:|--:|--:|
                        """,
                        roundCount,
                        workload.events(),
                        lower(form),
                        Runtime.getRuntime().availableProcessors());
        report.lines().forEach(out()::println);
        if (json != null) {
            Files.writeString(json, report.json(setting(roundCount, workload)));
        }
    }

    /** What was measured and under which conditions, as a JSON object. */
    private String setting(int roundCount, Workload workload) {
        return String.format(
                Locale.ROOT,
                """
                {"quick": %b, "rounds": %d, "events": %d, "form": "%s", "sites": %d, "zipf": %s, \
                "hot_site": %b, "density": "%s", "bytes": %d, "compression": "%s", \
                "parallelism": %d, "state": "%s", "checkpoints_seconds": %s, "deduplicate": %b, \
                "heap": "%s"}""",
                isQuick,
                roundCount,
                workload.events(),
                lower(form),
                sites,
                zipf,
                isHot,
                lower(density),
                bytes,
                lower(compression),
                parallelism,
                lower(state),
                checkpoints.toMillis() / 1e3,
                isDeduplicating,
                heap);
    }

    private static String lower(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }
}
