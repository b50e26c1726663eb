package io.weir.benchmarks;

import io.weir.schema.NamedQuery;
import io.weir.tools.text.DurationText;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A query over a range of time that ends now, and how long its answers took to arrive.
 *
 * <p>A query without a range is asked once and not once a range, and one without a site counts as a
 * query for one site.
 */
final class TimedQuery {

    private static final int POINTS = 300;
    private static final int ALL_SITES = 0;

    /** The schema of alerts, which have no variable for it. */
    private static final Pattern SCHEMA_OF_ALERTS = Pattern.compile("\\bweir\\.");

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

    String name() {
        return query.name();
    }

    /** The range's name, or nothing for a query without one. */
    String range() {
        return hasRange(query) ? DurationText.of(range) : "";
    }

    boolean hasSite() {
        return query.text().contains("$site");
    }

    /** Milliseconds of each answer. */
    Sample oneSite() {
        return oneSite;
    }

    Sample allSites() {
        return allSites;
    }

    /** Of the last answer for one site. */
    int rows() {
        return rows;
    }

    void askOneSite(Connection connection, int site) throws SQLException {
        rows = ask(connection, site, oneSite);
    }

    void askAllSites(Connection connection) throws SQLException {
        ask(connection, ALL_SITES, allSites);
    }

    private int ask(Connection connection, int site, Sample times) throws SQLException {
        Instant now = Instant.now();
        String sql =
                SCHEMA_OF_ALERTS
                        .matcher(
                                query.expand(
                                        now.minus(range),
                                        now,
                                        site,
                                        POINTS,
                                        TrafficHistory.SCHEMA.name()))
                        .replaceAll(TrafficHistory.SCHEMA.name() + ".");
        long startNanos = System.nanoTime();
        int count = 0;
        try (Statement statement = connection.createStatement();
                ResultSet answer = statement.executeQuery(sql)) {
            int columns = answer.getMetaData().getColumnCount();
            while (answer.next()) {
                for (int column = 1; column <= columns; column++) {
                    answer.getString(column);
                }
                count++;
            }
        }
        times.add((System.nanoTime() - startNanos) / 1e6);
        return count;
    }
}
