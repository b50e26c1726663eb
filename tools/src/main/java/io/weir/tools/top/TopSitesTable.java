package io.weir.tools.top;

import io.weir.tools.text.Count;
import io.weir.tools.text.DurationText;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Prints the list of the top sites, or why there is none.
 *
 * <p>The elections themselves are of all sites, so a tenant, who sees none of them, gets the list
 * of its own sites alone.
 */
public final class TopSitesTable {

    private static final List<String> HEADINGS =
            List.of(
                    "rank",
                    "site",
                    "total hits",
                    "last election",
                    "times elected",
                    "first seen",
                    "last seen",
                    "hits an hour");

    private static final DateTimeFormatter MINUTE =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm'Z'", Locale.ROOT);

    private final PrintWriter out;

    public TopSitesTable(PrintWriter out) {
        this.out = out;
    }

    /**
     * Prints it.
     *
     * @param schema a name that is known to be one
     * @param limit rows at most
     */
    public void print(Connection connection, String schema, int limit) throws SQLException {
        long sites =
                seesElections(connection, schema)
                        ? printElections(connection, schema)
                        : printOwnSites(connection, schema);
        if (sites > 0) {
            List<List<String>> table = new ArrayList<>();
            table.add(HEADINGS);
            table.addAll(rows(connection, schema, limit));
            out.println();
            print(table);
        }
        out.flush();
    }

    private static boolean seesElections(Connection connection, String schema) throws SQLException {
        String query =
                """
                select has_table_privilege('SCHEMA.top_site_config', 'select')
                       and has_table_privilege('SCHEMA.top_site_election', 'select')
                """
                        .replace("SCHEMA", schema);
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            return row.next() && row.getBoolean(1);
        }
    }

    /** Says how many of the sites that the user may see are in the list, and returns it. */
    private long printOwnSites(Connection connection, String schema) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "select count(*), current_user from "
                                        + schema
                                        + ".top_site_report")) {
            row.next();
            long sites = row.getLong(1);
            String seen = " that " + row.getString(2) + " may see ";
            if (sites == 0) {
                out.println("No site" + seen + "is in the list of the top sites.");
            } else {
                out.println(
                        Count.of(sites, "site")
                                + seen
                                + (sites == 1 ? "is" : "are")
                                + " in the list of the top sites, ranked among themselves:");
            }
            return sites;
        }
    }

    /** Says how many elections there were, and returns how many sites are in the list. */
    private long printElections(Connection connection, String schema) throws SQLException {
        String query =
                """
                select (select count(*) from SCHEMA.top_site_election),
                       (select max(election) from SCHEMA.top_site_election),
                       (select count(*) from SCHEMA.top_site_report),
                       extract(epoch from election_window)::bigint,
                       min_hits_threshold,
                       (select max(election) > now() from SCHEMA.top_site_election)
                from SCHEMA.top_site_config
                order by version desc limit 1
                """
                        .replace("SCHEMA", schema);
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(query)) {
            if (!row.next()) {
                throw new SQLException("table " + schema + ".top_site_config is empty");
            }
            long elections = row.getLong(1);
            long sites = row.getLong(3);
            String window = DurationText.of(Duration.ofSeconds(row.getLong(4)));
            if (elections == 0) {
                if (isEmpty(connection, schema)) {
                    out.println("No election was held yet: there are no rows.");
                } else {
                    out.printf(
                            Locale.ROOT,
                            "No election was held yet: one counts a window of %s from its"
                                    + " beginning, and is held when the window's%nminutes can no"
                                    + " longer change.%n",
                            window);
                }
                return 0;
            }
            out.printf(
                    Locale.ROOT,
                    "%s %s held, the last at %s%s; %s %s in the list",
                    Count.of(elections, "election"),
                    elections == 1 ? "was" : "were",
                    minute(row, 2),
                    row.getBoolean(6) ? " (early, for the requests have ended)" : "",
                    Count.of(sites, "site"),
                    sites == 1 ? "is" : "are");
            if (sites == 0) {
                out.printf(
                        Locale.ROOT,
                        ": none had %s within %s, or none was seen for long.%n",
                        Count.of(row.getLong(5), "request"),
                        window);
            } else {
                out.printf(". The top sites:%n");
            }
            return sites;
        }
    }

    private static boolean isEmpty(Connection connection, String schema) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row =
                        statement.executeQuery(
                                "select from " + schema + ".http_request_1min limit 1")) {
            return !row.next();
        }
    }

    private static List<List<String>> rows(Connection connection, String schema, int limit)
            throws SQLException {
        String query =
                """
                select rank, coalesce(domain, site_id::text) as site, total_hits,
                       last_election_hits, times_elected, first_seen, last_seen,
                       average_hits_per_hour
                from SCHEMA.top_site_report order by rank limit ?
                """
                        .replace("SCHEMA", schema);
        List<List<String>> rows = new ArrayList<>();
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setInt(1, limit);
            try (ResultSet row = statement.executeQuery()) {
                while (row.next()) {
                    rows.add(
                            List.of(
                                    row.getString("rank"),
                                    row.getString("site"),
                                    number(row, "total_hits"),
                                    number(row, "last_election_hits"),
                                    number(row, "times_elected"),
                                    minute(row, row.findColumn("first_seen")),
                                    minute(row, row.findColumn("last_seen")),
                                    String.format(
                                            Locale.ROOT,
                                            "%,.1f",
                                            row.getDouble("average_hits_per_hour"))));
                }
            }
        }
        return rows;
    }

    private static String number(ResultSet row, String column) throws SQLException {
        return String.format(Locale.ROOT, "%,d", row.getLong(column));
    }

    private static String minute(ResultSet row, int column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class)
                .withOffsetSameInstant(ZoneOffset.UTC)
                .format(MINUTE);
    }

    /** Every column is as wide as its widest cell: a domain may be long. */
    private void print(List<List<String>> table) {
        int[] widths = new int[HEADINGS.size()];
        for (List<String> row : table) {
            for (int column = 0; column < widths.length; column++) {
                widths[column] = Math.max(widths[column], row.get(column).length());
            }
        }
        for (List<String> row : table) {
            StringBuilder line = new StringBuilder();
            for (int column = 0; column < widths.length; column++) {
                String cell = row.get(column);
                line.append(column == 0 ? "" : "  ")
                        .append(" ".repeat(widths[column] - cell.length()))
                        .append(cell);
            }
            out.println(line);
        }
    }
}
