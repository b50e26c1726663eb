package io.weir.benchmarks;

import io.weir.database.Database;
import io.weir.database.SchemaName;
import io.weir.database.Session;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * {@code weir bench store-write}: how many minute rows a second one writer brings into the store,
 * by rows a statement and number of shards, beside what COPY does at best.
 *
 * <p>Every round measures every case once, in an order of its own, so that whatever else the
 * machine does affects all of them; the medians are shown. A first round does not count.
 */
@Command(
        name = "store-write",
        description = {
            "Rows a second of one writer, by rows a statement and shards, beside COPY.",
            BenchmarkDatabase.DESCRIPTION
        },
        mixinStandardHelpOptions = true)
final class StoreWriteBenchmark extends Benchmark {

    private static final long SEED = 1;
    private static final String RATES = "%,.0f (%,.0f..%,.0f)";
    private static final String JSON_RATES = "{\"median\": %.3f, \"min\": %.3f, \"max\": %.3f}";

    @Option(
            names = "--rows",
            paramLabel = "N",
            split = ",",
            defaultValue = "1,100,1000,5000,10000,20000",
            description = "Rows a statement (default: ${DEFAULT-VALUE})")
    private List<Integer> sizes = List.of();

    @Option(
            names = "--shards",
            paramLabel = "N",
            split = ",",
            defaultValue = "8,32",
            description = "Shards of the table on Citus (default: ${DEFAULT-VALUE})")
    private List<Integer> shards = List.of();

    @Option(
            names = "--rounds",
            paramLabel = "N",
            defaultValue = "5",
            description = "How often each case is measured (default: ${DEFAULT-VALUE})")
    private int rounds;

    @Option(names = "--quick", description = "Three rounds of 1,000 and 5,000 rows a statement")
    private boolean isQuick;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the figures there too")
    private @Nullable Path json;

    @Mixin private BenchmarkDatabase database = new BenchmarkDatabase();

    @Override
    void run() throws Exception {
        if (isQuick) {
            rounds = 3;
            sizes = List.of(1_000, 5_000);
        }
        sizes.forEach(size -> requirePositive("--rows", size));
        shards.forEach(count -> requirePositive("--shards", count));
        requirePositive("--rounds", rounds);
        int most = Collections.max(sizes);
        require(
                most <= MinuteRows.SITES,
                "--rows must be at most " + MinuteRows.SITES + ": " + most);
        database.measure(this::measure);
    }

    private void measure(Database given) throws SQLException, IOException, InterruptedException {
        List<WrittenStore> stores = new ArrayList<>();
        try {
            for (int count : shards) {
                WrittenStore store = new WrittenStore(given, count, SEED);
                stores.add(store);
                if (!store.isDistributed()) {
                    break;
                }
            }
            if (database.isStarted() && stores.get(0).isDistributed()) {
                stores.add(new WrittenStore(besides(given), 1, SEED));
            }
            List<Case> cases = measured(stores);
            for (WrittenStore store : stores) {
                store.check();
            }
            report(cases, stores.get(0).bytesPerRow());
        } finally {
            for (WrittenStore store : stores) {
                store.close();
            }
        }
    }

    /** A database of the coordinator's server that knows nothing of Citus. */
    private static Database besides(Database distributed) throws SQLException {
        Database plain =
                new Database(
                        distributed.jdbcUrl().replaceFirst("/[^/]*$", "/plain"),
                        distributed.user(),
                        distributed.password());
        try (Session session = distributed.open(new SchemaName("public"))) {
            session.execute("create database plain");
        }
        try (Session session = plain.open(new SchemaName("public"))) {
            session.execute("create extension hll schema public");
        }
        return plain;
    }

    private List<Case> measured(List<WrittenStore> stores)
            throws SQLException, IOException, InterruptedException {
        List<Case> cases = new ArrayList<>();
        for (int size : sizes) {
            for (WrittenStore store : stores) {
                cases.add(new Case(size, store, new Sample(), new Sample()));
            }
        }
        List<Case> shuffled = new ArrayList<>(cases);
        Random order = new Random(SEED);
        for (int round = 0; round <= rounds; round++) {
            Collections.shuffle(shuffled, order);
            for (Case one : shuffled) {
                one.store.write(one.size, one.sink, one.copy);
                if (round == 0) {
                    one.sink.clear();
                    one.copy.clear();
                }
            }
        }
        return cases;
    }

    /** A Markdown table, and what was asked for as JSON. */
    private void report(List<Case> cases, @Nullable String bytesPerRow) throws IOException {
        out().printf(
                        """
                        Rows a second of one writer, rows of about %s bytes, medians of %d rounds \
                        (least..greatest), %d processors
                        | rows a statement | store | sink | COPY | sink / COPY |
                        |--:|---|--:|--:|--:|
                        """,
                        bytesPerRow, rounds, Runtime.getRuntime().availableProcessors());
        cases.forEach(each -> out().println(each.line()));
        if (json != null) {
            Files.writeString(
                    json,
                    cases.stream()
                            .map(Case::json)
                            .collect(Collectors.joining(",\n  ", "[\n  ", "\n]\n")));
        }
    }

    private record Case(int size, WrittenStore store, Sample sink, Sample copy) {

        String line() {
            return String.format(
                    Locale.ROOT,
                    "| %,d | %s | %s | %s | %.2f |",
                    size,
                    store.name(),
                    sink.show(RATES),
                    copy.show(RATES),
                    sink.median() / copy.median());
        }

        String json() {
            return """
            {"store": "%s", "rows": %s, "sink_rows_per_second": %s, "copy_rows_per_second": %s}"""
                    .formatted(store.name(), size, sink.show(JSON_RATES), copy.show(JSON_RATES));
        }
    }
}
