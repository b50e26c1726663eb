package io.weir.benchmarks;

import io.weir.embedded.EmbeddedPostgres;
import io.weir.testing.EmbeddedCitus;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

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
            "Without --jdbc-url it starts a Citus cluster of the installation on this machine, or"
                    + " where there is none a plain PostgreSQL, in a temporary folder."
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
            converter = RangeConverter.class,
            description = "How far back there are requests, at most 7d (default: ${DEFAULT-VALUE})")
    private Range history = new Range("7d", MINUTES_ARE_KEPT);

    @Option(
            names = "--ranges",
            paramLabel = "RANGE",
            split = ",",
            defaultValue = "1h,24h,7d",
            converter = RangeConverter.class,
            description = "Ranges of time, which end now (default: ${DEFAULT-VALUE})")
    private List<Range> ranges = List.of();

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
            description = "Tell what takes longer for one site (default: ${DEFAULT-VALUE})")
    private double limit;

    @Mixin private DatabaseOptions options = new DatabaseOptions();

    @Override
    public Integer call() throws Exception {
        check();
        Optional<BenchmarkStore.Database> given = options.given();
        if (given.isPresent()) {
            measure(given.get());
            return 0;
        }
        try (ScratchFolder folder = ScratchFolder.make()) {
            measureHere(folder.path());
        }
        return 0;
    }

    private void check() {
        if (Stream.of(sites, rounds, roundsOfAll).anyMatch(number -> number < 1)) {
            throw new ParameterException(spec.commandLine(), "numbers must be 1 or more");
        }
        if (history.span().compareTo(MINUTES_ARE_KEPT) > 0) {
            throw new ParameterException(
                    spec.commandLine(), "--history must be at most 7d: " + history.name());
        }
    }

    private void measureHere(Path folder) throws SQLException {
        Optional<String> missing = EmbeddedCitus.missing();
        if (missing.isPresent()) {
            out().println("NOT MEASURED ON CITUS: " + missing.get());
            try (EmbeddedPostgres postgres = EmbeddedPostgres.start(folder)) {
                measure(new BenchmarkStore.Database(postgres.jdbcUrl(), postgres.user(), null));
            }
            return;
        }
        try (EmbeddedCitus citus = EmbeddedCitus.start(folder)) {
            measure(new BenchmarkStore.Database(citus.jdbcUrl(), citus.user(), null));
        }
    }

    private void measure(BenchmarkStore.Database database) throws SQLException {
        TrafficHistory traffic = new TrafficHistory(database, sites, history.span());
        try {
            traffic.fill();
            describe(database, traffic);
            List<TimedQuery> queries = TimedQuery.of(ranges);
            try (Connection connection = database.connect()) {
                ask(connection, traffic, queries);
            }
            report(queries);
        } finally {
            traffic.drop();
        }
    }

    private void describe(BenchmarkStore.Database database, TrafficHistory traffic)
            throws SQLException {
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            String server = text(statement, "show server_version");
            String nodes =
                    database.hasCitus()
                            ? "Citus on "
                                    + text(
                                            statement,
                                            "select count(*) from pg_dist_node where isactive and"
                                                    + " noderole = 'primary'")
                                    + " nodes"
                            : "one node, without Citus";
            boolean isStandIn =
                    text(
                                    statement,
                                    "select to_regtype('%s.hll') is not null"
                                            .formatted(TrafficHistory.SCHEMA))
                            .equals("t");
            out().printf(
                            Locale.ROOT,
                            "%,d minute rows of %d sites; PostgreSQL %s, %s; hll is %s; %d"
                                    + " processors; %d rounds for one site, %d for all%n",
                            traffic.minuteRows(),
                            sites,
                            server,
                            nodes,
                            isStandIn ? "the stand-in" : "the extension",
                            Runtime.getRuntime().availableProcessors(),
                            rounds,
                            roundsOfAll);
            out().flush();
        }
    }

    private static String text(Statement statement, String sql) throws SQLException {
        try (ResultSet answer = statement.executeQuery(sql)) {
            answer.next();
            return answer.getString(1);
        }
    }

    private void ask(Connection connection, TrafficHistory traffic, List<TimedQuery> queries)
            throws SQLException {
        for (int round = 0; round <= rounds; round++) {
            traffic.fillUntil(connection, Instant.now());
            for (TimedQuery query : queries) {
                query.askOneSite(connection, 1 + round % sites);
                if (round == 0) {
                    query.oneSite().forget();
                }
            }
        }
        for (int round = 0; round < roundsOfAll; round++) {
            traffic.fillUntil(connection, Instant.now());
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

    private static String cells(TimedQuery.Times times) {
        return String.format(
                Locale.ROOT, "%.1f | %.1f", times.percentile(50), times.percentile(99));
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /** A range as it was written, and how long it is. */
    record Range(String name, Duration span) {}

    static final class RangeConverter implements ITypeConverter<Range> {

        private static final Pattern RANGE = Pattern.compile("([1-9][0-9]{0,4})([mhd])");

        @Override
        public Range convert(String value) {
            Matcher range = RANGE.matcher(value);
            if (!range.matches()) {
                throw new TypeConversionException(
                        "a range is written 30m, 24h or 7d, not '" + value + "'");
            }
            long count = Long.parseLong(range.group(1));
            Duration span =
                    switch (range.group(2)) {
                        case "m" -> Duration.ofMinutes(count);
                        case "h" -> Duration.ofHours(count);
                        default -> Duration.ofDays(count);
                    };
            return new Range(value, span);
        }
    }
}
