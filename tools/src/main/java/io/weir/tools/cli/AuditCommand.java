package io.weir.tools.cli;

import io.weir.tools.connect.CommandException;
import io.weir.tools.text.Count;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** Compares the grains with each other, and lists rows that are not done. */
@Command(
        name = "audit",
        description =
                "Compares hours with their minutes and days with their hours, and lists what differs,"
                        + " what is missing, and rows that never became whole or final. Exits 1 when"
                        + " it finds something.",
        mixinStandardHelpOptions = true)
final class AuditCommand implements Callable<Integer> {

    private static final String FINDINGS =
            """
            select to_char(bucket at time zone 'UTC', 'YYYY-MM-DD HH24:MI') || 'Z', grain, site_id,
                   problem, detail
            from %s.audit(coalesce(?, '-infinity'::timestamptz), coalesce(?, 'infinity'::timestamptz))
            order by bucket, site_id, grain, problem
            """;

    private static final String WINDOWS =
            """
            select count(*)
            from unnest(array['http_request_1hour', 'http_request_1day']) as coarse,
                 %s.closed_windows(coarse, ?, ?, '1 hour', now())
            """;

    private static final int FETCHED_AT_ONCE = 1_000;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin private ReaderArguments where = new ReaderArguments();

    @Option(
            names = "--from",
            paramLabel = "TIME",
            converter = UtcTime.class,
            description = "A UTC date or instant, 2026-11-20 or 2026-11-20T10:00:00Z; default: all")
    private @Nullable OffsetDateTime from;

    @Option(
            names = "--to",
            paramLabel = "TIME",
            converter = UtcTime.class,
            description =
                    "Where the range ends, without it; default: as late as windows are closed")
    private @Nullable OffsetDateTime to;

    @Option(
            names = "--limit",
            defaultValue = "50",
            paramLabel = "N",
            description = "How many findings are shown (default: ${DEFAULT-VALUE})")
    private int limit = 50;

    @Override
    public Integer call() {
        requireUsage();
        try (Connection connection = where.connect()) {
            connection.setAutoCommit(false);
            connection.setReadOnly(true);
            long windows = windows(connection);
            long findings = findings(connection);
            say(windows, findings);
            return findings == 0 ? 0 : 1;
        } catch (SQLException e) {
            throw where.failure(e);
        }
    }

    private void requireUsage() {
        if (limit < 1) {
            throw CommandException.wrongUsage("--limit: " + limit + " must be 1 or more");
        }
        if (from != null && to != null && !from.isBefore(to)) {
            throw CommandException.wrongUsage(
                    "--to: " + to + " must be later than --from, " + from);
        }
    }

    private long windows(Connection connection) throws SQLException {
        try (PreparedStatement statement = prepare(connection, WINDOWS);
                ResultSet rows = statement.executeQuery()) {
            rows.next();
            return rows.getLong(1);
        }
    }

    private long findings(Connection connection) throws SQLException {
        long found = 0;
        try (PreparedStatement statement = prepare(connection, FINDINGS);
                ResultSet rows = statement.executeQuery()) {
            for (; rows.next(); found++) {
                if (found < limit) {
                    out().printf(
                                    "%s %-5s site %d: %s (%s)%n",
                                    rows.getString(1),
                                    rows.getString(2),
                                    rows.getInt(3),
                                    rows.getString(4),
                                    rows.getString(5));
                }
            }
        }
        if (found > limit) {
            out().println("and " + (found - limit) + " more");
        }
        return found;
    }

    private PreparedStatement prepare(Connection connection, String query) throws SQLException {
        PreparedStatement statement = connection.prepareStatement(query.formatted(where.schema()));
        statement.setFetchSize(FETCHED_AT_ONCE);
        statement.setObject(1, from, java.sql.Types.TIMESTAMP_WITH_TIMEZONE);
        statement.setObject(2, to, java.sql.Types.TIMESTAMP_WITH_TIMEZONE);
        return statement;
    }

    private void say(long windows, long findings) {
        out().printf(
                        "schema %s: audited %s: %s%n",
                        where.schema(),
                        Count.of(windows, "window"),
                        findings == 0 ? "all agree" : Count.of(findings, "finding"));
        if (findings > 0) {
            out().println(
                            "rebuild_hours and rebuild_days of the schema repair a coarser grain from"
                                    + " a finer one; reset-range removes days to be read again");
        }
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }

    /** A date, which is its first instant in UTC, or an instant. */
    static final class UtcTime implements ITypeConverter<OffsetDateTime> {
        @Override
        public OffsetDateTime convert(String text) {
            try {
                return text.contains("T")
                        ? Instant.parse(text).atOffset(ZoneOffset.UTC)
                        : LocalDate.parse(text).atTime(0, 0).atOffset(ZoneOffset.UTC);
            } catch (DateTimeParseException e) {
                throw new TypeConversionException(
                        "'"
                                + text
                                + "' is neither a date like 2026-11-20 nor an instant like"
                                + " 2026-11-20T10:00:00Z");
            }
        }
    }
}
