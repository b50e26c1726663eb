package io.weir.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.embedded.EmbeddedPostgres;
import io.weir.rig.Typed;
import io.weir.schema.SchemaMigration;
import io.weir.traffic.Grain;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands {@code schema audit} and {@code schema reset-range}. */
class RepairCommandsIT {

    private static EmbeddedPostgres server;
    private static Typed typed;

    /** A day that is over and all kept. */
    private final LocalDate day = LocalDate.now(ZoneOffset.UTC).minusDays(3);

    @BeforeAll
    static void start(@TempDir Path folder) throws SQLException {
        server = EmbeddedPostgres.start(folder.resolve("data"));
        typed = Typed.at(server.jdbcUrl(), server.user());
        new SchemaMigration(server.jdbcUrl(), server.user(), null, "weir").migrate();
        execute("call weir.maintain()");
        execute("create role stranger login in role weir_writer");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void twoSitesHaveOneRequestInOneMinute() throws SQLException {
        typed.forget();
        for (Grain grain : Grain.values()) {
            execute("delete from weir." + grain.table());
            for (int site = 1; site <= 2; site++) {
                execute(
                        "insert into weir.%s values (%d, '%s 00:00Z', 1, 1, 0, 0, 0, null, 7, '\\x118b40', '{}', '{}', '{}', true, true, now())"
                                .formatted(grain.table(), site, day));
            }
        }
    }

    @Test
    void auditFindsNothingWhenAllIsWell() {
        assertThat(audit("--from", day.toString(), "--to", day.plusDays(1).toString())).isZero();
        assertThat(typed.out().lines())
                .containsExactly("schema weir: audited 25 windows: all agree");
    }

    @Test
    void auditListsWhatDiffersAndFails() throws SQLException {
        execute("update weir.http_request_1hour set bytes_sum = 8 where site_id = 2");
        execute("delete from weir.http_request_1day where site_id = 1");

        assertThat(audit()).isEqualTo(1);
        assertThat(typed.out().lines())
                .startsWith(
                        "bucket             grain  site  problem  detail",
                        day + " 00:00Z  1day   1     missing  its hours have 1 request",
                        day + " 00:00Z  1day   2     differs  bytes_sum 7, its hours have 8",
                        day + " 00:00Z  1hour  2     differs  bytes_sum 8, its minutes have 7")
                .anyMatch(line -> line.matches("schema weir: audited \\d+ windows: 3 findings"));
        assertThat(typed.err()).isEmpty();
    }

    @Test
    void auditCountsWhatItDoesNotShow() throws SQLException {
        execute("update weir.http_request_1hour set bytes_sum = 8");

        assertThat(audit("--limit", "1")).isEqualTo(1);
        assertThat(typed.out().lines()).hasSize(5).element(2).isEqualTo("and 3 more");
    }

    @Test
    void auditLooksOnlyInTheRange() throws SQLException {
        execute("update weir.http_request_1hour set bytes_sum = 8");

        assertThat(audit("--from", day + "T01:00:00Z")).isZero();
        assertThat(audit("--to", day.toString())).isZero();
        assertThat(audit("--from", day + "T00:00:00Z", "--to", day + "T01:00:00Z")).isEqualTo(1);
        assertThat(typed.out()).contains("audited 1 window: 2 findings");
    }

    @ParameterizedTest
    @CsvSource({"--from, yesterday", "--to, 2026-11-20 10:00", "--from, 2026-13-01"})
    void auditShowsWhatATimeLooksLike(String option, String value) {
        assertThat(audit(option, value)).isEqualTo(2);
        assertThat(typed.err()).contains("neither a date like 2026-11-20 nor an instant");
    }

    @ParameterizedTest
    @ValueSource(strings = {"audit", "reset-range"})
    void saysThatTheSchemaIsNotThere(String command) {
        List<String> arguments = new ArrayList<>(List.of("--schema", "nowhere"));
        if (command.equals("reset-range")) {
            arguments.addAll(List.of("--from", day.toString(), "--to", day.plusDays(1).toString()));
        }
        assertThat(run(command, arguments.toArray(String[]::new))).isEqualTo(1);
        assertThat(typed.err())
                .contains("schema nowhere in " + server.jdbcUrl() + " is missing or old");
    }

    @Test
    void resetRemovesTheDayWhenTheAnswerIsYes() throws SQLException {
        typed.answer("yes\n");
        assertThat(reset()).isZero();

        assertThat(typed.out())
                .contains(
                        "Removes all rows of "
                                + day
                                + " UTC from schema weir in "
                                + server.jdbcUrl()
                                + ": 2 rows of http_request_1min, 2 rows of http_request_1hour, 2"
                                + " rows of http_request_1day, 0 rows of breakdown_1hour, 0 rows of"
                                + " breakdown_1day.")
                .contains(
                        "schema weir: removed 2 rows of http_request_1min, 2 rows of"
                                + " http_request_1hour, 2 rows of http_request_1day")
                .contains("--kafka.start-from " + day + "T00:00:00Z");
        assertThat(rows()).isZero();
    }

    @ParameterizedTest
    @ValueSource(strings = {"no\n", "", "y\n"})
    void resetRemovesNothingWithoutAYes(String answer) throws SQLException {
        typed.answer(answer);
        assertThat(reset()).isEqualTo(1);
        assertThat(typed.err()).contains("nothing was done");
        assertThat(rows()).isEqualTo(6);
    }

    @Test
    void resetSaysThatLateRequestsStay() throws SQLException {
        String late = "weir.http_request_1day_late";
        execute(
                "insert into %s select * from weir.http_request_1day where site_id = 1"
                        .formatted(late));
        try {
            assertThat(reset("--site", "2", "--yes")).isZero();
            assertThat(typed.out()).doesNotContain("late request");
            assertThat(reset("--yes")).isZero();
            assertThat(typed.out())
                    .contains(
                            "schema weir: 1 late request of these days: not removed. They count twice");
            assertThat(ask("select count(*) from " + late)).isEqualTo(1);
        } finally {
            execute("delete from " + late);
        }
    }

    @Test
    void resetOfOneSiteLeavesTheOthers() throws SQLException {
        assertThat(reset("--site", "2", "--yes")).isZero();

        assertThat(typed.out())
                .doesNotContain("Type yes")
                .contains("removed 1 row of http_request_1min");
        assertThat(rows()).isEqualTo(3);
        assertThat(ask("select min(site_id) + max(site_id) from weir.http_request_1day"))
                .isEqualTo(2);
    }

    @Test
    void resetSaysThatThereIsNothing() {
        assertThat(reset("--site", "77")).isZero();
        assertThat(typed.out().lines())
                .containsExactly("schema weir: there are no rows of site 77 of " + day + " UTC");
    }

    @Test
    void resetRefusesTheDayThatIsStillWritten() throws SQLException {
        LocalDate today = LocalDate.now(ZoneOffset.UTC);
        assertThat(
                        run(
                                "reset-range",
                                "--from",
                                day.toString(),
                                "--to",
                                today.plusDays(1).toString(),
                                "--yes"))
                .isEqualTo(1);
        assertThat(typed.err()).startsWith("weir: rows of " + today + " may still be written");
        assertThat(rows()).isEqualTo(6);
    }

    @Test
    void resetWantsARange() {
        assertThat(run("reset-range", "--from", day.toString(), "--to", day.toString()))
                .isEqualTo(2);
        assertThat(typed.err()).contains("--to must be later than --from");
        assertThat(run("reset-range")).isEqualTo(2);
    }

    @Test
    void resetIsForTheOwner() throws SQLException {
        Typed stranger = Typed.at(server.jdbcUrl(), "stranger");
        List<String> command =
                arguments(
                        "reset-range",
                        "--from",
                        day.toString(),
                        "--to",
                        day.plusDays(1).toString(),
                        "--yes");
        assertThat(stranger.weir(command)).isEqualTo(1);
        assertThat(stranger.err()).contains("run it as the schema's owner");
        assertThat(rows()).isEqualTo(6);
    }

    private int audit(String... more) {
        return run("audit", more);
    }

    private int reset(String... more) {
        List<String> arguments =
                new ArrayList<>(
                        List.of("--from", day.toString(), "--to", day.plusDays(1).toString()));
        arguments.addAll(List.of(more));
        return run("reset-range", arguments.toArray(String[]::new));
    }

    private int run(String name, String... more) {
        return typed.weir(arguments(name, more));
    }

    private static List<String> arguments(String name, String... more) {
        List<String> arguments = new ArrayList<>(List.of("schema", name));
        arguments.addAll(List.of(more));
        return arguments;
    }

    private static long rows() throws SQLException {
        return ask(
                "select (select count(*) from weir.http_request_1min) + (select count(*) from"
                        + " weir.http_request_1hour) + (select count(*) from weir.http_request_1day)");
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

    private static Connection connect() throws SQLException {
        return DriverManager.getConnection(server.jdbcUrl(), server.user(), "");
    }
}
