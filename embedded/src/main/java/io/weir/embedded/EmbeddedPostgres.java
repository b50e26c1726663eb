package io.weir.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * A PostgreSQL server of its own process whose data lives in a given folder.
 *
 * <p>The same folder can be started again after {@link #close()}, on the same port if that is
 * given, and holds what was written. The server runs as root too. It syncs nothing to disk: no
 * claim about durability can rest on it.
 */
public final class EmbeddedPostgres implements AutoCloseable {

    private static final Duration STARTUP = Duration.ofSeconds(60);
    private static final String DATABASE = "postgres";
    private static final String USER = "postgres";

    private final io.zonky.test.db.postgres.embedded.EmbeddedPostgres server;

    private EmbeddedPostgres(io.zonky.test.db.postgres.embedded.EmbeddedPostgres server) {
        this.server = server;
    }

    /** Starts a server on a free port. */
    public static EmbeddedPostgres start(Path directory) {
        return start(directory, 0);
    }

    /**
     * Starts a server on the given port, 0 for a free one.
     *
     * @throws UncheckedIOException when it does not start; the message names the folder
     */
    public static EmbeddedPostgres start(Path directory, int port) {
        try {
            return new EmbeddedPostgres(
                    io.zonky.test.db.postgres.embedded.EmbeddedPostgres.builder()
                            .setDataDirectory(directory)
                            .setCleanDataDirectory(false)
                            .setPort(port)
                            .setPGStartupWait(STARTUP)
                            .setServerConfig("max_connections", "200")
                            .setServerConfig("timezone", "UTC")
                            .setLocaleConfig("locale", "C.UTF-8")
                            .start());
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "PostgreSQL did not start in " + directory + ": " + e.getMessage(), e);
        }
    }

    /** JDBC address of the server's database, without user and password. */
    public String jdbcUrl() {
        return "jdbc:postgresql://127.0.0.1:" + port() + "/" + DATABASE;
    }

    /** The server's superuser; local connections need no password. */
    public String user() {
        return USER;
    }

    public int port() {
        return server.getPort();
    }

    /** Stops the server; the folder stays. */
    @Override
    public void close() {
        try {
            server.close();
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL did not stop: " + e.getMessage(), e);
        }
    }
}
