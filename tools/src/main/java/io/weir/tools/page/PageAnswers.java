package io.weir.tools.page;

import io.weir.database.Causes;
import io.weir.database.DatabaseException;
import io.weir.database.SchemaName;
import io.weir.database.Session;
import io.weir.database.SqlState;
import io.weir.schema.NamedQuery;
import io.weir.traffic.Grain;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The answers that the page draws: those of the named queries, and what the store holds. Times in
 * them are seconds since 1970.
 */
final class PageAnswers {

    /**
     * The rows of a named query.
     *
     * @param step from bucket to bucket, null for what is no series of buckets
     */
    record RowsAnswer(
            @Nullable Long step, List<String> columns, List<List<@Nullable Object>> rows) {}

    /**
     * Which times the store holds, null when it is empty.
     *
     * @param elections whether the user sees them: they are of all sites, so a tenant does not
     */
    record StoreAnswer(long now, @Nullable Long oldest, @Nullable Long newest, boolean elections) {}

    /** What the store knows of a site; no number when it has neither a row nor a name of it. */
    record SiteAnswer(@Nullable Integer site, @Nullable String domain, @Nullable Long newest) {}

    private static final List<String> QUERIES =
            List.of(
                    "countries",
                    "elections",
                    "provisional",
                    "requests",
                    "response_times",
                    "sites",
                    "status_codes",
                    "top_sites",
                    "totals",
                    "unique_visitors");

    private static final int ALL = NamedQuery.ALL_SITES;

    /** What a query of a series of buckets is asked with. */
    private static final String POINTS = "$points";

    private static final List<Grain> COARSE_FIRST = List.of(Grain.DAY, Grain.HOUR, Grain.MINUTE);

    private final StoreSessions sessions;
    private final SchemaName schema;
    private final Clock clock = Clock.systemUTC();
    private final Map<String, NamedQuery> queries = new TreeMap<>();

    PageAnswers(StoreSessions sessions, SchemaName schema) {
        this.sessions = sessions;
        this.schema = schema;
        QUERIES.forEach(name -> queries.put(name, NamedQuery.load(name)));
    }

    /**
     * The answer, to be written as JSON.
     *
     * @param name a named query, {@code store} or {@code site}
     * @param parameters as {@link PageQuestion#parse} takes them
     * @throws PageException when there is no answer
     */
    Record answer(String name, @Nullable String parameters) {
        PageQuestion question = PageQuestion.parse(parameters, clock.instant());
        try {
            return switch (name) {
                case "store" -> sessions.ask(this::store);
                case "site" -> sessions.ask(session -> site(session, question));
                default -> {
                    NamedQuery query = named(name);
                    yield sessions.ask(session -> rows(session, query, question));
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
            throw PageException.notFound("there is no such answer: " + QUERIES + " are");
        }
        return query;
    }

    private RowsAnswer rows(Session session, NamedQuery query, PageQuestion question)
            throws SQLException {
        String sql =
                query.expand(
                        question.from(),
                        question.to(),
                        question.site(),
                        question.points(),
                        schema.name());
        Long step = query.text().contains(POINTS) ? step(session, question).toSeconds() : null;
        return session.read(sql, rows -> new RowsAnswer(step, Session.columns(rows), cells(rows)));
    }

    /** From bucket to bucket in a series, which its rows alone do not say: there may be gaps. */
    private static Duration step(Session session, PageQuestion question) throws SQLException {
        String suffix =
                session.text(
                        "select ${schema}.traffic_grain(?, ?, ?)",
                        question.from(),
                        question.to(),
                        question.points());
        return COARSE_FIRST.stream()
                .filter(grain -> grain.suffix().equals(suffix))
                .map(grain -> Duration.ofMillis(grain.millis()))
                .findFirst()
                .orElseThrow();
    }

    private static List<List<@Nullable Object>> cells(ResultSet rows) throws SQLException {
        int columns = rows.getMetaData().getColumnCount();
        List<List<@Nullable Object>> cells = new ArrayList<>();
        while (rows.next()) {
            List<@Nullable Object> row = new ArrayList<>();
            for (int i = 1; i <= columns; i++) {
                row.add(cell(rows.getObject(i)));
            }
            cells.add(row);
        }
        return cells;
    }

    private static @Nullable Object cell(@Nullable Object value) {
        if (value instanceof Timestamp time) {
            return time.toInstant().getEpochSecond();
        }
        if (value == null || value instanceof Double number && !Double.isFinite(number)) {
            return null;
        }
        return value instanceof Number || value instanceof Boolean ? value : value.toString();
    }

    private StoreAnswer store(Session session) throws SQLException {
        return new StoreAnswer(
                clock.instant().getEpochSecond(),
                oldest(session),
                newest(session, ALL),
                session.holds(
                        "select has_table_privilege('${schema}.top_site_election', 'select')"));
    }

    private static SiteAnswer site(Session session, PageQuestion question) throws SQLException {
        List<String> named =
                session
                        .rows(
                                "select site_id, domain from ${schema}.site where site_id = ? or domain = ?",
                                question.site(),
                                question.domain())
                        .stream()
                        .findFirst()
                        .orElse(List.of());
        int site = named.isEmpty() ? question.site() : Integer.parseInt(named.get(0));
        Long newest = site == ALL ? null : newest(session, site);
        return new SiteAnswer(
                named.isEmpty() && newest == null ? null : site,
                named.isEmpty() ? null : named.get(1),
                newest);
    }

    /**
     * The newest bucket. Coarse tables are small and say where to look in the fine ones, which have
     * no index on the time alone.
     */
    private static @Nullable Long newest(Session session, int site) throws SQLException {
        String ofSite = site == ALL ? "" : " and site_id = " + site;
        Instant newest = null;
        for (Grain grain : COARSE_FIRST) {
            String since = newest == null ? "-infinity" : newest.toString();
            Instant found =
                    session.instant(
                            "select max(bucket) from ${schema}.%s where bucket >= '%s'%s"
                                    .formatted(grain.view(), since, ofSite));
            newest = found == null ? newest : found;
        }
        return newest == null ? null : newest.getEpochSecond();
    }

    /** The oldest bucket of all sites, found in the same way. */
    private static @Nullable Long oldest(Session session) throws SQLException {
        Instant oldest = null;
        String within = "bucket >= '-infinity'";
        for (Grain grain : COARSE_FIRST) {
            Instant found =
                    session.instant(
                            "select min(bucket) from ${schema}.%s where %s"
                                    .formatted(grain.view(), within));
            oldest = found == null ? oldest : found;
            if (oldest != null) {
                within =
                        "bucket >= '%s' and bucket < '%s'"
                                .formatted(oldest, oldest.plusMillis(grain.millis()));
            }
        }
        return oldest == null ? null : oldest.getEpochSecond();
    }

    private String reason(SQLException e) {
        return switch (SqlState.of(e)) {
            case NO_OBJECT ->
                    "schema " + schema + " is missing or old: run weir schema migrate first";
            case NO_RIGHT ->
                    "the database user may not read this ("
                            + Causes.innermost(e)
                            + "): only the owner of schema "
                            + schema
                            + " can allow it";
            case TOO_SLOW ->
                    "the answer took longer than "
                            + StoreSessions.MAX_ANSWER.toSeconds()
                            + " s: choose a shorter time";
            default -> "the database does not answer";
        };
    }
}
