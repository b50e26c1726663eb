package io.weir.database;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.URLDecoder;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * A PostgreSQL database and who asks.
 *
 * @param jdbcUrl without a password
 */
public record Database(String jdbcUrl, String user, @Nullable String password) {

    /** Environment variable that holds the password; it is never an argument. */
    public static final String PASSWORD_VARIABLE = "WEIR_STORE_PASSWORD";

    private static final Duration MAX_CONNECT = Duration.ofSeconds(5);

    /** The driver waits so long up to twice, for an answer on TLS and without TLS again. */
    private static final Duration MAX_LOGIN_SILENCE = Duration.ofSeconds(4);

    /** For statements that work for long; beyond it the database hangs or is gone. */
    private static final Duration MAX_SILENCE = Duration.ofHours(6);

    private static final Pattern CREDENTIALS =
            Pattern.compile("user|.*password.*", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    /** What is done in a session. */
    public interface Work {
        void in(Session session) throws SQLException;
    }

    /** What is found out in a session. */
    public interface Question<T extends @Nullable Object> {
        T in(Session session) throws SQLException;
    }

    /**
     * Refuses an address with a password in it before any message can show it.
     *
     * @throws DatabaseException when the address holds a user or a password
     */
    public Database {
        if (holdsCredentials(jdbcUrl)) {
            throw DatabaseException.wrongUsage(
                    "--jdbc-url must hold neither user nor password: use --db-user and the environment variable "
                            + PASSWORD_VARIABLE);
        }
    }

    /** With the password of the environment. */
    public static Database of(String jdbcUrl, String user) {
        return new Database(jdbcUrl, user, System.getenv(PASSWORD_VARIABLE));
    }

    /**
     * A session whose names are looked up in the schema first. No silence of the database holds it
     * for ever; a {@code socketTimeout} of the address wins.
     *
     * @throws DatabaseException when the database does not let us in; the message says why
     */
    public Session open(SchemaName schema) {
        if (!jdbcUrl.startsWith("jdbc:postgresql:")) {
            throw DatabaseException.wrongUsage(
                    "--jdbc-url: '%s' is not an address jdbc:postgresql://host:port/database"
                            .formatted(address()));
        }
        try {
            Connection connection = DriverManager.getConnection(jdbcUrl, properties(schema));
            return new Session(loggedIn(connection), schema);
        } catch (SQLException e) {
            throw new DatabaseException(SqlState.explain(e, this, schema, ""), e);
        }
    }

    /** Works in a session of its own; as {@link #ask}. */
    public void run(SchemaName schema, Supplier<String> allow, Work work) {
        ask(
                schema,
                allow,
                session -> {
                    work.in(session);
                    return true;
                });
    }

    /**
     * Answers a question in a session of its own.
     *
     * @param allow what gives the user a right that is missing
     * @throws DatabaseException when the database does not answer it; the message says why
     */
    public <T extends @Nullable Object> T ask(
            SchemaName schema, Supplier<String> allow, Question<T> question) {
        try (Session session = open(schema)) {
            return question.in(session);
        } catch (SQLException e) {
            String message = SqlState.explain(e, this, schema, allow.get());
            throw SqlState.of(e) == SqlState.INVALID
                    ? DatabaseException.wrongUsage(message)
                    : new DatabaseException(message, e);
        }
    }

    private static Connection loggedIn(Connection connection) throws SQLException {
        if (connection.getNetworkTimeout() == MAX_LOGIN_SILENCE.toMillis()) {
            connection.setNetworkTimeout(Runnable::run, (int) MAX_SILENCE.toMillis());
        }
        return connection;
    }

    /** The address without its parameters, among which a password may be. */
    public String address() {
        int parameters = jdbcUrl.indexOf('?');
        return parameters < 0 ? jdbcUrl : jdbcUrl.substring(0, parameters);
    }

    private static boolean holdsCredentials(String jdbcUrl) {
        String[] parts = jdbcUrl.split("[?&]", -1);
        return parts[0].contains("@")
                || Stream.of(parts)
                        .skip(1)
                        .map(parameter -> decoded(parameter.replaceFirst("(?s)=.*", "")))
                        .anyMatch(name -> CREDENTIALS.matcher(name).matches());
    }

    /** Names may be written as %70assword; what cannot be read stays as it is. */
    private static String decoded(String name) {
        try {
            return URLDecoder.decode(name, UTF_8);
        } catch (IllegalArgumentException e) {
            return name;
        }
    }

    private Properties properties(SchemaName schema) {
        Properties properties = new Properties();
        properties.setProperty("user", user);
        if (password != null) {
            properties.setProperty("password", password);
        }
        properties.setProperty("connectTimeout", seconds(MAX_CONNECT));
        properties.setProperty("socketTimeout", seconds(MAX_LOGIN_SILENCE));
        properties.setProperty("tcpKeepAlive", "true");
        properties.setProperty("currentSchema", schema + ",public");
        properties.setProperty("ApplicationName", "weir");
        return properties;
    }

    private static String seconds(Duration duration) {
        return Long.toString(duration.toSeconds());
    }

    @Override
    public String toString() {
        return user + " at " + address();
    }
}
