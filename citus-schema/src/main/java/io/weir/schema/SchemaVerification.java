package io.weir.schema;

import io.weir.database.DatabaseException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Compares a live schema with what it should be, and changes nothing.
 *
 * <p>It looks at the scripts that ran, tables, columns, partitions and rights, and on Citus at
 * distribution, nodes, and whether all nodes hold the same. What it has no right to see is told
 * apart.
 */
public final class SchemaVerification {

    /** How much longer than max-age a row may take to arrive; maintain's default. */
    private static final String SETTLE = "interval '1 hour'";

    private static final String REFERENCE_TABLES =
            "'retention_policy', 'site', 'top_site_config', 'top_site_election'";

    private final SchemaMigration migration;
    private final Duration maxAge;
    private final @Nullable Integer shards;

    /**
     * @param maxAge how far back partitions must be there: the job's event-time.max-age
     * @param shards how many shards each table has on Citus; null when any number is right that is
     *     the same for all
     */
    public SchemaVerification(
            SchemaMigration migration, Duration maxAge, @Nullable Integer shards) {
        this.migration = migration;
        this.maxAge = maxAge;
        this.shards = shards;
    }

    /**
     * Looks at everything once.
     *
     * @throws DatabaseException when the database does not answer
     */
    public Verification run() {
        try (Connection connection = migration.connect()) {
            Findings findings = new Findings(connection, placeholders());
            prepare(connection);
            run(findings);
            return findings.verification();
        } catch (SQLException e) {
            throw migration.unreachable(e);
        }
    }

    private void run(Findings findings) throws SQLException {
        migrations(findings);
        if (!findings.holds("select to_regproc('${schema}.site_tables') is not null")) {
            findings.note("everything else: not checked, run weir schema migrate first");
            return;
        }
        new StoreChecks(findings).run();
        new RoleChecks(findings).run();
        new ClusterChecks(findings).run();
    }

    private void migrations(Findings findings) {
        try {
            findings.found(migration.differences());
        } catch (DatabaseException e) {
            findings.unchecked("migrations", SchemaMigration.firstLine(e));
        }
    }

    /** Names come out with their schema and times in UTC, whatever the database's settings. */
    private static void prepare(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("set search_path = pg_catalog");
            statement.execute("set timezone = 'UTC'");
            statement.execute("set datestyle = 'ISO'");
            statement.execute("set statement_timeout = '60s'");
        }
    }

    private Map<String, String> placeholders() {
        return Map.of(
                "schema",
                migration.schema(),
                "maxAge",
                "make_interval(secs => " + maxAge.toMillis() / 1000.0 + ")",
                "settle",
                SETTLE,
                "shards",
                shards == null ? "null" : shards.toString(),
                "referenceTables",
                REFERENCE_TABLES);
    }
}
