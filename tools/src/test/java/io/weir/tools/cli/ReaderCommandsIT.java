package io.weir.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.embedded.EmbeddedPostgres;
import io.weir.rig.Typed;
import io.weir.schema.SchemaMigration;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a member of {@code weir_reader} is enough for, and how {@code serve} starts. */
class ReaderCommandsIT {

    private static EmbeddedPostgres server;

    @BeforeAll
    static void start(@TempDir Path folder) throws SQLException {
        server = EmbeddedPostgres.start(folder.resolve("data"));
        new SchemaMigration(server.jdbcUrl(), server.user(), null, "weir").migrate();
        try (Connection connection =
                        DriverManager.getConnection(server.jdbcUrl(), server.user(), "");
                Statement statement = connection.createStatement()) {
            statement.execute("create role reader login in role weir_reader");
            statement.execute("create role stranger login");
            statement.execute("create role shop login");
            statement.execute("select weir.set_tenant('shop', '{1}')");
            statement.execute("create schema other");
        }
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "schema audit",
                "schema budget --sites 9 --events-per-day 9",
                "site list",
                "tenant list",
                "top"
            })
    void aReaderIsEnough(String command) {
        Typed reader = Typed.at(server.jdbcUrl(), "reader");
        assertThat(reader.weir(command.split(" ", -1))).as(reader.err()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"schema audit", "site list", "tenant list", "top"})
    void aStrangerLearnsWhatToBe(String command) {
        Typed stranger = Typed.at(server.jdbcUrl(), "stranger");
        assertThat(stranger.weir(command.split(" ", -1))).isEqualTo(1);
        assertThat(remedy(stranger)).isEqualTo("make it a member of weir_reader");
    }

    /** A site with so many requests that every bucket has some: rows of 8, 121 and 2,192 days. */
    @Test
    void theBudgetIsThatOfThePolicyOfTheSchema() {
        Typed reader = Typed.at(server.jdbcUrl(), "reader");
        String budget = "schema budget --sites 1 --events-per-day 1000000";

        assertThat(reader.weir(budget.split(" ", -1))).as(reader.err()).isZero();
        assertThat(reader.out().lines())
                .anyMatch(line -> line.matches("http_request_1min +7d +never +11,520 .*"))
                .anyMatch(line -> line.matches("http_request_1hour +90d +never +2,880 .*"))
                .anyMatch(line -> line.matches("http_request_1day +1826d +never +2,192 .*"))
                .anyMatch(line -> line.startsWith("In all 0.0 GB at most"));
        assertThat(reader.weir((budget + " --disk 1GB").split(" ", -1))).isZero();
        assertThat(reader.out()).contains("It fits into 1.0 GB.");
        assertThat(reader.weir((budget + " --disk 12MB").split(" ", -1))).isEqualTo(1);
        assertThat(reader.out())
                .contains("It does not fit into 0.0 GB")
                .contains(
                        "set keep = '365 days' where table_name in ('http_request_1day',"
                                + " 'http_request_1day_late');");
    }

    @ParameterizedTest
    @ValueSource(strings = {"site list", "tenant list", "top"})
    void aTenantIsEnoughForItsOwnSites(String command) {
        Typed tenant = Typed.at(server.jdbcUrl(), "shop");
        assertThat(tenant.weir(command.split(" ", -1))).as(tenant.err()).isZero();
    }

    /** Which would open all sites to it. */
    @Test
    void aTenantIsNotAdvisedToBeAReader() throws Exception {
        execute("revoke select on weir.site from weir_tenant");
        try {
            Typed tenant = Typed.at(server.jdbcUrl(), "shop");
            assertThat(tenant.weir("site", "list")).isEqualTo(1);
            assertThat(tenant.err())
                    .contains("shop may not do this in schema weir", "its own sites")
                    .doesNotContain("weir_reader");
        } finally {
            execute("grant select on weir.site to weir_tenant");
        }
    }

    @Test
    void thePageIsServedToATenant() throws Exception {
        assertThat(served(Typed.at(server.jdbcUrl(), "shop"))).isEmpty();
    }

    @Test
    void thePageIsNotServedToAStranger() throws Exception {
        Typed stranger = Typed.at(server.jdbcUrl(), "stranger");
        assertThat(serve(stranger)).isEqualTo(1);
        assertThat(remedy(stranger)).isEqualTo("make it a member of weir_reader");
    }

    private static void execute(String sql) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(server.jdbcUrl(), server.user(), "");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String remedy(Typed stranger) {
        assertThat(stranger.err().lines())
                .first()
                .asString()
                .startsWith("weir: stranger may not do this in schema weir (");
        return stranger.err().lines().findFirst().orElse("").replaceFirst(".*\\): ", "");
    }

    @Test
    void thePageIsServedToAReader() throws Exception {
        assertThat(served(Typed.at(server.jdbcUrl(), "reader"))).isEmpty();
    }

    @Test
    void thePageIsServedWhileTheDatabaseDoesNotAnswer() throws Exception {
        Typed early = Typed.at("jdbc:postgresql://127.0.0.1:1/weir", "reader");
        assertThat(served(early))
                .isEqualTo(
                        "weir: no PostgreSQL answers at jdbc:postgresql://127.0.0.1:1/weir: start it"
                                + " or correct --jdbc-url; the page shows its numbers once it"
                                + " answers\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"nosuch", "other"})
    void thePageIsNotServedOfASchemaWithoutWeirsTables(String schema) throws Exception {
        Typed typed = Typed.at(server.jdbcUrl(), server.user());
        assertThat(serve(typed, "--schema", schema)).isEqualTo(1);
        assertThat(typed.err().lines())
                .first()
                .isEqualTo(
                        "weir: schema "
                                + schema
                                + " in "
                                + server.jdbcUrl()
                                + " is missing or old: run weir schema migrate first");
        assertThat(typed.out()).isEmpty();
    }

    /** Serves until it says where, and returns its errors. */
    private static String served(Typed typed) throws Exception {
        assertThat(serve(typed)).as(typed.err()).isZero();
        assertThat(typed.out()).contains("The page is http://");
        return typed.err();
    }

    /** The exit code of a command that is interrupted once it serves. */
    private static int serve(Typed typed, String... more) throws Exception {
        List<String> arguments = new ArrayList<>(List.of("serve", "--port", "0"));
        arguments.addAll(List.of(more));
        CompletableFuture<Integer> end = new CompletableFuture<>();
        Thread serving = new Thread(() -> end.complete(typed.weir(arguments)));
        serving.start();
        try {
            await().until(() -> end.isDone() || typed.out().contains("The page is http://"));
        } finally {
            serving.interrupt();
        }
        return end.get(10, TimeUnit.SECONDS);
    }
}
