package io.weir.tools.connect;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.net.SocketTimeoutException;
import java.net.URLDecoder;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
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

    /**
     * Refuses an address with a password in it before any message can show it.
     *
     * @throws CommandException when the address holds a user or a password
     */
    public Database {
        if (holdsCredentials(jdbcUrl)) {
            throw CommandException.wrongUsage(
                    "--jdbc-url must hold neither user nor password: use --db-user and the"
                            + " environment variable "
                            + PASSWORD_VARIABLE);
        }
    }

    /** With the password of the environment. */
    public static Database of(String jdbcUrl, String user) {
        return new Database(jdbcUrl, user, System.getenv(PASSWORD_VARIABLE));
    }

    /**
     * A connection whose names are looked up in the schema first. No silence of the database holds
     * it for ever; a {@code socketTimeout} of the address wins.
     *
     * @throws CommandException when the database does not let us in; the message says why
     */
    public Connection connect(String schema) {
        if (!jdbcUrl.startsWith("jdbc:postgresql:")) {
            throw CommandException.wrongUsage(
                    "--jdbc-url: '"
                            + address()
                            + "' is not an address jdbc:postgresql://host:port/database");
        }
        try {
            return loggedIn(DriverManager.getConnection(jdbcUrl, properties(schema)));
        } catch (SQLException e) {
            throw new CommandException(refusal(e), e);
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

    private String refusal(SQLException e) {
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        return switch (state) {
            case "3D000" -> "there is no database at " + address() + ": create it first";
            case "28P01", "28000", "08004" ->
                    address()
                            + " refuses user "
                            + user
                            + ": check --db-user and the environment variable "
                            + PASSWORD_VARIABLE;
            case "08001" ->
                    e.getCause() instanceof SocketTimeoutException
                            ? "PostgreSQL does not answer in time at "
                                    + address()
                                    + ": see why it hangs or correct --jdbc-url"
                            : "no PostgreSQL answers at "
                                    + address()
                                    + ": start it or correct --jdbc-url";
            default -> address() + ": " + CommandException.innermost(e);
        };
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

    private Properties properties(String schema) {
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
