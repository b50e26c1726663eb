package io.weir.store;

import java.io.Serializable;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Where rows are written, and how patiently.
 *
 * <p>Parameters of the URL win over what the sink sets by itself ({@code socketTimeout}, {@code
 * connectTimeout}, {@code ApplicationName}, ...), but it may not name the user or hold a password:
 * URLs end up in logs.
 *
 * @param url JDBC address of the database or of the Citus coordinator
 * @param schema the schema that holds the tables
 * @param tables those of the schema to which rows of traffic are written
 * @param batchRows rows that a writer holds before it writes them
 * @param batchInterval how long a row waits to be written at most
 * @param retryLimit how long a batch is tried again after its first failure
 */
public record StoreOptions(
        String url,
        String user,
        StorePassword password,
        String schema,
        StoreTables tables,
        int batchRows,
        Duration batchInterval,
        Duration retryLimit)
        implements Serializable {

    private static final String PREFIX = "jdbc:postgresql:";
    private static final int MAX_BATCH_ROWS = 100_000;
    private static final Duration MAX_DURATION = Duration.ofDays(1);
    private static final Pattern IDENTIFIER = Pattern.compile("[a-z_][a-z0-9_]{0,62}");
    private static final Pattern SOCKET_TIMEOUT =
            Pattern.compile("[?&]socketTimeout=([1-9][0-9]{0,4})(?=&|$)");
    private static final String CREDENTIALS =
            ": use store.user, and for the password the environment variable"
                    + " WEIR_STORE_PASSWORD or store.password-file";

    public StoreOptions {
        checkUrl(url);
        check(!user.isBlank(), "store.user must not be empty");
        check(
                IDENTIFIER.matcher(schema).matches(),
                "store.schema must be a plain lower-case identifier, but is '" + schema + "'");
        check(
                batchRows >= 1 && batchRows <= MAX_BATCH_ROWS,
                "store.batch-rows must be 1 to " + MAX_BATCH_ROWS + ", but is " + batchRows);
        check(
                batchInterval.toMillis() >= 1 && batchInterval.compareTo(MAX_DURATION) <= 0,
                "store.batch-interval must be 1 ms to 1 d, but is " + batchInterval);
        check(
                !retryLimit.isNegative() && retryLimit.compareTo(MAX_DURATION) <= 0,
                "store.retry-limit must be 0 to 1 d, but is " + retryLimit);
    }

    /** The same tables, asked at this address by this user. */
    public StoreOptions askedBy(String jdbcUrl, String asker, @Nullable String askersPassword) {
        return new StoreOptions(
                jdbcUrl,
                asker,
                StorePassword.known(askersPassword),
                schema,
                tables,
                batchRows,
                batchInterval,
                retryLimit);
    }

    /** The URL without its parameters, for messages. */
    public String address() {
        return url.replaceFirst("\\?.*", "");
    }

    /** What the URL sets for {@code socketTimeout}. */
    Optional<Duration> socketTimeout() {
        Matcher matcher = SOCKET_TIMEOUT.matcher(url);
        return matcher.find()
                ? Optional.of(Duration.ofSeconds(Integer.parseInt(matcher.group(1))))
                : Optional.empty();
    }

    @Override
    public String toString() {
        return "StoreOptions[url=%s, user=%s, schema=%s, tables=%s, batchRows=%d, batchInterval=%s, retryLimit=%s]"
                .formatted(address(), user, schema, tables, batchRows, batchInterval, retryLimit);
    }

    /** Names no part of the URL before it is known to hold no password. */
    private static void checkUrl(String url) {
        check(url.startsWith(PREFIX), "store.url must begin with " + PREFIX);
        int parameters = url.indexOf('?');
        String server = parameters < 0 ? url : url.substring(0, parameters);
        check(server.indexOf('@') < 0, "store.url must not hold user or password" + CREDENTIALS);
        for (String parameter : url.substring(server.length()).split("[?&]", -1)) {
            String name = parameter.replaceFirst("=.*", "").toLowerCase(Locale.ROOT);
            check(
                    !name.equals("user") && !name.contains("password"),
                    "store.url must not hold the parameter " + name + CREDENTIALS);
        }
        check(
                !url.contains("socketTimeout=") || SOCKET_TIMEOUT.matcher(url).find(),
                "store.url must set socketTimeout to 1 to 99999 seconds: a lost connection would"
                        + " hold the job forever");
    }

    private static void check(boolean isRight, String otherwise) {
        if (!isRight) {
            throw new IllegalArgumentException(otherwise);
        }
    }
}
