package io.weir.benchmarks;

import io.weir.database.Session;
import io.weir.schema.NamedQuery;
import io.weir.tools.text.DurationText;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * A query over a range of time that ends now, and how long its answers took to arrive.
 *
 * <p>A query without a range is asked once and not once a range, and one without a site counts as a
 * query for one site.
 */
final class TimedQuery {

    private static final int POINTS = 300;
    private static final int ALL_SITES = NamedQuery.ALL_SITES;

    private final NamedQuery query;
    private final Duration range;
    private final Sample oneSite = new Sample();
    private final Sample allSites = new Sample();
    private int rows;

    private TimedQuery(NamedQuery query, Duration range) {
        this.query = query;
        this.range = range;
    }

    /** Every query over every range. */
    static List<TimedQuery> of(List<Duration> ranges) {
        return NamedQuery.names().stream()
                .map(NamedQuery::load)
                .flatMap(
                        query ->
                                (hasRange(query) ? ranges.stream() : Stream.of(ranges.get(0)))
                                        .map(range -> new TimedQuery(query, range)))
                .toList();
    }

    private static boolean hasRange(NamedQuery query) {
        return query.text().contains("$__time");
    }

    private boolean hasSite() {
        return query.text().contains("$site");
    }

    /** With the range, if the query has one. */
    String name() {
        return hasRange(query) ? query.name() + " " + DurationText.of(range) : query.name();
    }

    /** The 99th percentile for one site, in milliseconds. */
    double slowestMillis() {
        return oneSite.percentile(99);
    }

    /** Its row of the table: milliseconds, and the rows of the last answer for one site. */
    String line() {
        return "| %s | %s | %s | %s | %d |"
                .formatted(
                        query.name(),
                        hasRange(query) ? DurationText.of(range) : "",
                        cells(oneSite),
                        hasSite() ? cells(allSites) : " | ",
                        rows);
    }

    private static String cells(Sample times) {
        return String.format(
                Locale.ROOT, "%.1f | %.1f", times.percentile(50), times.percentile(99));
    }

    void askOneSite(Session session, int site) throws SQLException {
        rows = ask(session, site, oneSite);
    }

    /** Asks a query that has a site for all of them together. */
    void askAllSites(Session session) throws SQLException {
        if (hasSite()) {
            ask(session, ALL_SITES, allSites);
        }
    }

    /** Forgets the times so far. */
    void clear() {
        oneSite.clear();
    }

    /** The number of rows, every cell of which was read. */
    private int ask(Session session, int site, Sample times) throws SQLException {
        Instant now = Instant.now();
        String schema = TrafficHistory.SCHEMA.name();
        // Alerts name their schema: they have no variable for it.
        String sql =
                query.expand(now.minus(range), now, site, POINTS, schema)
                        .replaceAll("\\bweir\\.", schema + ".");
        long startNanos = System.nanoTime();
        int count = session.rows(sql).size();
        times.add((System.nanoTime() - startNanos) / 1e6);
        return count;
    }
}
