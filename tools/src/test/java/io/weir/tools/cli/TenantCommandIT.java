package io.weir.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.embedded.EmbeddedPostgres;
import io.weir.rig.Typed;
import io.weir.schema.SchemaMigration;
import java.io.IOException;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.WriterAppender;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** On a server that asks tenants, and nobody else, for a password. */
class TenantCommandIT {

    private static final String PASSWORD = "correct horse, 'battery' $staple";
    private static final String OTHER_PASSWORD = "Tr0ub4dor&3";

    @TempDir private static Path folder;

    private static EmbeddedPostgres server;
    private static Typed typed;

    @BeforeAll
    static void start() throws Exception {
        server = EmbeddedPostgres.start(folder.resolve("data"));
        typed = Typed.at(server.jdbcUrl(), server.user());
        new SchemaMigration(server.jdbcUrl(), server.user(), null, "weir").migrate();
        execute("call weir.maintain()");
        execute(
                "insert into weir.http_request_1day select site, date_trunc('day', now(), 'UTC'), 1, 1, 0, 0, 0, null, 7, '\\x118b40', '{}', '{}', '{}', true, true, now() from generate_series(1, 4) as site");
        execute("insert into weir.site select s, 's' || s from generate_series(1, 4) as s");
        execute("create role outsider login");
        Path rules = Path.of(ask("show hba_file"));
        Files.writeString(
                rules, "host all +weir_tenant all scram-sha-256\n" + Files.readString(rules));
        execute("select pg_reload_conf()");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void noTenants() throws SQLException {
        typed.forget();
        for (String tenant : query("select tenant from weir.tenants()")) {
            execute("select weir.drop_tenant('" + tenant + "')");
            execute("drop role \"" + tenant + "\"");
        }
    }

    @Test
    void aTenantLogsInAndSeesItsOwnRows() throws Exception {
        StringWriter log = new StringWriter();
        WriterAppender listener =
                WriterAppender.newBuilder().setName("listener").setTarget(log).build();
        listener.start();
        var root = LoggerContext.getContext(false).getConfiguration().getRootLogger();
        root.addAppender(listener, null, null);
        try {
            assertThat(add("shop-1", "3,1,3", PASSWORD)).isZero();
            assertThat(add("outsider", "1", PASSWORD)).isEqualTo(1);
            assertThat(add("pg_shop", "1", PASSWORD)).isEqualTo(2);
        } finally {
            root.removeAppender("listener");
            listener.stop();
        }

        assertThat(typed.out().lines()).containsExactly("tenant shop-1 sees sites 1, 3");
        assertThat(log.toString()).contains("role outsider already exists and is not a tenant");
        assertThat(typed.out() + typed.err() + log).doesNotContain("horse", "battery", "SCRAM");
        assertThat(ask("select rolpassword from pg_authid where rolname = 'shop-1'"))
                .startsWith("SCRAM-SHA-256$4096:");
        assertThat(seen("shop-1", PASSWORD)).containsExactly("1", "3");
        assertRefused("shop-1", OTHER_PASSWORD);
        assertRefused("shop-1", "");
    }

    @Test
    void thePasswordMayComeFromTheEnvironment() throws Exception {
        ProcessBuilder weir =
                new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Weir.class.getName(),
                        "tenant",
                        "add",
                        "shop",
                        "--sites",
                        "2",
                        "--jdbc-url",
                        server.jdbcUrl(),
                        "--db-user",
                        server.user());
        weir.environment().put(TenantCommand.PASSWORD_VARIABLE, PASSWORD);
        Process process = weir.redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(process.waitFor()).as(said).isZero();
        assertThat(said).contains("tenant shop sees site 2").doesNotContain("horse");
        assertThat(seen("shop", PASSWORD)).containsExactly("2");
    }

    @Test
    void onlyTheFirstLineOfTheFileCounts() throws Exception {
        assertThat(add("shop", "1", PASSWORD + "\r\n" + OTHER_PASSWORD)).isZero();
        assertThat(seen("shop", PASSWORD)).containsExactly("1");
    }

    @Test
    void setHoldsAtOnceAndIsListed() throws Exception {
        add("shop", "1", PASSWORD);
        add("bakery", "4", OTHER_PASSWORD);
        typed.forget();

        try (Connection session = login("shop", PASSWORD)) {
            assertThat(seen(session)).containsExactly("1");
            assertThat(typed.weir("tenant", "set", "shop", "--sites", "3,2")).isZero();
            assertThat(seen(session)).containsExactly("2", "3");
        }
        assertThat(typed.weir("tenant", "list")).isZero();

        assertThat(typed.out().lines())
                .containsExactly(
                        "tenant shop sees sites 2, 3", "tenant  sites", "bakery  4", "shop    2,3");
        assertThat(seen("bakery", OTHER_PASSWORD)).containsExactly("4");
    }

