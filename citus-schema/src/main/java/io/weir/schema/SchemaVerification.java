package io.weir.schema;

import io.weir.check.Check;
import io.weir.check.Checks;
import io.weir.check.Findings;
import io.weir.database.DatabaseException;
import io.weir.database.Session;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Compares a live schema with what it should be, and changes nothing.
 *
 * <p>It looks at the scripts that ran, tables, columns, partitions and rights, and on Citus at
 * distribution, nodes, and whether all nodes hold the same.
 *
 * @param shards how many shards each table has on Citus; null when any number is right that is the
 *     same for all
 */
public record SchemaVerification(SchemaMigration migration, @Nullable Integer shards) {

    /**
     * Looks at everything once.
     *
     * @throws DatabaseException when the database does not answer
     */
    public Findings run() {
        return migration.ask(this::run);
    }

    private Findings run(Session session) throws SQLException {
        Findings findings = new Findings();
        migration.check(findings);
        if (isMigrated(session)) {
            Checks.Expected expected = new Checks.Expected(Duration.ZERO, shards);
            Checks.run(session, Check.ofVerify(), expected, findings);
        } else {
            findings.note("everything else: not checked, run weir schema migrate first");
        }
        return findings;
    }

    /** Whether the schema has what checks look at. */
    public static boolean isMigrated(Session session) throws SQLException {
        return session.holds("select to_regproc('${schema}.site_tables') is not null");
    }
}
