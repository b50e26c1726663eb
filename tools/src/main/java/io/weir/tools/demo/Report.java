package io.weir.tools.demo;

import io.weir.database.Resources;
import io.weir.database.Session;
import io.weir.tools.connect.CommandException;
import io.weir.tools.letters.LetterReader;
import io.weir.tools.text.Columns;
import io.weir.tools.text.Count;
import io.weir.tools.text.Reasons;
import io.weir.tools.top.TopSitesTable;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What came out, for people: the busiest sites, what was rejected and why, what was late, and the
 * top sites that were elected.
 */
final class Report {

    private static final int SITES = 15;
    private static final String TOTALS =
            """
            select coalesce(sum(request_count), 0), count(distinct site_id), count(*),
                   coalesce(sum(late_count), 0),
                   (select count(*) from ${schema}.completeness where difference <> 0)
            from ${schema}.traffic_1min
            """;

    private final PrintWriter out;
    private long records;
    private long lateCounted;
    private long unaccounted;

    Report(PrintWriter out) {
        this.out = out;
    }

    /** How many records were printed as counted or rejected. */
    long records() {
        return records;
    }

    /** Prints the busiest sites. Day rows are the sums of the minutes, so they are enough. */
    void printSites(Session session) throws SQLException {
        List<Long> totals = session.rows(TOTALS).get(0).stream().map(Long::valueOf).toList();
        out.printf(
                "%n%s of %s in %s. The busiest sites:%n%n",
                Count.of(totals.get(0), "request"),
                Count.of(totals.get(1), "site"),
                Count.of(totals.get(2), "minute row"));
        String busiest = Resources.text("/weir/demo/busiest_sites.sql");
        out.print(Columns.ofNumbers(session.table(busiest, SITES)));
        out.flush();
        records += totals.get(0);
        lateCounted = totals.get(3);
        unaccounted = totals.get(4);
    }

    /**
     * Prints what was rejected, and what of the printed requests was late.
     *
     * @throws CommandException when not all late requests are counted, or the ledger does not
     *     balance
     */
    void printDeadLetters(String bootstrapServers, DemoOptions options) {
        Reasons reasons = new Reasons();
        Map<String, Object> client = Map.of("bootstrap.servers", bootstrapServers);
        long rejected =
                LetterReader.read(
                                client,
                                options.rejectedTopic(),
                                letter -> add(Rejected.of(letter), reasons))
                        .letters();
        print("%nRejected: %,d, kept in topic %s%n", rejected, options.rejectedTopic());
        reasons.shown().forEach(out::println);
        long late = LetterReader.read(client, options.lateTopic(), letter -> {}).letters();
        if (lateCounted != late || unaccounted != 0) {
            throw new CommandException(
                    String.format(
                            Locale.ROOT,
                            "%,d of %,d late requests are counted, and %,d rows of completeness"
                                    + " differ: this should not happen, please report it with the"
                                    + " log",
                            lateCounted,
                            late,
                            unaccounted));
        }
        print(
                "Late: %,d, kept in topic %s, and counted with the others%n",
                late, options.lateTopic());
        records += rejected;
    }

    private static void add(Rejected rejected, Reasons reasons) {
        reasons.add(rejected.reason(), rejected.source(), rejected.line(), rejected.bytes());
    }

    /** Prints the list of the top sites. */
    void printTopSites(Session session) throws SQLException {
        out.println();
        TopSitesTable.print(session, SITES, out);
    }

    private void print(String format, Object... arguments) {
        out.printf(Locale.ROOT, format, arguments);
        out.flush();
    }
}
