package io.weir.tools.cli;

import io.weir.tools.connect.CommandException;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/**
 * Removes the rows of whole days, so that they can be read again.
 *
 * <p>Rows can only grow, so what is wrong by too much is taken out on purpose.
 */
@Command(
        name = "reset-range",
        description =
                "Removes the rows of whole UTC days that are over from the three grains, after asking,"
                        + " so that the job can read the days again.",
        mixinStandardHelpOptions = true)
final class ResetRangeCommand implements Runnable {

    private static final String DAYS = "(?::date, ?::date)";
    private static final String DAYS_AND_SITE = "(?::date, ?::date, ?::int)";

    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin private OwnerArguments where = new OwnerArguments();

    @Mixin private Confirmation confirmation = new Confirmation();

    @Option(
            names = "--from",
            required = true,
            paramLabel = "DATE",
            description = "The first UTC day, like 2026-11-20")
    private LocalDate from = LocalDate.EPOCH;

    @Option(
            names = "--to",
            required = true,
            paramLabel = "DATE",
            description = "The UTC day behind the last one: 2026-11-21 to remove one day")
    private LocalDate to = LocalDate.EPOCH;

    @Option(names = "--site", paramLabel = "ID", description = "Only this site; default: all")
    private @Nullable Integer site;

    @Override
    public void run() {
        if (!from.isBefore(to)) {
            throw CommandException.wrongUsage(
                    "--to must be later than --from: the day behind the last");
        }
        where.run(this::execute);
    }

    private void execute(Connection connection) throws SQLException {
        try (PreparedStatement check =
                connection.prepareStatement(
                        "select " + where.schema() + ".check_closed_days" + DAYS)) {
            bindDays(check);
            check.execute();
        }
        Map<String, Long> there = counts(connection, "range_rows");
        if (there.values().stream().allMatch(count -> count == 0)) {
            say("there are no rows" + whose() + " of " + days());
            return;
        }
        confirmation.ask(
                "Removes"
                        + whose()
                        + " all rows of "
                        + days()
                        + " from schema "
                        + where.schema()
                        + " in "
                        + where.database().address()
                        + ": "
                        + shown(there)
                        + ".");
        say("removed " + shown(counts(connection, "reset_range")));
        sayWhatIsNext();
    }

    private Map<String, Long> counts(Connection connection, String function) throws SQLException {
        try (PreparedStatement statement =
                connection.prepareStatement(
                        "select relation, row_count from "
                                + where.schema()
                                + "."
                                + function
                                + DAYS_AND_SITE)) {
            bindDays(statement);
            statement.setObject(3, site, Types.INTEGER);
            Map<String, Long> counts = new LinkedHashMap<>();
            try (ResultSet rows = statement.executeQuery()) {
                while (rows.next()) {
                    counts.put(rows.getString(1), rows.getLong(2));
                }
            }
            return counts;
        }
    }

    private void bindDays(PreparedStatement statement) throws SQLException {
        statement.setObject(1, from);
        statement.setObject(2, to);
    }

    private String days() {
        LocalDate last = to.minusDays(1);
        return last.equals(from) ? from + " UTC" : from + " to " + last + " UTC";
    }

    private String whose() {
        return site == null ? "" : " of site " + site;
    }

    private static String shown(Map<String, Long> counts) {
        return counts.entrySet().stream()
                .map(count -> count.getValue() + " of " + count.getKey())
                .collect(Collectors.joining(", "));
    }

    /** The job's default of event-time.max-ahead before the range: buckets are whole from there. */
    private void sayWhatIsNext() {
        Instant start = from.atStartOfDay().toInstant(ZoneOffset.UTC).minusSeconds(300);
        say(
                "to read the days again, start the job without state and with --kafka.start-from "
                        + start
                        + " (event-time.max-ahead before the first day, so that it is whole)");
    }

    private void say(String line) {
        PrintWriter out = spec.commandLine().getOut();
        out.println("schema " + where.schema() + ": " + line);
        out.flush();
    }
}
