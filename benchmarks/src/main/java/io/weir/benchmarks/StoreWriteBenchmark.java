package io.weir.benchmarks;

import io.weir.embedded.EmbeddedPostgres;
import io.weir.testing.EmbeddedCitus;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code weir bench store-write}: how many minute rows a second one writer brings into the store,
 * by way of writing, rows a statement and number of shards.
 *
 * <p>Every round measures every case once, in an order of its own, so that whatever else the
 * machine does falls on all of them; the medians are shown.
 */
@Command(
        name = "store-write",
        description = {
            "Rows a second of one writer, by way of writing, rows a statement and shards.",
            "Without --jdbc-url it starts a Citus cluster of the installation on this machine, or"
                    + " where there is none a plain PostgreSQL, in a temporary folder."
        },
        mixinStandardHelpOptions = true)
public final class StoreWriteBenchmark implements Callable<Integer> {

    private static final long SEED = 1;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--rows",
            split = ",",
            defaultValue = "1,100,1000,5000,10000,20000",
            description = "Rows a statement (default: ${DEFAULT-VALUE})")
    private List<Integer> sizes = List.of();

    @Option(
            names = "--shards",
            split = ",",
            defaultValue = "8,32",
            description = "Shards of the table on Citus (default: ${DEFAULT-VALUE})")
    private List<Integer> shards = List.of();

    @Option(
            names = "--rounds",
            defaultValue = "5",
            description = "How often each case is measured (default: ${DEFAULT-VALUE})")
    private int rounds;

    @Option(names = "--quick", description = "Three rounds of 1,000 and 5,000 rows a statement")
    private boolean isQuick;

    @Option(names = "--json", paramLabel = "FILE", description = "Write the figures there too")
    private @Nullable Path json;

    @Mixin private DatabaseOptions options = new DatabaseOptions();

    @Override
    public Integer call() throws Exception {
        check();
        Optional<BenchmarkStore.Database> given = options.given();
        if (given.isPresent()) {
            measure(stores(given.get()));
            return 0;
        }
        try (ScratchFolder folder = ScratchFolder.make()) {
            measureHere(folder.path());
        }
        return 0;
    }

    private void check() {
        if (isQuick) {
            rounds = 3;
            sizes = List.of(1_000, 5_000);
        }
        Stream.of(sizes, shards, List.of(rounds))
                .flatMap(List::stream)
                .filter(number -> number < 1)
                .findAny()
                .ifPresent(
                        number -> {
                            throw new ParameterException(
                                    spec.commandLine(), "numbers must be 1 or more: " + number);
                        });
        if (Collections.max(sizes) > MinuteRows.SITES) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--rows must be at most " + MinuteRows.SITES + ": " + Collections.max(sizes));
        }
    }

    private void measureHere(Path folder) throws SQLException, IOException {
        Optional<String> missing = EmbeddedCitus.missing();
        if (missing.isPresent()) {
            out().println("NOT MEASURED ON CITUS: " + missing.get());
            try (EmbeddedPostgres postgres = EmbeddedPostgres.start(folder)) {
                measure(
                        stores(
                                new BenchmarkStore.Database(
                                        postgres.jdbcUrl(), postgres.user(), null)));
            }
            return;
        }
        try (EmbeddedCitus citus = EmbeddedCitus.start(folder)) {
            BenchmarkStore.Database distributed =
                    new BenchmarkStore.Database(citus.jdbcUrl(), citus.user(), null);
            List<BenchmarkStore> stores = stores(distributed);
            stores.addAll(stores(besides(distributed)));
            measure(stores);
        }
    }

    /** A database of the coordinator's server that knows nothing of Citus. */
    private static BenchmarkStore.Database besides(BenchmarkStore.Database distributed)
            throws SQLException {
        try (Connection connection = distributed.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("create database plain");
        }
        BenchmarkStore.Database plain =
                new BenchmarkStore.Database(
                        distributed.jdbcUrl().replaceFirst("/[^/]*$", "/plain"),
                        distributed.user(),
                        distributed.password());
        try (Connection connection = plain.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("create extension hll schema public");
        }
        return plain;
    }

    private List<BenchmarkStore> stores(BenchmarkStore.Database database) throws SQLException {
        database.migrate();
        List<BenchmarkStore> stores = new ArrayList<>();
        if (database.hasCitus()) {
            shards.forEach(count -> stores.add(BenchmarkStore.distributed(database, count)));
        } else {
            stores.add(BenchmarkStore.plain(database));
        }
        return stores;
    }

    private void measure(List<BenchmarkStore> stores) throws SQLException, IOException {
        try {
            for (BenchmarkStore store : stores) {
                store.create();
            }
            out().printf(
                            Locale.ROOT,
                            "One writer, rows of about %d bytes, medians of %d rounds, %d processors%n",
                            new MinuteRows(SEED).bytesPerRow(),
                            rounds,
                            Runtime.getRuntime().availableProcessors());
            out().flush();
            LatencySamples samples = Rounds.measure(stores, sizes, rounds, SEED);
            BenchmarkReport report = new BenchmarkReport(samples, stores, sizes);
            report.print(out());
            if (json != null) {
                Files.writeString(json, report.json());
            }
        } finally {
            for (BenchmarkStore store : stores) {
                store.drop();
                store.database().drop(BenchmarkStore.MODEL);
            }
        }
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
