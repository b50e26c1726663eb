package io.weir.tools.cli;

import io.weir.database.Session;
import io.weir.tools.connect.CommandException;
import io.weir.tools.text.Count;
import java.sql.SQLException;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Removes the rows of whole days, so that they can be read again.
 *
 * <p>Rows can only grow, so what is wrong by too much is taken out on purpose.
 */
@Command(
        name = "reset-range",
        description =
                "Removes the rows of whole UTC days in the past, those of views included, after"
                        + " confirmation, so that the job can count these days again.")
final class ResetRangeCommand extends WeirCommand implements Runnable {

    @Mixin private OwnerArguments where = new OwnerArguments();

    @Mixin private Confirmation confirmation = new Confirmation();

    @Option(
            names = "--from",
            required = true,
            paramLabel = "DATE",
            description = "The first UTC day, such as 2026-11-20")
    private LocalDate from = LocalDate.EPOCH;

    @Option(
            names = "--to",
            required = true,
            paramLabel = "DATE",
            description = "The UTC day after the last one: 2026-11-21 removes one day")
    private LocalDate to = LocalDate.EPOCH;

    @Option(
            names = "--site",
            paramLabel = "ID",
            description = "Only the rows of this site (default: all sites)")
    private @Nullable Integer site;

    @Override
    public void run() {
        if (!from.isBefore(to)) {
            throw CommandException.wrongUsage(
                    "--to must be later than --from: it is the day after the last");
        }
        where.run(this::reset);
    }

    private void reset(Session session) throws SQLException {
        session.execute("select ${schema}.check_closed_days(?::date, ?::date)", from, to);
        List<List<String>> there = tables(session, "range_rows");
        if (there.stream().allMatch(table -> table.get(1).equals("0"))) {
            say("there are no rows" + whose() + " of " + days());
            return;
        }
        sayWhatStays(session);
        confirmation.ask(
                "Removes%s all rows of %s from schema %s in %s: %s."
                        .formatted(
                                whose(),
                                days(),
                                where.schema(),
                                where.database().address(),
                                shown(there)));
        say("removed " + shown(tables(session, "reset_range")));
        say(
                "to count the days again, start the job without state and with --kafka.start-from "
                        + from.atStartOfDay().toInstant(ZoneOffset.UTC)
                        + ": every bucket from there on is whole");
    }

    /** Late rows belong to another topic; read again, their requests can be found on time. */
    private void sayWhatStays(Session session) throws SQLException {
        List<List<String>> late =
                session.rows(
                        """
                        select coalesce(sum(request_count), 0) from ${schema}.http_request_1day_late
                        where bucket >= ?::date::timestamp at time zone 'UTC'
                          and bucket < ?::date::timestamp at time zone 'UTC'
                          and site_id = coalesce(?::int, site_id)""",
                        from,
                        to,
                        site);
        long requests = Long.parseLong(late.get(0).get(0));
        if (requests > 0) {
            say(
                    Count.of(requests, "late request")
                            + " of these days: not removed. They count twice if the job reads them again and"
                            + " finds them on time: docs/operations.md#late says how to prevent it");
        }
    }

    private List<List<String>> tables(Session session, String function) throws SQLException {
        return session.rows(
                "select relation, row_count from ${schema}.%s(?::date, ?::date, ?::int)"
                        .formatted(function),
                from,
                to,
                site);
    }

    private static String shown(List<List<String>> tables) {
        return tables.stream().map(Count::rowsOf).collect(Collectors.joining(", "));
    }

    private String days() {
        LocalDate last = to.minusDays(1);
        return last.equals(from) ? from + " UTC" : from + " to " + last + " UTC";
    }

    private String whose() {
        return site == null ? "" : " of site " + site;
    }

    private void say(String line) {
        out().println("schema " + where.schema() + ": " + line);
    }
}
