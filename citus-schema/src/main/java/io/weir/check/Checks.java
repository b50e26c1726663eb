package io.weir.check;

import io.weir.check.Check.Trait;
import io.weir.database.Causes;
import io.weir.database.Resources;
import io.weir.database.Session;
import io.weir.database.SqlState;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes checks of a database, which change nothing. */
public final class Checks {

    private static final Duration MAX_ANSWER = Duration.ofSeconds(60);

    private final Session session;
    private final Findings findings;

    private Checks(Session session, Findings findings) {
        this.session = session;
        this.findings = findings;
    }

    /**
     * What the checks know besides the schema, as settings that begin with {@code weir.}
     *
     * @param settle how long after its end a minute can still change
     * @param shards how many shards each table has on Citus; null when any number is right that is
     *     the same for all
     */
    public record Expected(Duration settle, @Nullable Integer shards) {}

    /**
     * Makes all checks, one after the other.
     *
     * <p>What the user has no right to see is unchecked; a check that fails otherwise is a finding.
     *
     * @throws SQLException when the connection breaks
     */
    public static void run(Session session, List<Check> list, Expected expected, Findings findings)
            throws SQLException {
        Checks checks = new Checks(session, findings);
        checks.prepare(expected);
        boolean isCitus =
                session.holds("select exists (select from pg_extension where extname = 'citus')");
        for (Check check : list) {
            if (isCitus || !check.is(Trait.CITUS)) {
                checks.make(check);
            }
        }
    }

    /** Names come out with their schema and times in UTC, whatever the database's settings. */
    private void prepare(Expected expected) throws SQLException {
        session.limitedTo(MAX_ANSWER)
                .execute(
                        "set search_path = pg_catalog; set timezone = 'UTC'; set datestyle = 'ISO'");
        session.execute(
                """
                select set_config('weir.clock_ahead', (clock_timestamp() - ?)::text, false),
                       set_config('weir.settle', ?, false), set_config('weir.shards', ?, false),
                       set_config('weir.columns', ?, false)
                """,
                OffsetDateTime.now(ZoneOffset.UTC),
                expected.settle().toString(),
                expected.shards() == null ? "" : expected.shards().toString(),
                String.join("\n", Resources.lines(Check.FOLDER + "expected_columns.txt")));
    }

    /** Citus reports a worker that does not answer with the SQLSTATE of a broken connection. */
    private void make(Check check) throws SQLException {
        try {
            findings.rows(session.rows(check.sql()));
        } catch (SQLException e) {
            if (session.connection().isClosed()) {
                throw e;
            }
            String reason = Causes.innermost(e);
            if (SqlState.of(e) == SqlState.NO_RIGHT) {
                findings.unchecked(check.name() + ": not checked, " + reason);
            } else {
                findings.check(
                        List.of(
                                Finding.difference(
                                        check.name(),
                                        "an answer",
                                        reason,
                                        "fix what the message names, then look again")));
            }
        }
    }
}
