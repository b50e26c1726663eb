package io.weir.benchmarks;

import io.weir.database.Database;
import io.weir.database.Session;
import io.weir.tools.text.DurationText;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

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
public final class QueriesBenchmark extends Benchmark {

    private static final Duration MINUTES_ARE_KEPT = Duration.ofDays(7);

    @Option(
            names = "--sites",
            paramLabel = "N",
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
            paramLabel = "N",
            defaultValue = "100",
            description = "How often each is asked for one site (default: ${DEFAULT-VALUE})")
    private int rounds;

    @Option(
            names = "--rounds-of-all",
            paramLabel = "N",
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
    void run() throws Exception {
        requirePositive("--sites", sites);
        requirePositive("--rounds", rounds);
        requirePositive("--rounds-of-all", roundsOfAll);
        require(
                history.compareTo(MINUTES_ARE_KEPT) <= 0,
                "--history must be at most 7d: " + DurationText.of(history));
        database.measure(this::measure);
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
        String citus =
                """
                select 'Citus on ' || count(*) || ' nodes'
                from pg_dist_node where isactive and noderole = 'primary'
                """;
        out().printf(
                        """
                        %s minute rows of %d sites; PostgreSQL %s, %s; hll is %s; %d processors; \
                        %d rounds for one site, %d for all
                        """,
                        session.text(
                                "select to_char(count(*), 'FM999,999,999,990') from http_request_1min"),
                        sites,
                        session.text("show server_version"),
                        traffic.isDistributed() ? session.text(citus) : "one node, without Citus",
                        session.holds("select to_regtype('${schema}.hll') is not null")
                                ? "the stand-in"
                                : "the extension",
                        Runtime.getRuntime().availableProcessors(),
                        rounds,
                        roundsOfAll);
    }

    private void ask(TrafficHistory traffic, List<TimedQuery> queries) throws SQLException {
        for (int round = 0; round <= rounds; round++) {
            traffic.fillUntil(Instant.now());
            for (TimedQuery query : queries) {
                query.askOneSite(traffic.session(), 1 + round % sites);
            }
            if (round == 0) {
                queries.forEach(TimedQuery::clear);
            }
        }
        for (int round = 0; round < roundsOfAll; round++) {
            traffic.fillUntil(Instant.now());
            for (TimedQuery query : queries) {
                query.askAllSites(traffic.session());
            }
        }
    }

    /** A Markdown table, and what is over the limit. */
    private void report(List<TimedQuery> queries) {
        out().print(
                        """
                        | query | range | one site: p50 ms | p99 ms | all sites: p50 ms | p99 ms | rows |
                        |---|---|--:|--:|--:|--:|--:|
                        """);
        queries.forEach(query -> out().println(query.line()));
        String slow =
                queries.stream()
                        .filter(query -> query.slowestMillis() > limit)
                        .map(query -> "%s (%.0f)".formatted(query.name(), query.slowestMillis()))
                        .collect(Collectors.joining(", "));
        out().printf(
                        Locale.ROOT,
                        "Over %.0f ms for one site (p99): %s%n",
                        limit,
                        slow.isEmpty() ? "none" : slow);
    }
}
