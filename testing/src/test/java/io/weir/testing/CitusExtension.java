package io.weir.testing;

import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.slf4j.LoggerFactory;
import org.testcontainers.DockerClientFactory;

/**
 * A Citus cluster, a coordinator and two workers, for the tests of a class: of Docker images where
 * a Docker daemon answers, otherwise of the Citus installed on this machine. Where there is
 * neither, the class is skipped with one line that says what is missing.
 */
public final class CitusExtension implements BeforeAllCallback, AfterAllCallback {

    private @Nullable Cluster cluster;
    private @Nullable ScratchFolder folder;

    @Override
    public void beforeAll(ExtensionContext context) throws IOException {
        if (DockerClientFactory.instance().isDockerAvailable()) {
            cluster = CitusContainers.start();
            return;
        }
        Optional<String> missing = EmbeddedCitus.missing();
        if (missing.isPresent()) {
            String reason = "no Docker, and " + missing.get();
            LoggerFactory.getLogger(context.getRequiredTestClass())
                    .warn("SKIPPED, NOT TESTED ON CITUS: {}", reason);
            abort(reason);
        }
        folder = ScratchFolder.make();
        EmbeddedCitus embedded = EmbeddedCitus.start(folder.path());
        cluster = new Cluster(embedded.jdbcUrl(), embedded.user(), embedded::close);
    }

    @Override
    public void afterAll(ExtensionContext context) throws IOException {
        if (cluster != null) {
            cluster.stop().run();
        }
        if (folder != null) {
            folder.close();
        }
    }

    /** JDBC address of the coordinator's database, without user and password. */
    public String jdbcUrl() {
        return running().jdbcUrl();
    }

    /** The servers' superuser; it needs no password. */
    public String user() {
        return running().user();
    }

    /** To the coordinator, as the superuser. */
    public Connection connect() throws SQLException {
        return connect(user());
    }

    /** To the coordinator, as a role that needs no password. */
    public Connection connect(String user) throws SQLException {
        return DriverManager.getConnection(jdbcUrl(), user, "");
    }

    private Cluster running() {
        return Objects.requireNonNull(cluster, "the cluster starts before the tests of its class");
    }

    /** Where the coordinator is, and how all of it ends. */
    record Cluster(String jdbcUrl, String user, Runnable stop) {}
}
