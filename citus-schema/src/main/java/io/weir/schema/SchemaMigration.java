package io.weir.schema;

import io.weir.database.DatabaseException;
import io.weir.database.SchemaName;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Properties;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.core.api.output.ValidateOutput;
import org.flywaydb.core.api.output.ValidateResult;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;
import org.jspecify.annotations.Nullable;

/**
 * Brings one schema of a database up to date, on Citus and on plain PostgreSQL alike.
 *
 * <p>Each schema has its own history, so several can live in one database. Every failure is a
 * {@link DatabaseException}, and none tells the password.
 */
public final class SchemaMigration {

    private static final int MIN_SERVER_VERSION = 15;

    /** How many shards a table by site gets on Citus, unless said otherwise. */
    public static final int DEFAULT_SHARDS = 8;

    /** The most shards a table can be given here. */
    public static final int MAX_SHARDS = 1024;

    /**
     * Seconds, and keepalive for scripts that take long: a server that accepts connections and says
     * nothing is given up.
     */
    private static final Map<String, String> PATIENCE =
            Map.of("connectTimeout", "5", "loginTimeout", "10", "tcpKeepAlive", "true");

    private static final String NO_RIGHT = "42501";
    private static final String MIGRATE = "weir schema migrate";

    private final String jdbcUrl;
    private final String user;
    private final @Nullable String password;
    private final String schema;
    private final int shards;

    /**
     * With the default number of shards; checks the name only; the database is asked later.
     *
     * @throws DatabaseException when the schema's name is not lower-case letters, digits and
     *     underscores
     */
    public SchemaMigration(String jdbcUrl, String user, @Nullable String password, String schema) {
        this(jdbcUrl, user, password, schema, DEFAULT_SHARDS);
    }

    private SchemaMigration(
            String jdbcUrl, String user, @Nullable String password, String schema, int shards) {
        this.jdbcUrl = jdbcUrl;
        this.user = user;
        this.password = password;
        this.schema = new SchemaName(schema).name();
        this.shards = shards;
    }

    /**
     * The same with so many shards, which only the first migration on Citus reads: the number is no
     * part of a script's checksum.
     *
     * @throws DatabaseException when Citus could not make so many
     */
    public SchemaMigration withShards(int count) {
        if (count < 1 || count > MAX_SHARDS) {
            throw new DatabaseException(
                    count + " is no number of shards: give 1 to " + MAX_SHARDS, null);
        }
        return new SchemaMigration(jdbcUrl, user, password, schema, count);
    }

    /** The schema's name. */
    public String schema() {
        return schema;
    }

    /** Runs what is missing or has changed, and returns how many scripts ran. */
    public int migrate() {
        return run(flyway -> flyway.migrate().migrationsExecuted);
    }

    /** All scripts in the order they run in; changes nothing. */
    public List<MigrationStatus> status() {
        return run(flyway -> Stream.of(flyway.info().all()).map(SchemaMigration::status).toList());
    }

    /**
     * How many shards the minutes have, of which all tables by site have the same; empty where they
     * are not distributed.
     */
    public OptionalInt liveShards() {
        try (Connection connection = connect()) {
            if (ask(connection, "select extname from pg_extension where extname = ?", "citus")
                    == null) {
                return OptionalInt.empty();
            }
            String count =
                    ask(
                            connection,
                            "select nullif(count(*), 0) from pg_dist_shard where logicalrelid ="
                                    + " to_regclass(?)",
                            schema + ".http_request_1min");
            return count == null ? OptionalInt.empty() : OptionalInt.of(Integer.parseInt(count));
        } catch (SQLException e) {
            throw unreachable(e);
        }
    }

    /** Scripts that are missing, failed, changed, or unknown to this version. */
    List<Difference> differences() {
        ValidateResult result =
                run(
                        (configuration) -> configuration.ignoreMigrationPatterns(new String[0]),
                        Flyway::validateWithResult);
        if (!result.validationSuccessful && result.invalidMigrations.isEmpty()) {
            return List.of(new Difference("schema " + schema, "migrated", "none", MIGRATE));
        }
        return result.invalidMigrations.stream().map(SchemaMigration::difference).toList();
    }

    private static Difference difference(ValidateOutput script) {
        String code = String.valueOf(script.errorDetails.errorCode);
        String name =
                script.version == null || script.version.isEmpty()
                        ? "script " + script.description
                        : "script " + script.version + " " + script.description;
        if (code.startsWith("RESOLVED") || code.startsWith("OUTDATED")) {
            return new Difference(
                    name, "run", code.startsWith("OUTDATED") ? "an older one" : "not run", MIGRATE);
        } else if (code.startsWith("APPLIED")) {
            return new Difference(
                    name, "known", "a script of another version", "use the newest weir");
        } else if (code.startsWith("FAILED")) {
            return new Difference(
                    name,
                    "run",
                    "failed",
                    "remove what it left and its row of flyway_schema_history, then " + MIGRATE);
        }
        return new Difference(
                name,
                "the script that ran",
                firstLine(String.valueOf(script.errorDetails.errorMessage)),
                "use the weir that made the schema: released scripts never change");
    }

    private static MigrationStatus status(MigrationInfo script) {
        return new MigrationStatus(
                script.getVersion() == null ? null : script.getVersion().getVersion(),
                script.getDescription(),
                script.getState().getDisplayName(),
                script.getInstalledOn() == null ? null : utc(script.getInstalledOn().toInstant()));
    }

