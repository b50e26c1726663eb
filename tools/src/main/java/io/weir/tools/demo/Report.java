package io.weir.tools.demo;

import io.weir.database.Causes;
import io.weir.database.Database;
import io.weir.tools.connect.CommandException;
import io.weir.tools.text.Count;
import io.weir.tools.top.TopSitesTable;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What came out, for people: the busiest sites, what was rejected and why, what was late, and the
 * top sites that were elected.
 */
final class Report {

    private static final int SITES = 15;
    private static final int COUNTRIES = 3;
    private static final String LINE = "%8s %12s %11s %10s %10s %12s   %s%n";
    private static final Pattern COUNTER = Pattern.compile("\"([^\"]+)\": (\\d+)");

    private final PrintWriter out;

    Report(PrintWriter out) {
        this.out = out;
    }

    /**
     * Prints the busiest sites and returns the number of requests of all. Day rows are the sums of
     * the minutes, so they are enough.
     */
    long printSites(Database database, String schema) {
        try (Connection connection = database.connect(schema);
                Statement statement = connection.createStatement()) {
            long requests = printTotals(statement, schema);
            printBusiest(statement, schema);
            return requests;
        } catch (SQLException e) {
            throw new CommandException(database.address() + ": " + Causes.innermost(e), e);
        }
    }

    /** Prints the list of the top sites. */
    void printTopSites(Database database, String schema) {
        out.println();
        try (Connection connection = database.connect(schema)) {
            new TopSitesTable(out).print(connection, schema, SITES);
        } catch (SQLException e) {
            throw new CommandException(database.address() + ": " + Causes.innermost(e), e);
        }
    }

    /** Prints what was rejected or late and returns how many records that are. */
    long printPutAside(String bootstrapServers, DemoOptions options) {
        Map<String, Long> rejected = new TreeMap<>();
        DeadLetterReader.read(
                bootstrapServers,
                options.rejectedTopic(),
                letter -> rejected.merge(String.valueOf(letter.reason()), 1L, Long::sum));
        long all = rejected.values().stream().mapToLong(Long::longValue).sum();
        out.printf(
                Locale.ROOT, "%nRejected: %,d, kept in topic %s%n", all, options.rejectedTopic());
        rejected.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .forEach(
                        reason ->
                                out.printf(
                                        Locale.ROOT,
                                        "  %-16s %,12d%n",
                                        reason.getKey(),
                                        reason.getValue()));
        long late = DeadLetterReader.count(bootstrapServers, options.lateTopic());
        out.printf(Locale.ROOT, "Late: %,d, kept in topic %s%n", late, options.lateTopic());
        out.flush();
        return all + late;
    }

    private long printTotals(Statement statement, String schema) throws SQLException {
        String query =
                """
                select coalesce(sum(request_count), 0), count(distinct site_id), count(*)
                from SCHEMA.http_request_1min
                """;
        try (ResultSet totals = statement.executeQuery(query.replace("SCHEMA", schema))) {
            totals.next();
            out.printf(
                    Locale.ROOT,
                    "%n%s of %s in %s. The busiest sites:%n%n",
                    Count.of(totals.getLong(1), "request"),
                    Count.of(totals.getLong(2), "site"),
                    Count.of(totals.getLong(3), "minute row"));
            return totals.getLong(1);
        }
    }

    private void printBusiest(Statement statement, String schema) throws SQLException {
        String query =
                """
                with busiest as (
                  select site_id from SCHEMA.traffic_1day
                  group by site_id order by sum(request_count) desc, site_id limit LIMIT
                )
                select site_id,
                       sum(request_count) as requests,
                       sum(error_count)::float8 / sum(request_count) as error_rate,
                       sum(average_response_time_msec * timed_count) / nullif(sum(timed_count), 0) as average,
                       SCHEMA.percentile(SCHEMA.histogram_sum(response_time_histogram), 0.95) as p95,
                       hll_cardinality(hll_union_agg(distinct_ip_addresses)) as visitors,
                       SCHEMA.jsonb_sum(country_counters)::text as countries
                from SCHEMA.traffic_1day
                where site_id in (select site_id from busiest)
                group by site_id
                order by requests desc, site_id
                """
                        .replace("SCHEMA", schema)
                        .replace("LIMIT", Integer.toString(SITES));
        out.printf(
                LINE,
                "site",
                "requests",
                "error rate",
                "average",
                "p95",
                "visitors",
                "top countries");
        try (ResultSet sites = statement.executeQuery(query)) {
            while (sites.next()) {
                out.printf(
                        LINE,
                        sites.getInt("site_id"),
                        number("%,.0f", sites.getDouble("requests")),
                        number("%.2f %%", 100 * sites.getDouble("error_rate")),
                        milliseconds(sites, "average"),
                        milliseconds(sites, "p95"),
                        number("%,.0f", sites.getDouble("visitors")),
                        topCountries(sites.getString("countries"), sites.getDouble("requests")));
            }
        }
        out.flush();
    }

    private static String milliseconds(ResultSet row, String column) throws SQLException {
        double value = row.getDouble(column);
        return row.wasNull() ? "-" : number("%,.1f ms", value);
    }

    private static String number(String format, double value) {
        return String.format(Locale.ROOT, format, value);
    }

    private record Country(String code, long requests) {}

    private static String topCountries(@Nullable String counters, double requests) {
        List<Country> countries = new ArrayList<>();
        Matcher matcher = COUNTER.matcher(counters == null ? "" : counters);
        while (matcher.find()) {
            countries.add(new Country(matcher.group(1), Long.parseLong(matcher.group(2))));
        }
        countries.sort(
                Comparator.comparingLong(Country::requests)
                        .reversed()
                        .thenComparing(Country::code));
        List<String> top =
                countries.stream()
                        .limit(COUNTRIES)
                        .map(c -> c.code() + number(" %.0f %%", 100 * c.requests() / requests))
                        .toList();
        return String.join(", ", top);
    }
}
