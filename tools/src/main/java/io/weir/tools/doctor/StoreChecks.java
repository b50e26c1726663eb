package io.weir.tools.doctor;

import io.weir.check.Check;
import io.weir.check.Check.Trait;
import io.weir.check.Checks;
import io.weir.check.Finding;
import io.weir.check.Findings;
import io.weir.database.Causes;
import io.weir.database.Database;
import io.weir.database.DatabaseException;
import io.weir.database.SchemaName;
import io.weir.database.Session;
import io.weir.database.SqlState;
import io.weir.schema.SchemaMigration;
import io.weir.schema.SchemaVerification;
import io.weir.schema.ScriptFindings;
import io.weir.tools.text.Count;
import java.sql.SQLException;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whether the database lets the job in, and the schema is ready for its rows.
 *
 * @param job as whom the job logs in
 * @param owner who may look at everything
 */
record StoreChecks(
        Database job,
        Database owner,
        SchemaName schema,
        Checks.Expected expected,
        Findings findings) {

    private static final int MAX_SCRIPTS_NAMED = 3;
    private static final String NAME_OWNER =
            "Name the schema's owner with --db-user, and put its password into WEIR_OWNER_PASSWORD";

    void run() {
        SqlState asJob =
                refusal(job, "store.url", "Correct store.url, store.user and the job's password");
        SqlState asOwner =
                isAnswered(asJob)
                        ? asJob
                        : refusal(
                                owner,
                                "--jdbc-url",
                                "Correct --jdbc-url, --db-user and WEIR_OWNER_PASSWORD");
        if (asOwner != null) {
            findings.unchecked("schema");
            notMade();
        } else if (!isMigrated()) {
            notMade();
        } else {
            if (asJob == null) {
                make(
                        job,
                        check -> check.is(Trait.JOB),
                        "user " + job.user(),
                        "As the owner: grant weir_writer to " + job.user());
            } else {
                findings.unchecked("rights of " + job.user());
            }
            make(owner, check -> !check.is(Trait.JOB), "schema " + schema, NAME_OWNER);
        }
    }

    /** A missing server is reported once, though two users would ask it. */
    private boolean isAnswered(@Nullable SqlState asJob) {
        boolean isMissing = asJob == SqlState.NO_SERVER || asJob == SqlState.NO_DATABASE;
        return job.equals(owner) || isMissing && job.jdbcUrl().equals(owner.jdbcUrl());
    }

    /** Names all checks that need a schema. */
    private void notMade() {
        Check.ofDoctor().stream()
                .filter(check -> check.is(Trait.DOCTOR))
                .forEach(check -> findings.unchecked(check.name()));
        findings.unchecked("all of schema verify");
    }

    /**
     * Why the database does not let someone in; null when it does.
     *
     * @param address the setting that names the server
     * @param remedy what to do when the user is refused
     */
    private @Nullable SqlState refusal(Database who, String address, String remedy) {
        try (Session unused = who.open(schema)) {
            findings.well();
            return null;
        } catch (DatabaseException | SQLException e) {
            String subject = "database " + who.address();
            String reason = " (" + Causes.innermost(e) + ")";
            SqlState state = SqlState.of(e);
            switch (state) {
                case NO_SERVER ->
                        findings.wrong(
                                subject,
                                "no server answers" + reason,
                                "Start it, or correct " + address);
                case NO_DATABASE ->
                        findings.wrong(
                                subject,
                                "does not exist" + reason,
                                "Correct " + address + ", or create it as README.md says");
                default -> findings.wrong(subject, "refuses user " + who.user() + reason, remedy);
            }
            return state;
        }
    }

    /** Whether there are tables to look at. */
    private boolean isMigrated() {
        String subject = "schema " + schema;
        String migrate =
                "./weir schema migrate --jdbc-url %s --db-user OWNER --schema %s"
                        .formatted(owner.address(), schema);
        try (Session session = owner.open(schema)) {
            if (!session.holds("select to_regnamespace('${schema}') is not null")) {
                findings.wrong(
                        subject,
                        "does not exist",
                        "Correct store.schema, or create it: " + migrate);
                return false;
            }
            Findings scripts = new Findings();
            new SchemaMigration(owner, schema).check(scripts);
            boolean isMigrated = SchemaVerification.isMigrated(session);
            List<String> toRun =
                    scripts.found().stream()
                            .filter(script -> script.remedy().equals(ScriptFindings.MIGRATE))
                            .map(Finding::subject)
                            .toList();
            findings.check(
                    toRun.isEmpty(),
                    subject,
                    "is not up to date, "
                            + Count.of(toRun.size(), "script")
                            + " to run: "
                            + toRun.stream()
                                    .limit(MAX_SCRIPTS_NAMED)
                                    .collect(Collectors.joining(", ")),
                    migrate);
            if (isMigrated) {
                include(scripts, subject, NAME_OWNER);
            }
            return isMigrated;
        } catch (SQLException | DatabaseException e) {
            cannotBeChecked(subject, owner, e, NAME_OWNER);
            return false;
        }
    }

    private void make(Database who, Predicate<Check> which, String subject, String allow) {
        Findings seen = new Findings();
        try (Session session = who.open(schema)) {
            Checks.run(session, Check.ofDoctor().stream().filter(which).toList(), expected, seen);
        } catch (SQLException | DatabaseException e) {
            cannotBeChecked(subject, who, e, allow);
        }
        include(seen, subject, allow);
    }

    /** What a user may not see is a finding here: the doctor says who may allow it. */
    private void include(Findings seen, String subject, String allow) {
        findings.include(seen);
        seen.unchecked().forEach(line -> findings.wrong(subject, line, allow));
    }

    private void cannotBeChecked(String subject, Database who, Exception e, String allow) {
        findings.wrong(
                subject,
                "cannot be checked as " + who.user() + " (" + Causes.innermost(e) + ")",
                SqlState.of(e) == SqlState.NO_RIGHT
                        ? allow
                        : "Fix what else was found, then look again");
    }
}
