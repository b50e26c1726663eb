package io.weir.schema;

import io.weir.check.Findings;
import io.weir.database.Causes;
import io.weir.database.Database;
import io.weir.database.DatabaseException;
import io.weir.database.SchemaName;
import io.weir.database.Session;
import io.weir.database.SqlState;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfoService;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;
import org.jspecify.annotations.Nullable;

/**
 * Brings one schema of a database up to date, on Citus and on plain PostgreSQL alike.
 *
 * <p>Each schema has its own history, so several can live in one database. Every failure is a
 * {@link DatabaseException}, and none shows the password.
 */
public final class SchemaMigration {

    private static final int MIN_SERVER_VERSION = 15;

    /** How many shards a table by site gets on Citus, unless said otherwise. */
    public static final int DEFAULT_SHARDS = 8;

    /** The most shards a table can be given here. */
    public static final int MAX_SHARDS = 1024;

    private static final String REMEDY = "run it as the schema's owner";

    /** Seconds, and keepalive for scripts that take long. */
    private static final Map<String, String> CONNECTION =
            Map.of("connectTimeout", "5", "loginTimeout", "10", "tcpKeepAlive", "true");

    private final Database database;
    private final SchemaName schema;
    private final int shards;
    private final String location;

    /**
     * With the default number of shards. Checks address and name only; the database is asked later.
     *
     * @throws DatabaseException when the schema's name is not lower-case letters, digits and
     *     underscores, or the address holds a password
     */
    public SchemaMigration(String jdbcUrl, String user, @Nullable String password, String schema) {
        this(new Database(jdbcUrl, user, password), new SchemaName(schema));
    }

    /** With the default number of shards. */
    public SchemaMigration(Database database, SchemaName schema) {
        this(database, schema, DEFAULT_SHARDS, "classpath:weir/schema");
    }

    private SchemaMigration(Database database, SchemaName schema, int shards, String location) {
        this.database = database;
        this.schema = schema;
        this.shards = shards;
        this.location = location;
    }

    /**
     * The same with another number of shards, which only the first migration on Citus reads: the
     * number is no part of a script's checksum.
     *
     * @throws DatabaseException when Citus could not make that many
     */
    public SchemaMigration withShards(int count) {
        if (count < 1 || count > MAX_SHARDS) {
            throw new DatabaseException(
                    count + " is not a number of shards: use 1 to " + MAX_SHARDS, null);
        }
        return new SchemaMigration(database, schema, count, location);
    }

    /** With scripts from elsewhere: those of another version, for tests of upgrades. */
    SchemaMigration withScriptsAt(String location) {
        return new SchemaMigration(database, schema, shards, location);
    }

    /**
     * Runs what is missing, and all repeatable scripts where any script is new or has changed, and
     * returns how many scripts ran. The repeatable ones run in one transaction: others see views
     * and functions as they were until it ends, and where a script fails they stay so.
     */
    public int migrate() {
        if (run(SchemaMigration::isUpgrade)) {
            repeatAll();
        }
        return run(SchemaMigration::withoutRepeatable, SchemaMigration::migrate)
                + run(configuration -> configuration.group(true), SchemaMigration::migrate);
    }

    private static int migrate(Flyway flyway) {
        return flyway.migrate().migrationsExecuted;
    }

    private static void withoutRepeatable(FluentConfiguration configuration) {
        configuration
                .repeatableSqlMigrationPrefix("none")
                .validateMigrationNaming(false)
                .ignoreMigrationPatterns("repeatable:missing", "*:future")
                .skipDefaultCallbacks(true);
    }

    private static boolean isUpgrade(Flyway flyway) {
        MigrationInfoService scripts = flyway.info();
        return scripts.applied().length > 0 && scripts.pending().length > 0;
    }

    /** Makes all repeatable scripts pending, and first of all: a run may be interrupted. */
    private void repeatAll() {
        database.run(
                schema,
                () -> REMEDY,
                session ->
                        session.execute(
                                """
                                update ${schema}.flyway_schema_history set checksum = 0
                                where version is null and type = 'SQL'
                                """));
    }

    /** All scripts in the order they run in; changes nothing. */
    public List<MigrationStatus> status() {
        return run(flyway -> Stream.of(flyway.info().all()).map(MigrationStatus::of).toList());
    }

