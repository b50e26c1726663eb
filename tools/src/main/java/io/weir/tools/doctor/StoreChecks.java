package io.weir.tools.doctor;

import io.weir.database.Causes;
import io.weir.database.Database;
import io.weir.database.DatabaseException;
import io.weir.schema.MigrationStatus;
import io.weir.schema.SchemaMigration;
import io.weir.schema.SchemaVerification;
import io.weir.schema.Verification;
import io.weir.tools.text.Count;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the database lets the job in, and the schema is ready for its rows. */
final class StoreChecks {

    private static final Logger LOG = LoggerFactory.getLogger(StoreChecks.class);

    private static final String[] NEED_TABLES = {
        "rights", "clock", "partitions", "Citus", "rows", "all of schema verify"
    };
    private static final String[] NEED_A_LOGIN = {
        "schema", "rights", "clock", "partitions", "Citus", "rows", "all of schema verify"
    };

    private static final String NO_SERVER = "08001";
    private static final String NO_SUCH_DATABASE = "3D000";
    private static final Set<String> RAN = Set.of("Success", "Superseded", "Out of Order");
    private static final String FORBIDDEN = "42501";
    private static final String LET_OWNER =
            "Name the schema's owner by --db-user, the password in WEIR_OWNER_PASSWORD";
    private static final Duration CLOCKS_APART = Duration.ofSeconds(5);

    /** Longer than a question may take. */
    private static final Duration MAX_SILENCE = Sql.MAX_QUESTION.plusSeconds(10);

    private final Database job;
    private final Database owner;
    private final String schema;
    private final Duration maxAge;
    private final Duration settle;
    private final Findings findings;

    /**
     * @param job as whom the job logs in
     * @param owner who may look at everything
     * @param maxAge how far back partitions must be there
     * @param settle how long after its end a minute can still change
     */
    StoreChecks(
            Database job,
            Database owner,
            String schema,
            Duration maxAge,
            Duration settle,
            Findings findings) {
        this.job = job;
        this.owner = owner;
        this.schema = schema;
        this.maxAge = maxAge;
        this.settle = settle;
        this.findings = findings;
    }

    void run() {
        Login jobs =
                login(job, "store.url", "Correct store.url, store.user and the job's password");
        boolean isSeen = isSeen(jobs);
        if (!isSeen || !isMigrated()) {
            findings.notMade(isSeen ? NEED_TABLES : NEED_A_LOGIN);
            return;
        }
        if (jobs == Login.LET_IN) {
            attempt(job, "user " + job.user(), this::rights);
        } else {
            findings.notMade("rights of " + job.user());
        }
        attempt(owner, "clock of the database", this::clock);
        attempt(owner, "partitions", this::partitions);
        attempt(owner, "Citus", sql -> new ClusterChecks(sql, findings).run());
        attempt(owner, "rows", sql -> new RowChecks(sql, settle, findings).run());
        verify();
    }

    /** A server that is away is said once, though two users would ask it. */
    private boolean isSeen(Login jobs) {
        boolean isAsked =
                job.equals(owner)
                        || jobs == Login.NO_DATABASE && job.jdbcUrl().equals(owner.jdbcUrl());
        Login owners =
                isAsked
                        ? jobs
                        : login(
                                owner,
                                "--jdbc-url",
                                "Correct --jdbc-url, --db-user and WEIR_OWNER_PASSWORD");
        return owners == Login.LET_IN;
    }

    /** What weir schema verify looks at; partitions have been looked at with more patience. */
    private void verify() {
        String subject = "schema " + schema;
        try {
            Verification found = new SchemaVerification(migration(), maxAge, null).run();
            found.differences().stream()
                    .filter(difference -> !difference.subject().startsWith("partition"))
                    .forEach(
                            difference ->
                                    findings.wrong(
                                            difference.subject(),
                                            "expected %s, found %s"
                                                    .formatted(
                                                            difference.expected(),
                                                            difference.found()),
                                            difference.remedy()));
            found.unchecked()
                    .forEach(
                            line ->
                                    findings.wrong(
                                            subject, "cannot be seen whole, " + line, LET_OWNER));
            findings.well();
        } catch (DatabaseException e) {
            findings.wrong(subject, "cannot be verified (" + e.getMessage() + ")", "See above");
        }
    }

    private SchemaMigration migration() {
        return new SchemaMigration(owner.jdbcUrl(), owner.user(), owner.password(), schema);
    }

    /**
     * Looks whether the database lets someone in.
     *
     * @param address the setting that names the server
     * @param remedy what to do when it does not
     */
    private Login login(Database who, String address, String remedy) {
        String subject = "database " + who.address();
        try (Connection unused = who.connect(schema)) {
            findings.well();
            return Login.LET_IN;
        } catch (DatabaseException | SQLException e) {
            String reason = " (" + reason(e) + ")";
            switch (state(e)) {
                case NO_SERVER ->
                        findings.wrong(
                                subject,
                                "no server answers" + reason,
                                "Start it, or correct " + address);
                case NO_SUCH_DATABASE ->
                        findings.wrong(
                                subject,
                                "does not exist" + reason,
                                "Correct " + address + ", or create it as README.md says");
                default -> {
                    findings.wrong(subject, "does not let in " + who.user() + reason, remedy);
                    return Login.REFUSED;
                }
            }
            return Login.NO_DATABASE;
        }
    }

    private static String state(Exception e) {
        Throwable cause = e instanceof SQLException || e.getCause() == null ? e : e.getCause();
        return cause instanceof SQLException sql ? String.valueOf(sql.getSQLState()) : "";
    }