    @Test
    void addChangesATenantThatIsThere() throws Exception {
        add("shop", "1", PASSWORD);

        assertThat(typed.weir("tenant", "add", "shop", "--sites", "2")).isZero();
        assertThat(seen("shop", PASSWORD)).containsExactly("2");

        assertThat(add("shop", "3", OTHER_PASSWORD)).isZero();
        assertThat(seen("shop", OTHER_PASSWORD)).containsExactly("3");
        assertRefused("shop", PASSWORD);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Shop",
                "1shop",
                "two words",
                "läden",
                "a'b",
                "x\"; drop role outsider; --",
                "pg_shop",
                "weir_writer",
                "weir_shop",
                "public",
                "none",
                "user",
                "current_user",
                "session_role",
                "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
            })
    void whatCannotNameATenantIsRefused(String name) throws Exception {
        List<String> roles = query("select rolname from pg_roles");

        assertThat(add(name, "1", PASSWORD)).isEqualTo(2);
        assertThat(typed.err()).startsWith("weir: '" + name + "' cannot name a tenant: ");
        assertThat(typed.err().lines())
                .hasSize(2)
                .last()
                .isEqualTo("Try 'weir tenant add --help'.");
        assertThat(typed.weir("tenant", "set", name, "--sites", "1")).isEqualTo(2);
        assertThat(typed.weir("tenant", "remove", name, "--yes")).isEqualTo(1);
        assertThat(query("select rolname from pg_roles")).isEqualTo(roles);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",", "-1", "1,-2", "1,,2", "one", "1;2", "1}'", "2147483648"})
    void whatIsNoListOfSitesIsRefused(String sites) throws Exception {
        add("shop", "1", PASSWORD);
        typed.forget();

        assertThat(typed.weir("tenant", "set", "shop", "--sites=" + sites)).isEqualTo(2);
        assertThat(typed.err())
                .startsWith("weir: ")
                .containsAnyOf("--sites", "a tenant needs at least one site, and each must be");
        assertThat(typed.err().lines())
                .hasSize(2)
                .last()
                .isEqualTo("Try 'weir tenant set --help'.");
        assertThat(typed.weir("tenant", "add", "shop", "--sites=" + sites)).isEqualTo(2);
        assertThat(seen("shop", PASSWORD)).containsExactly("1");
    }

    @Test
    void aNewTenantNeedsAPassword() throws Exception {
        assertThat(typed.weir("tenant", "add", "shop", "--sites", "1")).isEqualTo(2);
        assertThat(add("shop", "1", "")).isEqualTo(2);
        assertThat(add("shop", "1", "\n" + PASSWORD)).isEqualTo(2);
        assertThat(add("shop", "1", "pässwort")).isEqualTo(2);
        assertThat(typed.err().lines().filter(line -> line.startsWith("weir: ")))
                .hasSize(4)
                .first()
                .asString()
                .contains("a new tenant needs a password", "WEIR_TENANT_PASSWORD");
        assertThat(typed.err()).doesNotContain("pässwort");
        typed.forget();

        assertThat(
                        typed.weir(
                                "tenant",
                                "add",
                                "shop",
                                "--sites",
                                "1",
                                "--password-file",
                                folder.resolve("no-such").toString()))
                .isEqualTo(1);
        assertThat(typed.err().lines())
                .containsExactly("weir: --password-file: cannot read " + folder.resolve("no-such"));
        assertThat(query("select rolname from pg_roles where rolname = 'shop'")).isEmpty();
    }

    @Test
    void aRoleThatIsNoTenantStaysAsItIs() throws Exception {
        for (String role : List.of("outsider", server.user())) {
            typed.forget();
            assertThat(typed.weir("tenant", "set", role, "--sites", "1")).isEqualTo(1);
            assertThat(typed.weir("tenant", "remove", role, "--yes")).isEqualTo(1);
            assertThat(typed.err().lines())
                    .hasSize(2)
                    .containsOnly(
                            "weir: role "
                                    + role
                                    + " is not a tenant of schema weir: weir tenant list shows"
                                    + " those that are");
        }
        assertThat(add("outsider", "1", PASSWORD)).isEqualTo(1);
        assertThat(ask("select rolpassword from pg_authid where rolname = 'outsider'"))
                .isEqualTo("null");
        typed.forget();

        assertThat(typed.weir("tenant", "set", "nobody", "--sites", "1")).isEqualTo(1);
        assertThat(typed.weir("tenant", "remove", "x'; drop role outsider; --")).isEqualTo(1);
        assertThat(typed.err().lines())
                .containsExactly(
                        "weir: there is no tenant nobody: weir tenant list shows those that"
                                + " exist, weir tenant add creates one",
                        "weir: there is no tenant x'; drop role outsider; --: weir tenant list"
                                + " shows those that exist, weir tenant add creates one");
    }

    @ParameterizedTest
    @CsvSource({
        "in role weir_writer, is a member of weir_writer and cannot be a tenant: choose another",
        "in role weir_reader, is a member of weir_reader and cannot be a tenant: choose another",
        "bypassrls, is not bound by row security and cannot be a tenant: choose another name",
        "superuser, is a superuser and cannot be a tenant: choose another name",
        "nologin, 'already exists and is not a tenant of schema weir: choose another name, or give'"
    })
    void aRoleThatCannotBeATenantIsRefusedWithTheReason(String option, String reason)
            throws Exception {
        execute("create role taken " + option);
        try {
            assertThat(add("taken", "1", PASSWORD)).isEqualTo(1);
            assertThat(typed.err()).startsWith("weir: role taken " + reason);
            assertThat(ask("select rolpassword from pg_authid where rolname = 'taken'"))
                    .isEqualTo("null");
        } finally {
            execute("drop role taken");
        }
    }

    @Test
    void aTenantThatCannotBeMadeLeavesNoRole() throws Exception {
        try (Connection reader = connect();
                Statement statement = reader.createStatement()) {
            reader.setAutoCommit(false);
            statement.execute("lock table weir.http_request_1day in access share mode");
            assertThat(add("shop", "1", PASSWORD)).isEqualTo(1);
        }
        assertThat(typed.err().lines()).singleElement().asString().contains("lock timeout");
        assertThat(query("select rolname from pg_roles where rolname = 'shop'")).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"no\n", "y\n", ""})
    void nothingIsRemovedWithoutAYes(String answer) throws Exception {
        add("shop", "1", PASSWORD);
        typed.forget();

        assertThat(typed.answer(answer).weir("tenant", "remove", "shop")).isEqualTo(1);

        assertThat(typed.out()).startsWith("Removes tenant shop of schema weir and its login.");
        assertThat(typed.err().lines()).singleElement().asString().contains("nothing was done");
        assertThat(seen("shop", PASSWORD)).containsExactly("1");
    }

    @Test
    void aTenantIsRemovedAfterAYes() throws Exception {
        add("shop", "1", PASSWORD);
        add("bakery", "2", PASSWORD);
        typed.forget();

        assertThat(typed.answer("yes\n").weir("tenant", "remove", "shop")).isZero();
        assertThat(typed.out())
                .endsWith(
                        "tenant shop sees nothing of schema weir%nrole shop is removed%n"
                                .formatted());
        assertThatThrownBy(() -> login("shop", PASSWORD).close())
                .hasMessageContaining("role \"shop\" does not exist");

        assertThat(seen("bakery", PASSWORD)).containsExactly("2");
        typed.forget();
        assertThat(typed.answer("").weir("tenant", "remove", "bakery", "--yes")).isZero();
        assertThat(typed.out()).doesNotContain("Type yes");
        assertThat(query("select tenant from weir.tenants()")).isEmpty();
    }

    @Test
    void aRoleWithRightsElsewhereStays() throws Exception {
        add("shop", "1", PASSWORD);
        execute("create table public.kept (n int)");
        execute("grant select on public.kept to shop");

        assertThat(typed.weir("tenant", "remove", "shop", "--yes")).isZero();

        assertThat(typed.out()).contains("role shop stays: it has rights elsewhere");
        try (Connection session = login("shop", PASSWORD)) {
            assertThatThrownBy(() -> seen(session)).hasMessageContaining("permission denied");
        }
        execute("drop table public.kept");
        execute("drop role shop");
    }

    private static int add(String name, String sites, String password) throws IOException {
        Path file = Files.writeString(Files.createTempFile(folder, "password", ""), password);
        return typed.weir(
                "tenant", "add", name, "--sites", sites, "--password-file", file.toString());
    }

    private static void assertRefused(String user, String password) {
        assertThatThrownBy(() -> login(user, password).close())
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("password");
    }

    private static Connection login(String user, String password) throws SQLException {
        return DriverManager.getConnection(server.jdbcUrl(), user, password);
    }

    /** The sites of rows and of names, which must be the same. */
    private static List<String> seen(Connection session) throws SQLException {
        List<String> sites =
                query(session, "select site_id from weir.http_request_1day order by 1");
        assertThat(query(session, "select site_id from weir.site order by 1")).isEqualTo(sites);
        return sites;
    }

    private static List<String> seen(String user, String password) throws SQLException {
        try (Connection session = login(user, password)) {
            return seen(session);
        }
    }

    private static Connection connect() throws SQLException {
        return login(server.user(), "");
    }

    private static void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String ask(String sql) throws SQLException {
        return query(sql).get(0);
    }

    private static List<String> query(String sql) throws SQLException {
        try (Connection connection = connect()) {
            return query(connection, sql);
        }
    }

    private static List<String> query(Connection connection, String sql) throws SQLException {
        List<String> values = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            while (rows.next()) {
                values.add(String.valueOf(rows.getString(1)));
            }
        }
        return values;
    }
}
