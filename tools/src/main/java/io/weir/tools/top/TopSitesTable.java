package io.weir.tools.top;

import io.weir.database.Resources;
import io.weir.database.Session;
import io.weir.tools.text.Columns;
import io.weir.tools.text.Count;
import io.weir.tools.text.DurationText;
import java.io.PrintWriter;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/**
 * Prints the list of the top sites, or why there is none.
 *
 * <p>The elections themselves are of all sites, so a tenant, who sees none of them, gets the list
 * of its own sites alone.
 */
public final class TopSitesTable {

    private static final String SEES_ELECTIONS =
            """
            select has_table_privilege('${schema}.top_site_config', 'select')
                   and has_table_privilege('${schema}.top_site_election', 'select')
            """;

    private TopSitesTable() {}

    /** Prints it with at most this number of sites. */
    public static void print(Session session, int limit, PrintWriter out) throws SQLException {
        out.println(session.holds(SEES_ELECTIONS) ? elections(session) : ownSites(session));
        List<List<String>> list = session.table(Resources.text("/weir/top/top_sites.sql"), limit);
        if (list.size() > 1) {
            out.println();
            out.print(Columns.ofNumbers(list));
        }
        out.flush();
    }

    /** How many of the sites that the user may see are in the list. */
    private static String ownSites(Session session) throws SQLException {
        String user = session.text("select current_user");
        long sites = Long.parseLong(session.text("select count(*) from ${schema}.top_site_report"));
        return sites == 0
                ? "No site that " + user + " may see is in the list of the top sites."
                : "%s that %s may see %s in the list of the top sites, ranked among themselves:"
                        .formatted(Count.of(sites, "site"), user, isOrAre(sites));
    }

    /** How many elections were held, and how many sites are in the list. */
    private static String elections(Session session) throws SQLException {
        return session
                .list(Resources.text("/weir/top/elections.sql"), row -> elections(session, row))
                .stream()
                .findFirst()
                .orElseThrow(() -> new SQLException("table top_site_config is empty"));
    }

    private static String elections(Session session, ResultSet row) throws SQLException {
        long elections = row.getLong("elections");
        long sites = row.getLong("sites");
        String window = DurationText.of(Duration.ofSeconds(row.getLong("window_seconds")));
        if (elections == 0) {
            return session.rows("select 1 from ${schema}.http_request_1min limit 1").isEmpty()
                    ? "No election was held yet: there are no rows."
                    : "No election was held yet: one counts a window of %s from its beginning, and is held when the window's%nminutes can no longer change."
                            .formatted(window);
        }
        String held =
                "%s %s held, the last at %s%s; %s %s in the list"
                        .formatted(
                                Count.of(elections, "election"),
                                elections == 1 ? "was" : "were",
                                row.getString("last"),
                                row.getBoolean("is_early")
                                        ? " (early, for the requests have ended)"
                                        : "",
                                Count.of(sites, "site"),
                                isOrAre(sites));
        return sites > 0
                ? held + ". The top sites:"
                : "%s: none had %s within %s, or all that had were last seen too long ago."
                        .formatted(
                                held,
                                Count.of(row.getLong("min_hits_threshold"), "request"),
                                window);
    }

    private static String isOrAre(long sites) {
        return sites == 1 ? "is" : "are";
    }
}
