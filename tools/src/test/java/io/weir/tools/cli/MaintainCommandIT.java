package io.weir.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.embedded.EmbeddedPostgres;
import io.weir.rig.FallingSilent;
import io.weir.rig.Typed;
import io.weir.schema.SchemaMigration;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MaintainCommandIT {

    private static final Duration LONG = Duration.ofSeconds(60);

    private static EmbeddedPostgres server;
    private static Typed typed;

    @BeforeAll
    static void start(@TempDir Path folder) {
        server = EmbeddedPostgres.start(folder.resolve("data"));
        typed = Typed.at(server.jdbcUrl(), server.user());
        new SchemaMigration(server.jdbcUrl(), server.user(), null, "weir").migrate();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void aYearIsMissing() throws SQLException {
        assertThat(maintain()).isZero();
        execute("drop table weir.http_request_1day_p" + nextYear());
        execute("truncate weir.maintenance_log");
        typed.forget();
    }

    @Test
    void saysWhatItDidAndThatNothingIsLeft() throws SQLException {
        assertThat(maintain()).isZero();
        assertThat(maintain()).isZero();

        assertThat(typed.out().lines())
                .hasSize(2)
                .first()
                .asString()
                .startsWith("schema weir: make http_request_1day_p" + nextYear() + " (");
        assertThat(typed.out()).endsWith("schema weir: nothing to do" + System.lineSeparator());
    }

    /** A run that went back further must not have made it for nothing. */
    @Test
    void keepsWhatAnotherRunMadeAndThePolicyKeeps() throws SQLException {
        execute(
                "update weir.retention_policy set keep = '30 days' where table_name ="
                        + " 'http_request_1min'");
        execute("call weir.maintain('20 days')");
        assertThat(maintain()).isZero();

        assertThat(
                        ask(
                                "select count(*) from pg_inherits where inhparent ="
                                        + " 'weir.http_request_1min'::regclass"))
                .isBetween(28L, 30L);
        assertThat(typed.out()).doesNotContain("drop http_request_1min");
    }

    @Test
    void triesAgainUntilTheLockIsGot() throws Exception {
        CompletableFuture<Integer> command;
        try (Connection other = connect();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            // What VACUUM takes, for one; a reader holds up no partition.
            statement.execute("lock table weir.http_request_1day in share update exclusive mode");
            command = CompletableFuture.supplyAsync(() -> maintain());
            await().atMost(LONG)
                    .until(
                            () ->
                                    ask(
                                                    "select count(*) from weir.maintenance_log where"
                                                            + " action = 'wait'")
                                            > 0);
        }

        assertThat(command.get()).isZero();
        assertThat(typed.out()).contains("make http_request_1day_p" + nextYear());
    }

    @Test
    void goesOnUntilItIsStopped() throws Exception {
        Thread command = new Thread(() -> maintain("--every", "100ms"));
        command.start();
        try {
            await().atMost(LONG).until(() -> typed.out().contains("nothing to do"));
            execute("drop table weir.http_request_1day_p" + nextYear());
            await().atMost(LONG)
                    .until(
                            () ->
                                    ask(
                                                    "select count(*) from weir.maintenance_log where action ="
                                                            + " 'make'")
                                            == 2);
        } finally {
            command.interrupt();
            command.join(LONG.toMillis());
        }
        assertThat(command.isAlive()).isFalse();
    }

    @Test
    void outlivesADatabaseThatAcceptsAndSaysNothing() throws Exception {
        try (FallingSilent database = new FallingSilent(server.port())) {
            Typed before = Typed.at(database.jdbcUrl("postgres"), server.user());
            database.become(FallingSilent.Manner.SILENT_ON_LOGIN);
            Thread command = new Thread(() -> before.weir(List.of("maintain", "--every", "100ms")));
            command.start();
            try {
                await().atMost(LONG)
                        .until(
                                () ->
                                        before.err()
                                                .contains(
                                                        "weir: PostgreSQL does not answer in time at"
                                                                + " jdbc:postgresql:"));
                database.become(FallingSilent.Manner.SPEAKING);
                await().atMost(LONG).until(() -> before.out().contains("nothing to do"));
            } finally {
                command.interrupt();
                command.join(LONG.toMillis());
            }
        }
    }

    @Test
    void saysThatTheSchemaIsNotThere() {
        assertThat(maintain("--schema", "nowhere")).isEqualTo(1);
        assertThat(typed.err())
                .contains("schema nowhere in " + server.jdbcUrl() + " is missing or old");
    }

    @Test
    void saysThatTheNameCannotBeOne() {
        assertThat(maintain("--schema", "a;drop")).isEqualTo(1);
        assertThat(typed.err()).contains("'a;drop' cannot name a schema");
    }

    private int maintain(String... more) {
        List<String> arguments = new ArrayList<>(List.of("maintain"));
        arguments.addAll(List.of(more));
        return typed.weir(arguments);
    }

    private static long nextYear() throws SQLException {
        return ask("select extract(year from now() at time zone 'UTC')::int + 1");
    }

    private static Connection connect() throws SQLException {
        return DriverManager.getConnection(server.jdbcUrl(), server.user(), "");
    }

    private static void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static long ask(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return rows.getLong(1);
        }
    }
}
