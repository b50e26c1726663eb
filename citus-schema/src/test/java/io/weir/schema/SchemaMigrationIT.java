package io.weir.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.weir.database.DatabaseException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.TimeZone;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaMigrationIT {

    private static Store store;

    @BeforeAll
    static void start(@TempDir Path folder) {
        store = Store.start(folder);
    }

    @AfterAll
    static void stop() {
        store.close();
    }

    @Test
    void findsNothingToDoTheSecondTime() {
        assertThat(store.migration("weir").migrate()).isZero();
    }

    @Test
    void keepsASecondSchemaApartFromTheFirst() throws SQLException {
        SchemaMigration second = store.migration("second");
        assertThat(second.status())
                .isNotEmpty()
                .allMatch(script -> script.state().equals("Pending"));

        int applied = second.migrate();

        assertThat(applied).isEqualTo((int) scriptsOf("second")).isEqualTo((int) scriptsOf("weir"));
        assertThat(
                        store.row(
                                "select second.ensure_partitions('http_request_1day', '2026-11-24Z',"
                                        + " '2026-11-24Z'), to_regclass('weir.http_request_1day_p2026'),"
                                        + " to_regclass('second.http_request_1day_p2026') is not null"))
                .isEqualTo("1|null|t");
        store.execute("drop schema second cascade");
        assertThat(store.row("select count(*) from weir.traffic_1min")).isEqualTo("0");
    }

    @Test
    void saysWhenEachScriptRanInAnyZone() {
        TimeZone before = TimeZone.getDefault();
        TimeZone.setDefault(TimeZone.getTimeZone("Asia/Kolkata"));
        try {
            assertRanJustNow();
        } finally {
            TimeZone.setDefault(before);
        }
    }

    private static void assertRanJustNow() {
        assertThat(store.migration("weir").status())
                .filteredOn(script -> script.version() != null)
                .allSatisfy(
                        script ->
                                assertThat(script.installedOn())
                                        .isBetween(Instant.now().minusSeconds(3600), Instant.now()))
                .extracting(MigrationStatus::description)
                .contains("hll", "traffic tables", "top sites");
    }

    @Test
    void saysThatTheDatabaseIsNotThere() {
        String url = store.server.jdbcUrl().replace("/postgres", "/nowhere");

        assertRefused(url, "postgres", "there is no database at " + url);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"jdbc:postgresql://h/weir?password=sesame", "postgres://h?password=sesame"})
    void refusesAPasswordInTheAddress(String url) {
        assertRefused(url, "postgres", "--jdbc-url must hold neither user nor password");
    }

    @Test
    void saysThatNoServerAnswers() {
        assertRefused(
                "jdbc:postgresql://127.0.0.1:1/weir",
                "postgres",
                "no PostgreSQL answers at jdbc:postgresql://127.0.0.1:1/weir");
    }

    @Test
    void givesUpAServerThatAcceptsAndSaysNothing() throws IOException {
        try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
            String url = "jdbc:postgresql://127.0.0.1:" + silent.getLocalPort() + "/weir";

            assertTimeoutPreemptively(
                    Duration.ofSeconds(13),
                    () ->
                            assertRefused(
                                    url,
                                    "postgres",
                                    "PostgreSQL does not answer in time at "
                                            + url
                                            + ": see why it hangs or correct --jdbc-url"));
        }
    }

    @Test
    void saysThatTheAddressIsNone() {
        assertRefused("postgres://h", "postgres", "'postgres://h' is not an address");
    }

    @Test
    void saysThatTheUserIsRefused() throws SQLException {
        store.execute("create role closed nologin");

        assertRefused(store.server.jdbcUrl(), "closed", "refuses user closed");
    }

    @Test
    void saysWhatTheServerSaidWhenAScriptFails() throws SQLException {
        store.execute("create role reader login");

        assertRefused(
                store.server.jdbcUrl(),
                "reader",
                "permission denied for database postgres: as a superuser, grant create on database"
                        + " postgres to reader");
    }

    @Test
    void saysWhoMayMigrateASchemaThatIsThere() throws SQLException {
        store.execute("create role onlooker login in role weir_reader");

        assertThatThrownBy(
                        () ->
                                new SchemaMigration(
                                                store.server.jdbcUrl(), "onlooker", null, "weir")
                                        .migrate())
                .isInstanceOf(DatabaseException.class)
                .hasMessageEndingWith(
                        "permission denied for table flyway_schema_history: run it as the schema's"
                                + " owner, postgres");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Weir", "1st", "a-b", "a;drop", "a\n"})
    void refusesANameThatNeedsQuotes(String name) {
        assertThatThrownBy(() -> store.migration(name))
                .isInstanceOf(DatabaseException.class)
                .hasMessageContaining("cannot name a schema");
    }

    @Test
    void refusesAWordOfSql() {
        assertThatThrownBy(() -> store.migration("select").migrate())
                .isInstanceOf(DatabaseException.class)
                .hasMessage("'select' cannot name a schema: it is a word of SQL");
    }

    private static long scriptsOf(String schema) {
        return store.migration(schema).status().stream()
                .filter(script -> !script.description().contains("Schema Creation"))
                .count();
    }

    private static void assertRefused(String url, String user, String message) {
        assertThatThrownBy(() -> new SchemaMigration(url, user, "sesame", "refused").migrate())
                .isInstanceOf(DatabaseException.class)
                .message()
                .contains(message)
                .doesNotContain("\n", "sesame");
    }
}
