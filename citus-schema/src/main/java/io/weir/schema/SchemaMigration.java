package io.weir.schema;

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
import java.util.Properties;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.flywaydb.core.api.MigrationInfo;
import org.flywaydb.core.api.configuration.FluentConfiguration;
import org.flywaydb.database.postgresql.PostgreSQLConfigurationExtension;
import org.jspecify.annotations.Nullable;

/**
 * Brings one schema of a database up to date, on Citus and on plain PostgreSQL alike.
 *
 * <p>Each schema has its own history, so several can live in one database. Every failure is a
 * {@link SchemaException}, and none tells the password.
 */
public final class SchemaMigration {

    private static final Pattern SCHEMA_NAME = Pattern.compile("[a-z_][a-z0-9_]*");
    private static final int LONGEST_NAME = 63;
    private static final int OLDEST_SERVER = 15;
    private static final String DEFAULT_SHARDS = "8";

    private final String jdbcUrl;
    private final String user;
    private final @Nullable String password;
    private final String schema;

    /**
     * Checks the name only; the database is asked later.
     *
     * @throws SchemaException when the schema's name is not lower-case letters, digits and
     *     underscores
     */
    public SchemaMigration(String jdbcUrl, String user, @Nullable String password, String schema) {
        if (!SCHEMA_NAME.matcher(schema).matches() || schema.length() > LONGEST_NAME) {
            throw new SchemaException(
                    "'"
                            + schema
                            + "' cannot name a schema: use up to 63 of a-z, 0-9 and _, not a digit"
                            + " first",
                    null);
        }
        this.jdbcUrl = jdbcUrl;
        this.user = user;
        this.password = password;
        this.schema = schema;
    }

    /** Runs what is missing or has changed, and returns how many scripts ran. */
    public int migrate() {
        return run(flyway -> flyway.migrate().migrationsExecuted);
    }

    /** All scripts in the order they run in; changes nothing. */
    public List<MigrationStatus> status() {
        return run(flyway -> Stream.of(flyway.info().all()).map(SchemaMigration::status).toList());
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
        String searchPath = searchPath();
        try {
            return action.apply(flyway(searchPath));
        } catch (FlywayException e) {
            throw new SchemaException(
                    "schema " + schema + " in " + address() + ": " + reason(e), e);
        }
    }

    private Flyway flyway(String searchPath) {
        FluentConfiguration configuration =
                Flyway.configure()
                        .dataSource(jdbcUrl, user, password)
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
                                        DEFAULT_SHARDS));
        // Otherwise the transaction that holds Flyway's lock blocks CREATE INDEX CONCURRENTLY.
        configuration
                .getConfigurationExtension(PostgreSQLConfigurationExtension.class)
                .setTransactionalLock(false);
        return configuration.load();
    }

    /** Asks the database whether it can hold the schema, and where its hll extension lives. */
    private String searchPath() {
        try (Connection connection = connect()) {
            int server = connection.getMetaData().getDatabaseMajorVersion();
            if (server < OLDEST_SERVER) {
                throw new SchemaException(
                        address()
                                + " is PostgreSQL "
                                + server
                                + "; "
                                + OLDEST_SERVER
                                + " or later is needed",
                        null);
            }
            if (!schema.equals(ask(connection, "select quote_ident(?)", schema))) {
                throw new SchemaException(
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

    private Connection connect() throws SQLException {
        Properties properties = new Properties();
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

    private SchemaException unreachable(SQLException e) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        return switch (state) {
            case "3D000" -> new SchemaException("there is no database at " + address(), e);
            case "28P01", "28000" ->
                    new SchemaException(
                            address() + " refuses user " + user + ": wrong password or no access",
                            e);
            case "08001" ->
                    // The driver manager repeats an address it cannot read, password and all.
                    jdbcUrl.startsWith("jdbc:postgresql:")
                            ? new SchemaException("no PostgreSQL answers at " + address(), null)
                            : new SchemaException(
                                    address() + " is not an address jdbc:postgresql://...", null);
            default -> new SchemaException(address() + ": " + firstLine(e), e);
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

    private static String firstLine(Throwable e) {
        String message = e.getMessage() == null ? e.toString() : e.getMessage();
        return message.lines().findFirst().orElse(message);
    }
}
