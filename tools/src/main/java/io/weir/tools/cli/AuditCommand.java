package io.weir.tools.cli;

import io.weir.database.Session;
import io.weir.tools.connect.CommandException;
import io.weir.tools.text.Count;
import io.weir.traffic.Grain;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Compares the grains with each other, and lists rows that should be complete and are not. */
@Command(
        name = "audit",
        description = {
            "Compares hours with their minutes and days with their hours, and lists what differs,"
                    + " what is missing, and rows that never became whole or final. Changes"
                    + " nothing.",
            "Exit code 0 when everything agrees, 1 when something does not."
        })
final class AuditCommand extends WeirCommand implements Callable<Integer> {

    /** The last column says how many findings there are in all. */
    private static final String FINDINGS =
            """
            select to_char(bucket at time zone 'UTC', 'YYYY-MM-DD HH24:MI') || 'Z', grain, site_id,
                   problem, detail, count(*) over ()
            from ${schema}.audit(coalesce(?, '-infinity'::timestamptz), coalesce(?, 'infinity'::timestamptz))
            order by bucket, site_id, grain, problem
            limit ?
            """;

    private static final String REPAIR =
            "To repair a coarser grain from a finer one, use rebuild_hours and rebuild_days of the"
                    + " schema; to read days again, weir schema reset-range.";

    private static final List<String> HEADINGS =
            List.of("bucket", "grain", "site", "problem", "detail");

    private static final String WINDOWS =
            """
            select count(*)
            from unnest(?) as coarse, ${schema}.closed_windows(coarse, ?, ?, '1 hour', now())
            """;

    /** Grains that are compared with the next finer one. */
    private static final String[] COARSE =
            Stream.of(Grain.values())
                    .filter(grain -> grain != Grain.MINUTE)
                    .map(Grain::table)
                    .toArray(String[]::new);

    @Mixin private ReaderArguments where = new ReaderArguments();

    @Option(
            names = "--from",
            paramLabel = "TIME",
            description =
                    "Start of the range, a UTC date or instant: 2026-11-20 or"
                            + " 2026-11-20T10:00:00Z (default: the first row)")
    private @Nullable OffsetDateTime from;

    @Option(
            names = "--to",
            paramLabel = "TIME",
            description =
                    "End of the range, which is not part of it (default: the last window that is"
                            + " closed)")
    private @Nullable OffsetDateTime to;

    @Option(
            names = "--limit",
            defaultValue = "50",
            paramLabel = "N",
            description = "Show at most this many findings (default: ${DEFAULT-VALUE})")
    private int limit = 50;

    @Override
    public Integer call() {
        Arguments.require("--limit", limit, 1);
        if (from != null && to != null && !from.isBefore(to)) {
            throw CommandException.wrongUsage(
                    "--to: " + to + " must be later than --from, " + from);
        }
        return where.ask(this::audit);
    }

    private int audit(Session session) throws SQLException {
        String windows = session.text(WINDOWS, COARSE, from, to);
        List<List<String>> shown = session.rows(FINDINGS, from, to, limit);
        long found = shown.isEmpty() ? 0 : Long.parseLong(shown.get(0).get(HEADINGS.size()));
        if (found > 0) {
            printTable(
                    HEADINGS, shown.stream().map(row -> row.subList(0, HEADINGS.size())).toList());
        }
        if (found > limit) {
            out().println("and " + (found - limit) + " more");
        }
        out().printf(
                        "schema %s: audited %s: %s%n",
                        where.schema(),
                        Count.of(Long.parseLong(String.valueOf(windows)), "window"),
                        found == 0 ? "all agree" : Count.of(found, "finding"));
        if (found > 0) {
            out().println(REPAIR);
        }
        return found == 0 ? ExitCode.OK : ExitCode.SOFTWARE;
    }
}