    /** Java's word for an unknown host is the bare name. */
    private static String reason(Exception e) {
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnknownHostException) {
                return "unknown host " + cause.getMessage();
            }
        }
        return Causes.innermost(e.getCause() == null ? e : e.getCause());
    }

    /** Whether there are tables to look at. */
    private boolean isMigrated() {
        String subject = "schema " + schema;
        String migrate =
                "./weir schema migrate --jdbc-url "
                        + owner.address()
                        + " --db-user OWNER --schema "
                        + schema;
        List<MigrationStatus> scripts;
        try {
            scripts = migration().status();
        } catch (DatabaseException e) {
            findings.wrong(
                    subject,
                    "does not tell " + owner.user() + " its version (" + e.getMessage() + ")",
                    LET_OWNER);
            return false;
        }
        boolean isMade = scripts.stream().anyMatch(script -> RAN.contains(script.state()));
        if (!isMade && !isThere()) {
            findings.wrong(
                    subject, "does not exist", "Correct store.schema, or make it: " + migrate);
            return false;
        }
        List<String> missing =
                scripts.stream()
                        .filter(script -> !RAN.contains(script.state()))
                        .map(script -> script.description() + " is " + script.state())
                        .toList();
        findings.check(
                missing.isEmpty(),
                subject,
                "is behind, "
                        + Count.of(missing.size(), "script")
                        + " to run: "
                        + String.join(", ", missing.subList(0, Math.min(3, missing.size()))),
                migrate);
        return isMade;
    }

    /** What cannot be told is told by the check that comes next. */
    private boolean isThere() {
        try (Connection connection = owner.connect(schema)) {
            return new Sql(connection, schema).holds("select to_regnamespace('$s') is not null");
        } catch (SQLException | DatabaseException e) {
            LOG.debug("whether there is a schema {} cannot be told", schema, e);
            return true;
        }
    }

    private void rights(Sql sql) throws SQLException {
        List<String> refused =
                sql
                        .rows(
                                """
                                select name from $s.site_tables() as name, lateral format('$s.%I', name) as relation
                                where not (has_table_privilege(relation, 'insert')
                                           and has_table_privilege(relation, 'update')
                                           and has_table_privilege(relation, 'select'))
                                   or row_security_active(relation) and not exists (
                                        select from pg_roles where rolname = 'weir_writer' and pg_has_role(oid, 'usage'))
                                order by name
                                """)
                        .stream()
                        .map(row -> row.get(0))
                        .toList();
        findings.check(
                refused.isEmpty(),
                "user " + job.user(),
                "may not write to " + String.join(", ", refused),
                "As the owner: grant weir_writer to " + job.user());
    }

    /** Times of rows are the database's in places, the job's in others. */
    private void clock(Sql sql) throws SQLException {
        Instant before = Instant.now();
        Instant there = sql.instant("select clock_timestamp()");
        Instant after = Instant.now();
        if (there == null) {
            throw new SQLException("it tells no time");
        }
        Duration ahead =
                there.isAfter(after)
                        ? Duration.between(after, there)
                        : there.isBefore(before) ? Duration.between(before, there) : Duration.ZERO;
        findings.check(
                ahead.abs().compareTo(CLOCKS_APART) <= 0,
                "clock of the database",
                "is " + ahead.toMillis() / 1000.0 + " s ahead of this machine's",
                "Let both follow NTP");
    }

    /** What is due for longer than it takes maintain, which runs every few hours, to come by. */
    private void partitions(Sql sql) throws SQLException {
        partitions(
                sql,
                "make",
                "interval '6 hours'",
                " missing, the first is ",
                "The job cannot write rows of their times. ./weir maintain --every 10m, see"
                        + " docs/operations.md#partitions");
        partitions(
                sql,
                "drop",
                "interval '1 day'",
                " expired and not dropped, the first is ",
                "./weir maintain --every 10m, see docs/operations.md#store-size");
    }

    private void partitions(Sql sql, String action, String since, String problem, String remedy)
            throws SQLException {
        double age = maxAge.toMillis() / 1000.0;
        List<List<String>> due =
                sql.rows(
                        """
                        select relation, count(*) over ()
                        from $s.maintenance_due(make_interval(secs => ?), interval '1 hour', now())
                        join $s.maintenance_due(make_interval(secs => ?), interval '1 hour', now() - %s)
                          as earlier using (action, relation)
                        where action = '%s' order by relation limit 1
                        """
                                .formatted(since, action),
                        age,
                        age);
        findings.check(
                due.isEmpty(),
                "partitions",
                due.isEmpty() ? "" : due.get(0).get(1) + problem + due.get(0).get(0),
                remedy);
    }

    private void attempt(Database who, String subject, Check check) {
        try (Connection connection = who.connect(schema)) {
            connection.setNetworkTimeout(Runnable::run, (int) MAX_SILENCE.toMillis());
            check.run(new Sql(connection, schema));
        } catch (SQLException | DatabaseException e) {
            findings.wrong(
                    subject,
                    "cannot be checked as " + who.user() + " (" + Causes.innermost(e) + ")",
                    e instanceof SQLException sql && FORBIDDEN.equals(sql.getSQLState())
                            ? allow(who)
                            : "Mend what else was found, then look again");
        }
    }

    private String allow(Database who) {
        return who.equals(job) && !job.equals(owner)
                ? "As the owner: grant weir_writer to " + job.user()
                : LET_OWNER;
    }

    /** How a database answers a login. */
    private enum Login {
        LET_IN,
        REFUSED,
        NO_DATABASE
    }

    /** Questions on one subject. */
    private interface Check {
        void run(Sql sql) throws SQLException;
    }
}
