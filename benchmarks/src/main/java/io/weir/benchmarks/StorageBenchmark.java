package io.weir.benchmarks;

import io.weir.database.Database;
import io.weir.tools.budget.RowSizes;
import io.weir.tools.budget.SiteTraffic;
import io.weir.tools.budget.StorageBudget;
import io.weir.tools.budget.TablePolicy;
import io.weir.traffic.Grain;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code weir bench storage}: how many bytes a row takes on disk, by grain and traffic. */
@Command(
        name = "storage",
        description = {
            "Bytes on disk of a row, by grain and traffic, and what of it is heap, TOAST and index.",
            BenchmarkDatabase.DESCRIPTION
        },
        mixinStandardHelpOptions = true)
final class StorageBenchmark extends Benchmark {

    private static final int SHARDS = 2;
    private static final double GIB = 1L << 30;

    /** As the job has it by default. */

    /** As {@code weir schema budget} proposes it. */
    private static final Duration ARCHIVED = Duration.ofDays(1);

    /** From here on a row does not grow with its requests any more. */
    private static final int MOST_REQUESTS = 300_000;

    @Option(
            names = "--requests-per-minute",
            paramLabel = "N",
            split = ",",
            defaultValue = "1,5,50,500,5000",
            description =
                    "Requests of a site and minute; hours and days have as many times more, at most"
                            + " 300,000 (default: ${DEFAULT-VALUE})")
    private List<Integer> requests = List.of();

    @Option(
            names = "--grains",
            paramLabel = "GRAIN",
            split = ",",
            defaultValue = "minute,hour,day",
            description = "Which rows are measured (default: ${DEFAULT-VALUE})")
    private List<Grain> grains = List.of();

    @Option(
            names = "--buckets",
            paramLabel = "N",
            defaultValue = "60",
            description = "Rows of each site and case, of 200 sites (default: ${DEFAULT-VALUE})")
    private int buckets;

    @Option(
            names = "--sites",
            paramLabel = "N",
            split = ",",
            defaultValue = "1000,10000",
            description =
                    "Sites for which it is computed what all tables take (default: ${DEFAULT-VALUE})")
    private List<Integer> sites = List.of();

    @Option(
            names = "--events-per-day",
            paramLabel = "N",
            defaultValue = "2300000000",
            description =
                    "Requests a day for which that is computed; the default is 500 GB of logs"
                            + " (default: ${DEFAULT-VALUE})")
    private long eventsPerDay;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the figures there too")
    private @Nullable Path json;

    @Mixin private BenchmarkDatabase database = new BenchmarkDatabase();

    @Override
    void run() throws Exception {
        requests.forEach(count -> requirePositive("--requests-per-minute", count));
        requirePositive("--buckets", buckets);
        sites.forEach(count -> requirePositive("--sites", count));
        require(eventsPerDay >= 1, "--events-per-day must be 1 or more: " + eventsPerDay);
        require(
                buckets <= StoredTraffic.MOST_BUCKETS,
                "--buckets must be at most " + StoredTraffic.MOST_BUCKETS + ": " + buckets);
        database.measure(this::measure);
    }

    private void measure(Database given) throws SQLException, IOException, InterruptedException {
        List<RowSize> sizes = new ArrayList<>();
        try (StoredTraffic traffic = new StoredTraffic(given, SHARDS)) {
            out().print(RowSize.HEADER);
            for (Grain grain : grains) {
                for (int count : requestsOf(grain)) {
                    RowSize size = traffic.measure(grain, count, buckets);
                    sizes.add(size);
                    out().println(size.line());
                }
            }
            compute(sizes, traffic.policies());
        }
        if (json != null) {
            Files.writeString(
                    json,
                    sizes.stream()
                            .map(RowSize::json)
                            .collect(Collectors.joining(",\n  ", "[\n  ", "\n]\n")));
        }
    }

    private int[] requestsOf(Grain grain) {
        long minutes = grain.millis() / Grain.MINUTE.millis();
        return requests.stream()
                .mapToInt(count -> (int) Math.min(MOST_REQUESTS, count * minutes))
                .distinct()
                .toArray();
    }

    /**
     * What the default policy would take, and the same with archives; with fewer grains there is
     * nothing to compute it from.
     */
    private void compute(List<RowSize> sizes, List<TablePolicy> policies) {
        if (!grains.containsAll(List.of(Grain.values()))) {
            return;
        }
        List<RowSizes> ofGrains =
                Stream.of(Grain.values()).map(grain -> RowSize.of(grain, sizes)).toList();
        boolean isColumnar = sizes.stream().allMatch(size -> size.archived() != null);
        printHeader();
        for (int count : sites) {
            printLine(count, "never", budget(count, ofGrains, false), policies);
            if (isColumnar) {
                printLine(count, "after a day", budget(count, ofGrains, true), archiving(policies));
            }
        }
    }

    private void printHeader() {
        out().printf(
                        Locale.ROOT,
                        """

                        Computed from these bytes a row, not measured: GB (2^30) on disk at most, \
                        %,d requests a day by Zipf's law, the default policy
                        | sites | columnar | minutes | hours | days | all |
                        |--:|---|--:|--:|--:|--:|
                        """,
                        eventsPerDay);
    }

    private void printLine(
            int count, String columnar, StorageBudget budget, List<TablePolicy> policies) {
        String tables =
                policies.stream()
                        .map(table -> gibibytes(budget.of(table).bytes()))
                        .collect(Collectors.joining(" | "));
        out().printf(
                        Locale.ROOT,
                        "| %,d | %s | %s | %s |%n",
                        count,
                        columnar,
                        tables,
                        gibibytes(budget.total(policies)));
    }

    private StorageBudget budget(int count, List<RowSizes> ofGrains, boolean canArchive) {
        return new StorageBudget(new SiteTraffic(count, eventsPerDay, 1), ofGrains, canArchive);
    }

    private static List<TablePolicy> archiving(List<TablePolicy> policies) {
        return policies.stream().map(table -> table.archivingAfter(ARCHIVED)).toList();
    }

    private static String gibibytes(double bytes) {
        return String.format(Locale.ROOT, "%,.1f", bytes / GIB);
    }
}
