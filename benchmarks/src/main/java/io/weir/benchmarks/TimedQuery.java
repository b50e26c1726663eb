package io.weir.benchmarks;

import io.weir.schema.NamedQuery;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A query over a range of time that ends now, and how long its answers took to arrive.
 *
 * <p>A query without a range is asked over one only, and one that knows no site as that of one
 * site.
 */
final class TimedQuery {

    private static final int POINTS = 300;
    private static final int ALL_SITES = 0;

    /** The schema of alerts, which have no variable for it. */
    private static final Pattern SCHEMA_OF_ALERTS = Pattern.compile("\\bweir\\.");

    private final NamedQuery query;
    private final QueriesBenchmark.Range range;
    private final Times oneSite = new Times();
    private final Times allSites = new Times();
    private int rows;

    private TimedQuery(NamedQuery query, QueriesBenchmark.Range range) {
        this.query = query;
        this.range = range;
    }

    /** Every query over every range. */
    static List<TimedQuery> of(List<QueriesBenchmark.Range> ranges) {
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
        return hasRange(query) ? range.name() : "";
    }

    boolean hasSite() {
        return query.text().contains("$site");
    }

    Times oneSite() {
        return oneSite;
    }

    Times allSites() {
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

    private int ask(Connection connection, int site, Times times) throws SQLException {
        Instant now = Instant.now();
        String sql =
                SCHEMA_OF_ALERTS
                        .matcher(
                                query.expand(
                                        now.minus(range.span()),
                                        now,
                                        site,
                                        POINTS,
                                        TrafficHistory.SCHEMA))
                        .replaceAll(TrafficHistory.SCHEMA + ".");
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

    /** Milliseconds. */
    static final class Times {

        private final List<Double> millis = new ArrayList<>();

        void add(double value) {
            millis.add(value);
        }

        void forget() {
            millis.clear();
        }

        /** The least that so many percent of them do not exceed. */
        double percentile(int percent) {
            double[] sorted = millis.stream().mapToDouble(Double::doubleValue).toArray();
            Arrays.sort(sorted);
            return sorted[(sorted.length * percent + 99) / 100 - 1];
        }
    }
}