    /**
     * How many shards the minutes have, of which all tables by site have the same; empty where they
     * are not distributed.
     */
    public OptionalInt liveShards() {
        return ask(
                session -> {
                    if (!session.holds("select to_regclass('pg_dist_shard') is not null")) {
                        return OptionalInt.empty();
                    }
                    String count =
                            session.text(
                                    """
                                    select nullif(count(*), 0) from pg_dist_shard
                                    where logicalrelid = to_regclass('${schema}.http_request_1min')
                                    """);
                    return count == null
                            ? OptionalInt.empty()
                            : OptionalInt.of(Integer.parseInt(count));
                });
    }

    /** Who owns the schema and may look at everything; empty where there is no schema. */
    public Optional<String> owner() {
        return ask(session -> Optional.ofNullable(owner(session)));
    }

    private static @Nullable String owner(Session session) throws SQLException {
        return session.text(
                "select pg_get_userbyid(nspowner) from pg_namespace where nspname = '${schema}'");
    }

    /** Finds scripts that are missing, failed, changed, or unknown to this version. */
    public void check(Findings findings) {
        try {
            findings.check(
                    ScriptFindings.of(
                            schema,
                            run(
                                    flyway -> flyway.ignoreMigrationPatterns(new String[0]),
                                    Flyway::validateWithResult)));
        } catch (DatabaseException e) {
            findings.unchecked("migrations: not checked, " + e.getMessage());
        }
    }

    private <T> T run(Function<Flyway, T> action) {
        return run(configuration -> {}, action);
    }

    private <T> T run(Consumer<FluentConfiguration> more, Function<Flyway, T> action) {
        String searchPath = ask(this::searchPath);
        try {
            FluentConfiguration configuration = configuration(searchPath);
            more.accept(configuration);
            return action.apply(configuration.load());
        } catch (FlywayException e) {
            throw new DatabaseException(
                    "schema %s in %s: %s%s"
                            .formatted(schema, database.address(), Causes.innermost(e), remedy(e)),
                    e);
        }
    }

    /** What whoever lacks a right does; nothing for another failure. */
    private String remedy(FlywayException e) {
        if (SqlState.of(e) != SqlState.NO_RIGHT) {
            return "";
        }
        try {
            return ask(SchemaMigration::remedy);
        } catch (DatabaseException unanswered) {
            e.addSuppressed(unanswered);
            return "";
        }
    }

    private static String remedy(Session session) throws SQLException {
        String owner = owner(session);
        if (owner == null) {
            return ": as a superuser, "
                    + session.text(
                            "select format('grant create on database %I to %I',"
                                    + " current_database(), current_user)");
        }
        return session.holds("select current_user = ?", owner)
                ? ""
                : ": run it as the schema's owner, " + owner;
    }

    private FluentConfiguration configuration(String searchPath) {
        FluentConfiguration configuration =
                Flyway.configure()
                        .dataSource(database.jdbcUrl(), database.user(), database.password())
                        .jdbcProperties(CONNECTION)
                        .locations(location)
                        .callbacks(new SessionInUtc())
                        .defaultSchema(schema.name())
                        .createSchemas(true)
                        .validateMigrationNaming(true)
                        .placeholders(
                                Map.of(
                                        "schema",
                                        schema.name(),
                                        "searchPath",
                                        searchPath,
                                        "shards",
                                        Integer.toString(shards)));
        // Otherwise the transaction that holds Flyway's lock blocks CREATE INDEX CONCURRENTLY.
        configuration
                .getConfigurationExtension(PostgreSQLConfigurationExtension.class)
                .setTransactionalLock(false);
        return configuration;
    }

    /** Asks the database whether it can hold the schema, and where its hll extension lives. */
    private String searchPath(Session session) throws SQLException {
        int server = session.connection().getMetaData().getDatabaseMajorVersion();
        if (server < MIN_SERVER_VERSION) {
            throw new DatabaseException(
                    "%s is PostgreSQL %d; %d or later is needed"
                            .formatted(database.address(), server, MIN_SERVER_VERSION),
                    null);
        }
        if (!session.holds("select quote_ident('${schema}') = '${schema}'")) {
            throw new DatabaseException(
                    "'" + schema + "' cannot name a schema: it is a word of SQL", null);
        }
        String schemaOfHll =
                session.text(
                        "select quote_ident(nspname) from pg_namespace join pg_extension on"
                                + " extnamespace = pg_namespace.oid where extname = 'hll'");
        return schema + ", public" + (schemaOfHll == null ? "" : ", " + schemaOfHll);
    }

    /** Answers a question on a session of its own. */
    <T> T ask(Database.Question<T> question) {
        return database.ask(schema, () -> REMEDY, question);
    }
}
