package io.weir.tools.cli;

import io.weir.database.Session;
import io.weir.tools.budget.MeasuredRows;
import io.weir.tools.budget.PolicyProposal;
import io.weir.tools.budget.SiteTraffic;
import io.weir.tools.budget.StorageBudget;
import io.weir.tools.budget.TableBudget;
import io.weir.tools.budget.TablePolicy;
import io.weir.tools.connect.CommandException;
import io.weir.tools.text.Columns;
import io.weir.tools.text.DurationText;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.apache.flink.configuration.MemorySize;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** What the policy of a schema takes on disk, and one that fits. */
@Command(
        name = "budget",
        description = {
            "Says what the policy of retention_policy takes on disk for this much traffic, and"
                    + " with --disk which policy would fit. Changes nothing.",
            "The figures are computed from bytes a row that weir bench storage measured. Late"
                    + " requests, elections and the server's log (WAL) are not in them.",
            "Exit code 0 when the policy fits, or no --disk is given, 1 when it does not."
        })
final class BudgetCommand extends WeirCommand implements Callable<Integer> {

    private static final int MOST_SITES = 10_000_000;
    private static final double GIB = 1L << 30;

    @Mixin private ReaderArguments where = new ReaderArguments();

    @Option(
            names = "--sites",
            required = true,
            paramLabel = "N",
            description = "How many sites have requests")
    private int sites;

    @Option(
            names = "--events-per-day",
            required = true,
            paramLabel = "N",
            description = "Requests of all sites a day")
    private long eventsPerDay;

    @Option(
            names = "--zipf",
            defaultValue = "1",
            paramLabel = "S",
            description =
                    "Site n has 1/n^S of the first one's requests; 0 for sites that are alike"
                            + " (default: ${DEFAULT-VALUE})")
    private double zipf;

    @Option(
            names = "--disk",
            paramLabel = "SIZE",
            description =
                    "What the tables may take, for example 100GB (1 GB is 2^30 bytes): proposes a"
                            + " policy where that of the schema takes more")
    private @Nullable String disk;

    @Option(
            names = "--keep-minutes",
            defaultValue = "7d",
            paramLabel = "DURATION",
            description =
                    "With --disk: how long minutes are to be kept at least (default:"
                            + " ${DEFAULT-VALUE})")
    private Duration leastOfMinutes = Duration.ofDays(7);

    private record Store(List<TablePolicy> policies, boolean canArchive) {}

    @Override
    public Integer call() {
        Arguments.require("--sites", sites, 1, MOST_SITES);
        Arguments.require("--events-per-day", eventsPerDay, 1);
        if (!(zipf >= 0 && zipf <= 10)) {
            throw CommandException.wrongUsage("--zipf: %s must be 0 to 10".formatted(zipf));
        }
        Arguments.requireSince1970("--keep-minutes", leastOfMinutes, Instant.now());
        Double limit = disk == null ? null : (double) bytes(disk);
        if (limit != null && limit == 0) {
            throw CommandException.wrongUsage(
                    "--disk: 0 bytes hold no table, give a size like 100GB");
        }
        Store store = where.ask(BudgetCommand::read);
        StorageBudget budget =
                new StorageBudget(
                        new SiteTraffic(sites, eventsPerDay, zipf),
                        MeasuredRows.ALL,
                        store.canArchive);
        print(budget, store.policies);
        if (limit == null) {
            return ExitCode.OK;
        }
        if (budget.total(store.policies) <= limit) {
            out().printf(
                            store.policies.stream().anyMatch(policy -> policy.keep() == null)
                                    ? "It fits into %s for a year; what is kept for ever grows on.%n"
                                    : "It fits into %s.%n",
                            gibibytes(limit));
            return ExitCode.OK;
        }
        propose(budget, store, limit);
        return ExitCode.SOFTWARE;
    }

    private static long bytes(String size) {
        try {
            return MemorySize.parseBytes(size);
        } catch (IllegalArgumentException e) {
            throw CommandException.wrongUsage(
                    "--disk: '%s' is not a size like 100GB or 2TB".formatted(size));
        }
    }

    private static Store read(Session session) throws SQLException {
        return new Store(TablePolicy.all(session), session.holds("select ${schema}.can_archive()"));
    }

    private void print(StorageBudget budget, List<TablePolicy> policies) {
        List<List<String>> rows = new ArrayList<>();
        for (TablePolicy policy : policies) {
            TableBudget table = budget.of(policy);
            rows.add(
                    List.of(
                            policy.table(),
                            policy.keep() == null ? "for ever" : text(policy.keep()),
                            policy.archiveAfter() == null ? "never" : text(policy.archiveAfter()),
                            String.format(Locale.ROOT, "%,.0f", table.rows()),
                            gibibytes(table.heapBytes()),
                            gibibytes(table.archivedBytes()),
                            gibibytes(table.bytes())));
        }
        out().print(
                        Columns.of(
                                List.of(
                                        "table",
                                        "keep",
                                        "archive after",
                                        "rows",
                                        "heap",
                                        "columnar",
                                        "on disk"),
                                rows));
        out().printf(
                        "In all %s at most: a partition is dropped as a whole, when its last row"
                                + " is too old.%n",
                        gibibytes(budget.total(policies)));
        if (policies.stream().anyMatch(policy -> policy.keep() == null)) {
            out().println("Of a table that is kept for ever it is what a year takes.");
        }
    }

    private void propose(StorageBudget budget, Store store, double limit) {
        List<TablePolicy> proposed =
                new PolicyProposal(budget, leastOfMinutes, store.canArchive)
                        .within(limit, store.policies);
        boolean fits = budget.total(proposed) <= limit;
        out().printf(
                        fits
                                ? "It does not fit into %s. This would:%n%n"
                                : "It does not fit into %s, nor does any policy that keeps days for"
                                        + " a year, hours for 14 days and minutes for --keep-minutes. The"
                                        + " smallest of these is:%n%n",
                        gibibytes(limit));
        print(budget, proposed);
        out().println();
        for (int i = 0; i < proposed.size(); i++) {
            update(store.policies.get(i), proposed.get(i)).forEach(out()::println);
        }
    }

    /** What is to change. Late rows are kept as long as those beside them, and never archived. */
    private List<String> update(TablePolicy before, TablePolicy after) {
        List<String> statements = new ArrayList<>();
        if (!Objects.equals(before.archiveAfter(), after.archiveAfter())) {
            statements.add(
                    "update %s.retention_policy set archive_after = '%s' where table_name = '%s';"
                            .formatted(
                                    where.schema(),
                                    interval(Objects.requireNonNull(after.archiveAfter())),
                                    after.table()));
        }
        if (!Objects.equals(before.keep(), after.keep())) {
            statements.add(
                    "update %1$s.retention_policy set keep = '%2$s' where table_name in ('%3$s', '%3$s_late');"
                            .formatted(
                                    where.schema(),
                                    interval(Objects.requireNonNull(after.keep())),
                                    after.table()));
        }
        return statements;
    }

    private static String interval(Duration duration) {
        return duration.equals(Duration.ofDays(duration.toDays()))
                ? duration.toDays() + " days"
                : duration.toSeconds() + " seconds";
    }

    private static String text(Duration duration) {
        return duration.toDays() > 1 ? duration.toDays() + "d" : DurationText.of(duration);
    }

    private static String gibibytes(double bytes) {
        return String.format(Locale.ROOT, "%,.1f GB", bytes / GIB);
    }
}
