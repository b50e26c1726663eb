package io.weir.testing;

import io.weir.testing.CitusExtension.Cluster;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.stream.Stream;
import org.testcontainers.containers.Network;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/** The cluster as Docker containers. The image has the extensions citus and hll. */
final class CitusContainers {

    private static final DockerImageName IMAGE =
            DockerImageName.parse("citusdata/citus:13.0.3").asCompatibleSubstituteFor("postgres");
    private static final String USER = "postgres";
    private static final String COORDINATOR = "coordinator";
    private static final List<String> WORKERS = List.of("worker1", "worker2");

    private CitusContainers() {}

    static Cluster start() {
        Network network = Network.newNetwork();
        PostgreSQLContainer coordinator = node(network, COORDINATOR);
        List<PostgreSQLContainer> workers =
                WORKERS.stream().map(name -> node(network, name)).toList();
        List<PostgreSQLContainer> nodes =
                Stream.concat(Stream.of(coordinator), workers.stream()).toList();
        Runnable stop =
                () -> {
                    nodes.forEach(PostgreSQLContainer::stop);
                    network.close();
                };
        try {
            for (PostgreSQLContainer node : nodes) {
                node.start();
                // Extensions first: a worker that has joined refuses to create any.
                execute(node, "create extension if not exists citus");
                execute(node, "create extension if not exists hll schema public");
            }
            execute(
                    coordinator,
                    "select citus_set_coordinator_host('%s', 5432)".formatted(COORDINATOR));
            for (String worker : WORKERS) {
                execute(coordinator, "select citus_add_node('%s', 5432)".formatted(worker));
            }
            return new Cluster(coordinator.getJdbcUrl(), USER, stop);
        } catch (SQLException e) {
            stop.run();
            throw new IllegalStateException("the containers did not become a cluster", e);
        }
    }

    private static PostgreSQLContainer node(Network network, String name) {
        PostgreSQLContainer node = new PostgreSQLContainer(IMAGE);
        node.withNetwork(network)
                .withNetworkAliases(name)
                .withUsername(USER)
                .withDatabaseName("postgres")
                .withEnv("POSTGRES_HOST_AUTH_METHOD", "trust")
                .withCommand(
                        "postgres",
                        "-c",
                        "shared_preload_libraries=citus",
                        "-c",
                        "fsync=off",
                        "-c",
                        "timezone=UTC",
                        "-c",
                        "max_connections=200",
                        "-c",
                        "max_prepared_transactions=200",
                        "-c",
                        "citus.recover_2pc_interval=5s");
        return node;
    }

    private static void execute(PostgreSQLContainer node, String sql) throws SQLException {
        try (Connection connection = DriverManager.getConnection(node.getJdbcUrl(), USER, "");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
