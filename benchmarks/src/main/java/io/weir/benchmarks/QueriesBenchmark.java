package io.weir.benchmarks;

import io.weir.database.Database;
import io.weir.database.Session;
import io.weir.tools.text.DurationText;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * {@code weir bench queries}: how long the queries of the dashboards take, for one site and for all
 * of them together.
 *
 * <p>One connection asks one query after the other and reads every row. Every round asks each query
 * once, for another site than the round before; a first one does not count. Minutes that begin
 * meanwhile are added between rounds.
 */
@Command(
        name = "queries",
        description = {
            "How long the queries of the dashboards take, for one site and for all sites.",
            BenchmarkDatabase.DESCRIPTION
        },
        mixinStandardHelpOptions = true)
public final class QueriesBenchmark implements Callable<Integer> {

    private static final Duration MINUTES_ARE_KEPT = Duration.ofDays(7);

    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--sites",
            defaultValue = "100",
            description = "Sites with requests in every minute (default: ${DEFAULT-VALUE})")
    private int sites;

    @Option(
            names = "--history",
            paramLabel = "RANGE",
            defaultValue = "7d",
            description = "How far back there are requests, at most 7d (default: ${DEFAULT-VALUE})")
    private Duration history = MINUTES_ARE_KEPT;

    @Option(
            names = "--ranges",
            paramLabel = "RANGE",
            split = ",",
            defaultValue = "1h,24h,7d",
            description = "Ranges of time, which end now (default: ${DEFAULT-VALUE})")
    private List<Duration> ranges = List.of();

    @Option(
            names = "--rounds",
            defaultValue = "100",
            description = "How often each is asked for one site (default: ${DEFAULT-VALUE})")
    private int rounds;

    @Option(
            names = "--rounds-of-all",
            defaultValue = "10",
            description = "How often each is asked for all sites (default: ${DEFAULT-VALUE})")
    private int roundsOfAll;

    @Option(
            names = "--limit",
            paramLabel = "MS",
            defaultValue = "50",
            description =
                    "Name the queries that take longer for one site (default: ${DEFAULT-VALUE})")
    private double limit;

    @Mixin private BenchmarkDatabase database = new BenchmarkDatabase();

    @Override
    public Integer call() throws Exception {
        check();
        database.measure((given, isStarted) -> measure(given));
        return 0;
    }

    private void check() {
        if (Stream.of(sites, rounds, roundsOfAll).anyMatch(number -> number < 1)) {
            throw new ParameterException(spec.commandLine(), "numbers must be 1 or more");
        }
        if (history.compareTo(MINUTES_ARE_KEPT) > 0) {
            throw new ParameterException(
                    spec.commandLine(),
                    "--history must be at most 7d: " + DurationText.of(history));
        }
    }

    private void measure(Database given) throws SQLException, InterruptedException {
        try (TrafficHistory traffic = new TrafficHistory(given, sites, history)) {
            describe(traffic);
            List<TimedQuery> queries = TimedQuery.of(ranges);
            ask(traffic, queries);
            report(queries);
        }
    }

    private void describe(TrafficHistory traffic) throws SQLException {
        Session session = traffic.session();
        out().printf(
                        Locale.ROOT,
                        "%,d minute rows of %d sites; PostgreSQL %s, %s; hll is %s; %d"
                                + " processors; %d rounds for one site, %d for all%n",
                        traffic.minuteRows(),
                        sites,
                        session.text("show server_version"),
                        BenchmarkDatabase.hasCitus(session)
                                ? "Citus on "
                                        + session.text(
                                                "select count(*) from pg_dist_node where isactive"
                                                        + " and noderole = 'primary'")
                                        + " nodes"
                                : "one node, without Citus",
                        session.holds("select to_regtype('${schema}.hll') is not null")
                                ? "the stand-in"
                                : "the extension",
                        Runtime.getRuntime().availableProcessors(),
                        rounds,
                        roundsOfAll);
        out().flush();
    }

    private void ask(TrafficHistory traffic, List<TimedQuery> queries) throws SQLException {
        Connection connection = traffic.session().connection();
        for (int round = 0; round <= rounds; round++) {
            traffic.fillUntil(Instant.now());
            for (TimedQuery query : queries) {
                query.askOneSite(connection, 1 + round % sites);
                if (round == 0) {
                    query.oneSite().clear();
                }
            }
        }
        for (int round = 0; round < roundsOfAll; round++) {
            traffic.fillUntil(Instant.now());
            for (TimedQuery query : queries) {
                if (query.hasSite()) {
                    query.askAllSites(connection);
                }
            }
        }
    }

    /** A Markdown table, and what is over the limit. */
    private void report(List<TimedQuery> queries) {
        out().println(
                        "| query | range | one site: p50 ms | p99 ms | all sites: p50 ms | p99 ms |"
                                + " rows |");
        out().println("|---|---|--:|--:|--:|--:|--:|");
        for (TimedQuery query : queries) {
            out().printf(
                            Locale.ROOT,
                            "| %s | %s | %s | %s | %d |%n",
                            query.name(),
                            query.range(),
                            cells(query.oneSite()),
                            query.hasSite() ? cells(query.allSites()) : " | ",
                            query.rows());
        }
        String slow =
                queries.stream()
                        .filter(query -> query.oneSite().percentile(99) > limit)
                        .map(
                                query ->
                                        String.format(
                                                Locale.ROOT,
                                                "%s (%.0f)",
                                                (query.name() + " " + query.range()).strip(),
                                                query.oneSite().percentile(99)))
                        .collect(Collectors.joining(", "));
        out().printf(
                        Locale.ROOT,
                        "Over %.0f ms for one site (p99): %s%n",
                        limit,
                        slow.isEmpty() ? "none" : slow);
        out().flush();
    }

    private static String cells(Sample times) {
        return String.format(
                Locale.ROOT, "%.1f | %.1f", times.percentile(50), times.percentile(99));
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
