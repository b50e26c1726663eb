package io.weir.testing;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A Citus cluster, a coordinator and two workers, of the PostgreSQL that is installed on this
 * machine, with the extensions citus and hll.
 *
 * <p>Citus comes from no package registry, so it must be installed: {@link #missing()} says what is
 * not. The servers listen on 127.0.0.1 and trust every local connection; they can be run as root.
 * They sync nothing to disk, and a folder is used once.
 */
public final class EmbeddedCitus implements AutoCloseable {

    private static final String HOST = "127.0.0.1";
    private static final String DATABASE = "postgres";
    private static final String USER = "postgres";
    private static final int WORKERS = 2;

    private final List<Node> nodes;
    private final Thread stopAtExit = new Thread(this::stop, "stop Citus");

    private EmbeddedCitus(List<Node> nodes) {
        this.nodes = nodes;
    }

    /** What this machine lacks to run a cluster, in one line; empty when it lacks nothing. */
    public static Optional<String> missing() {
        return CitusInstallation.missing();
    }

    /**
     * Starts a cluster whose data lives in the given folder, on free ports.
     *
     * @throws IllegalStateException when something is {@link #missing()}
     * @throws UncheckedIOException when a server does not start; the message names its log
     */
    public static EmbeddedCitus start(Path directory) {
        CitusInstallation installation = CitusInstallation.find();
        EmbeddedCitus cluster = new EmbeddedCitus(new ArrayList<>());
        Runtime.getRuntime().addShutdownHook(cluster.stopAtExit);
        try {
            for (int i = 0; i <= WORKERS; i++) {
                Path data = directory.resolve(i == 0 ? "coordinator" : "worker" + i);
                Node node = new Node(installation, data.toAbsolutePath(), freePort());
                cluster.nodes.add(node);
                node.create();
                node.start();
            }
            cluster.join();
            return cluster;
        } catch (IOException e) {
            cluster.close();
            throw new UncheckedIOException(
                    "Citus did not start in " + directory + ": " + e.getMessage(), e);
        } catch (SQLException e) {
            cluster.close();
            throw new IllegalStateException(
                    "Citus in " + directory + " did not become a cluster: " + e.getMessage(), e);
        }
    }

    /** JDBC address of the coordinator's database, without user and password. */
    public String jdbcUrl() {
        return nodes.get(0).jdbcUrl();
    }

    /** The servers' superuser; local connections need no password. */
    public String user() {
        return USER;
    }

    /**
     * Ends a worker at once, as a crash of it would. The machine lives on, so the restarted worker
     * has all that was committed or prepared.
     *
     * @param worker 1 or 2
     */
    public void stopWorker(int worker) {
        node(worker).stop();
    }

    /**
     * Starts a worker that was stopped, with its data and on its port, and waits until it answers.
     *
     * @param worker 1 or 2
     */
    public void startWorker(int worker) {
        try {
            node(worker).start();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "Worker " + worker + " did not start again: " + e.getMessage(), e);
        }
    }

    private Node node(int worker) {
        if (worker < 1 || worker > WORKERS) {
            throw new IllegalArgumentException(
                    "worker must be 1 to " + WORKERS + ", but is " + worker);
        }
        return nodes.get(worker);
    }

    /** Stops the servers; the folder stays. */
    @Override
    public void close() {
        stop();
        Runtime.getRuntime().removeShutdownHook(stopAtExit);
    }

    /** Extensions first: a worker that has joined refuses to create any. */
    private void join() throws SQLException {
        for (Node node : nodes) {
            try (Connection connection = node.connect();
                    Statement statement = connection.createStatement()) {
                statement.execute("create extension citus");
                statement.execute("create extension hll schema public");
            }
        }
        try (Connection connection = nodes.get(0).connect();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "select citus_set_coordinator_host('%s', %d)"
                            .formatted(HOST, nodes.get(0).port));
            for (Node worker : nodes.subList(1, nodes.size())) {
                statement.execute("select citus_add_node('%s', %d)".formatted(HOST, worker.port));
            }
        }
    }

    private void stop() {
        nodes.forEach(Node::stop);
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /** One server. */
    private record Node(CitusInstallation installation, Path data, int port) {

        void create() throws IOException {
            Files.createDirectories(data.getParent());
            Path log = log();
            installation.run(
                    log,
                    "initdb",
                    List.of(
                            "--pgdata=" + data,
                            "--username=" + USER,
                            "--auth=trust",
                            "--encoding=UTF8",
                            "--locale=C.UTF-8",
                            "--no-sync"));
            Files.writeString(
                    data.resolve("postgresql.conf"),
                    """

                    listen_addresses = '%s'
                    port = %d
                    unix_socket_directories = ''
                    timezone = 'UTC'
                    fsync = off
                    full_page_writes = off
                    max_connections = 200
                    max_prepared_transactions = 200
                    shared_preload_libraries = 'citus'
                    citus.recover_2pc_interval = '5s'
                    citus.node_conninfo = 'sslmode=prefer'
                    citus.enable_statistics_collection = off
                    """
                            .formatted(HOST, port),
                    StandardOpenOption.APPEND);
        }

        void start() throws IOException {
            Path log = log();
            installation.run(
                    log,
                    "pg_ctl",
                    List.of("start", "--wait", "--timeout=60", "--pgdata=" + data, "--log=" + log));
        }

        /** At once, without a checkpoint: a later start recovers from the log. */
        void stop() {
            if (!Files.exists(data.resolve("postmaster.pid"))) {
                return;
            }
            try {
                installation.run(
                        log(),
                        "pg_ctl",
                        List.of("stop", "--wait", "--mode=immediate", "--pgdata=" + data));
            } catch (IOException e) {
                throw new UncheckedIOException("Citus did not stop: " + e.getMessage(), e);
            }
        }

        Path log() {
            return data.resolveSibling(data.getFileName() + ".log");
        }

        String jdbcUrl() {
            return "jdbc:postgresql://" + HOST + ":" + port + "/" + DATABASE;
        }

        Connection connect() throws SQLException {
            return DriverManager.getConnection(jdbcUrl(), USER, "");
        }
    }
}