    /** The history keeps UTC without saying so, and Flyway reads it as the time of this zone. */
    private static Instant utc(Instant readAsLocal) {
        return LocalDateTime.ofInstant(readAsLocal, ZoneId.systemDefault())
                .toInstant(ZoneOffset.UTC);
    }

    private <T> T run(Function<Flyway, T> action) {
        return run(configuration -> {}, action);
    }

    private <T> T run(Consumer<FluentConfiguration> more, Function<Flyway, T> action) {
        String searchPath = searchPath();
        try {
            FluentConfiguration configuration = configuration(searchPath);
            more.accept(configuration);
            return action.apply(configuration.load());
        } catch (FlywayException e) {
            throw new DatabaseException(
                    "schema " + schema + " in " + address() + ": " + reason(e) + remedy(e), e);
        }
    }

    /** What whoever lacks a right does; nothing for another failure. */
    private String remedy(FlywayException e) {
        boolean isForbidden = false;
        for (Throwable cause = e; cause != null; cause = cause.getCause()) {
            isForbidden |= cause instanceof SQLException sql && NO_RIGHT.equals(sql.getSQLState());
        }
        if (!isForbidden) {
            return "";
        }
        try (Connection connection = connect()) {
            String owner =
                    ask(
                            connection,
                            "select pg_get_userbyid(nspowner) from pg_namespace where nspname = ?",
                            schema);
            if (owner == null) {
                return ": as a superuser, "
                        + ask(
                                connection,
                                "select format('grant create on database %I to %I',"
                                        + " current_database(), ?::text)",
                                user);
            }
            return owner.equals(user) ? "" : ": run it as the schema's owner, " + owner;
        } catch (SQLException unanswered) {
            e.addSuppressed(unanswered);
            return "";
        }
    }

    private FluentConfiguration configuration(String searchPath) {
        FluentConfiguration configuration =
                Flyway.configure()
                        .dataSource(jdbcUrl, user, password)
                        .jdbcProperties(PATIENCE)
                        .locations("classpath:weir/schema")
                        .defaultSchema(schema)
                        .createSchemas(true)
                        .validateMigrationNaming(true)
                        .placeholders(
                                Map.of(
                                        "schema",
                                        schema,
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
    private String searchPath() {
        try (Connection connection = connect()) {
            int server = connection.getMetaData().getDatabaseMajorVersion();
            if (server < MIN_SERVER_VERSION) {
                throw new DatabaseException(
                        address()
                                + " is PostgreSQL "
                                + server
                                + "; "
                                + MIN_SERVER_VERSION
                                + " or later is needed",
                        null);
            }
            if (!schema.equals(ask(connection, "select quote_ident(?)", schema))) {
                throw new DatabaseException(
                        "'" + schema + "' cannot name a schema: it is a word of SQL", null);
            }
            String ownerOfHll =
                    ask(
                            connection,
                            "select quote_ident(nspname) from pg_namespace join pg_extension on"
                                    + " extnamespace = pg_namespace.oid where extname = ?",
                            "hll");
            return schema + ", public" + (ownerOfHll == null ? "" : ", " + ownerOfHll);
        } catch (SQLException e) {
            throw unreachable(e);
        }
    }

    Connection connect() throws SQLException {
        Properties properties = new Properties();
        properties.putAll(PATIENCE);
        properties.setProperty("user", user);
        if (password != null) {
            properties.setProperty("password", password);
        }
        return DriverManager.getConnection(jdbcUrl, properties);
    }

    private static @Nullable String ask(Connection connection, String query, String parameter)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(query)) {
            statement.setString(1, parameter);
            try (ResultSet rows = statement.executeQuery()) {
                return rows.next() ? rows.getString(1) : null;
            }
        }
    }

    DatabaseException unreachable(SQLException e) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        return switch (state) {
            case "3D000" -> new DatabaseException("there is no database at " + address(), e);
            case "28P01", "28000" ->
                    new DatabaseException(
                            address() + " refuses user " + user + ": wrong password or no access",
                            e);
            case "08001" ->
                    // The driver manager repeats an address it cannot read, password and all.
                    jdbcUrl.startsWith("jdbc:postgresql:")
                            ? new DatabaseException(
                                    "no PostgreSQL answers at "
                                            + address()
                                            + ": start it, see why it hangs, or correct the address",
                                    null)
                            : new DatabaseException(
                                    address() + " is not an address jdbc:postgresql://...", null);
            default -> new DatabaseException(address() + ": " + firstLine(e), e);
        };
    }

    /** The address without its parameters, among which a password may be. */
    private String address() {
        int parameters = jdbcUrl.indexOf('?');
        return parameters < 0 ? jdbcUrl : jdbcUrl.substring(0, parameters);
    }

    private static String reason(FlywayException e) {
        Throwable cause = e;
        for (Throwable next = e.getCause(); next != null; next = next.getCause()) {
            cause = next;
        }
        return firstLine(cause);
    }

    static String firstLine(Throwable e) {
        return firstLine(e.getMessage() == null ? e.toString() : e.getMessage());
    }

    private static String firstLine(String message) {
        return message.lines().findFirst().orElse(message);
    }
}
