package io.weir.tools.page;

import io.weir.database.Causes;
import io.weir.database.DatabaseException;
import io.weir.schema.NamedQuery;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The answers that the page draws: those of the named queries, and what the store holds. */
final class PageAnswers {

    private static final String[] QUERIES = {
        "countries",
        "elections",
        "provisional",
        "requests",
        "response_times",
        "sites",
        "status_codes",
        "top_sites",
        "totals",
        "unique_visitors"
    };

    private static final int ALL = 0;

    /** What a query of a series of buckets is asked with. */
    private static final String POINTS = "$points";

    private static final List<Grain> COARSE_FIRST =
            List.of(
                    new Grain("traffic_1day", Duration.ofDays(1)),
                    new Grain("traffic_1hour", Duration.ofHours(1)),
                    new Grain("traffic_1min", Duration.ofMinutes(1)));

    private final StoreConnections connections;
    private final String schema;
    private final Clock clock = Clock.systemUTC();
    private final Map<String, NamedQuery> queries = new TreeMap<>();

    PageAnswers(StoreConnections connections, String schema) {
        this.connections = connections;
        this.schema = schema;
        for (String name : QUERIES) {
            queries.put(name, NamedQuery.load(name));
        }
    }

    /**
     * Answers in JSON.
     *
     * @param name a named query, {@code store} or {@code site}
     * @param parameters as {@link PageQuestion#parse} takes them
     * @throws PageException when there is no answer
     */
    String answer(String name, @Nullable String parameters) {
        PageQuestion question = PageQuestion.parse(parameters, clock.instant());
        try {
            return switch (name) {
                case "store" -> connections.ask(this::store);
                case "site" -> connections.ask(connection -> site(connection, question));
                default -> {
                    NamedQuery query = named(name);
                    yield connections.ask(connection -> rows(connection, query, question));
                }
            };
        } catch (DatabaseException e) {
            throw PageException.unavailable("the database does not answer", e);
        } catch (SQLException e) {
            throw PageException.unavailable(reason(e), e);
        }
    }

    private NamedQuery named(String name) {
        NamedQuery query = queries.get(name);
        if (query == null) {
            throw PageException.notFound("there is no such answer: " + queries.keySet() + " are");
        }
        return query;
    }

    private String rows(Connection connection, NamedQuery query, PageQuestion question)
            throws SQLException {
        String sql =
                query.expand(
                        question.from(), question.to(), question.site(), question.points(), schema);
        Long step = query.text().contains(POINTS) ? step(connection, question).toSeconds() : null;
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            return new JsonText().rows(rows, step).toString();
        }
    }

    /** From bucket to bucket in a series, which its rows alone do not tell: there may be gaps. */
    private Duration step(Connection connection, PageQuestion question) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet grain =
                        statement.executeQuery(
                                "select %s.traffic_grain('%s', '%s', %d)"
                                        .formatted(
                                                schema,
                                                question.from(),
                                                question.to(),
                                                question.points()))) {
            grain.next();
            String view = "traffic_" + grain.getString(1);
            return COARSE_FIRST.stream()
                    .filter(known -> known.view().equals(view))
                    .findFirst()
                    .orElseThrow()
                    .length();
        }
    }

    /**
     * Which times the store holds, and whether the user sees elections. Coarse tables are small and
     * say where in the fine ones to look, which have no index on the time alone.
     */
    private String store(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            Instant oldest = null;
            Instant newest = null;
            Duration within = Duration.ZERO;
            for (Grain grain : COARSE_FIRST) {
                Instant last = bucket(statement, "max", grain, ALL, newest, null);
                newest = last == null ? newest : last;
                Instant end = oldest == null ? null : oldest.plus(within);
                Instant first = bucket(statement, "min", grain, ALL, oldest, end);
                oldest = first == null ? oldest : first;
                within = grain.length();
            }
            return "{\"now\":%d,\"oldest\":%s,\"newest\":%s,\"elections\":%b}"
                    .formatted(
                            clock.instant().getEpochSecond(),
                            seconds(oldest),
                            seconds(newest),
                            seesElections(statement));
        }
    }

    /** Elections are of all sites: a tenant does not see them. */
    private boolean seesElections(Statement statement) throws SQLException {
        try (ResultSet row =
                statement.executeQuery(
                        "select has_table_privilege('"
                                + schema
                                + ".top_site_election', 'select')")) {
            return row.next() && row.getBoolean(1);
        }
    }

    /** What the store knows of the site with this number or domain; no number when it has none. */
    private String site(Connection connection, PageQuestion question) throws SQLException {
        int site = question.site();
        String domain = null;
        try (PreparedStatement named =
                connection.prepareStatement(
                        "select site_id, domain from "
                                + schema
                                + ".site where site_id = ? or domain = ?")) {
            named.setInt(1, site);
            named.setString(2, question.domain());
            try (ResultSet rows = named.executeQuery()) {
                if (rows.next()) {
                    site = rows.getInt(1);
                    domain = rows.getString(2);
                }
            }
        }
        Instant newest = site == ALL ? null : newest(connection, site);
        return "{\"site\":%s,\"domain\":%s,\"newest\":%s}"
                .formatted(
                        domain == null && newest == null ? "null" : site,
                        domain == null ? "null" : '"' + domain + '"', // of letters, digits, . and -
                        seconds(newest));
    }

    private @Nullable Instant newest(Connection connection, int site) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            Instant newest = null;
            for (Grain grain : COARSE_FIRST) {
                Instant last = bucket(statement, "max", grain, site, newest, null);
                newest = last == null ? newest : last;
            }
            return newest;
        }
    }

    private @Nullable Instant bucket(
            Statement statement,
            String end,
            Grain grain,
            int site,
            @Nullable Instant since,
            @Nullable Instant until)
            throws SQLException {
        String sql =
                "select %s(bucket) from %s.%s where true%s%s%s"
                        .formatted(
                                end,
                                schema,
                                grain.view(),
                                site == ALL ? "" : " and site_id = " + site,
                                since == null ? "" : " and bucket >= '" + since + "'",
                                until == null ? "" : " and bucket < '" + until + "'");
        try (ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            Timestamp time = rows.getTimestamp(1);
            return time == null ? null : time.toInstant();
        }
    }

    private static String seconds(@Nullable Instant time) {
        return time == null ? "null" : Long.toString(time.getEpochSecond());
    }

    private String reason(SQLException e) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        return switch (state) {
            case "42883", "42P01", "42703", "3F000" ->
                    "schema " + schema + " is missing or old: run weir schema migrate first";
            case "42501" ->
                    "the database user may not read this ("
                            + Causes.innermost(e)
                            + "): only the owner of schema "
                            + schema
                            + " can allow it";
            case "57014" ->
                    "the answer took longer than "
                            + StoreConnections.MAX_ANSWER.toSeconds()
                            + " s: choose a shorter time";
            default -> "the database does not answer";
        };
    }

    private record Grain(String view, Duration length) {}
}
