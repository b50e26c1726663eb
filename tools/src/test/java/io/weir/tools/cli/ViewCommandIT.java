package io.weir.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.embedded.EmbeddedPostgres;
import io.weir.rig.Typed;
import io.weir.schema.SchemaMigration;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ViewCommandIT {

    private static EmbeddedPostgres server;
    private static Typed typed;

    @BeforeAll
    static void start(@TempDir Path folder) throws SQLException {
        server = EmbeddedPostgres.start(folder.resolve("data"));
        typed = Typed.at(server.jdbcUrl(), server.user());
        new SchemaMigration(server.jdbcUrl(), server.user(), null, "weir").migrate();
        execute("select weir.ensure_partitions('breakdown_1hour', '2026-10-01Z', '2026-10-01Z')");
        execute("select weir.ensure_partitions('breakdown_1day', '2026-10-01Z', '2026-10-01Z')");
        execute("update weir.retention_policy set keep = null");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void thereIsNoView() throws SQLException {
        typed.forget();
        execute(
                "truncate weir.view_definition, weir.breakdown_1hour, weir.breakdown_1day, weir.intake_partition");
    }

    @Test
    void aViewIsAddedListedPausedResumedAndRemoved() throws SQLException {
        assertThat(
                        typed.weir(
                                "view",
                                "add",
                                "failures",
                                "--dimension",
                                "url_path",
                                "--dimension",
                                "field:plan",
                                "--where",
                                "status >= 500",
                                "--top",
                                "20",
                                "--sites",
                                "3,1"))
                .isZero();
        assertThat(typed.out().lines())
                .containsExactly(
                        "view failures counts by url_path, field:plan from the first request on, as no job has read any yet");
        typed.forget();
        execute(
                "insert into weir.intake_partition values ('t', 0, 0, 0, 1, 1, 0, 0, 0, 0, '{}', now())");

        assertThat(typed.weir("view", "pause", "failures")).isZero();
        assertThat(typed.out())
                .matches("view failures is paused from 20\\d\\d-\\d\\d-\\d\\d \\d\\d:00Z on\\R");
        typed.forget();
        assertThat(typed.weir("view", "list")).isZero();
        assertThat(typed.out().lines().map(line -> line.strip().replaceAll(" {2,}", "|")))
                .satisfiesExactly(
                        line ->
                                assertThat(line)
                                        .isEqualTo(
                                                "view|dimension|where|top|sites|state|from|newest hour"),
                        line ->
                                assertThat(line)
                                        .isEqualTo(
                                                "failures|url_path,field:plan|status >= 500|20|1,3|active|ever"),
                        line ->
                                assertThat(line)
                                        .matches(
                                                "failures: paused, top 20, of sites 1,3 from .*:00Z on"));
        typed.forget();
        assertThat(typed.weir("view", "resume", "failures")).isZero();
        assertThat(typed.out()).startsWith("view failures counts again from ");
        typed.forget();

        typed.answer("yes\n");
        assertThat(typed.weir("view", "remove", "failures")).isZero();
        assertThat(typed.out())
                .contains(
                        "Removes view failures from schema weir in "
                                + server.jdbcUrl()
                                + ": 0 rows of breakdown_1hour, 0 rows of breakdown_1day. This cannot be undone.")
                .contains(
                        "removed view failures: 0 rows of breakdown_1hour, 0 rows of breakdown_1day");
        typed.forget();
        assertThat(typed.weir("view", "pause", "failures")).isEqualTo(1);
        assertThat(typed.err()).contains("there is no view 'failures'");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "url_path; statuss >= 500; --where: at character 1: there is no field 'statuss'",
                "url_path; ip_address = '10.0.0.1'; there is no field 'ip_address'",
                "url_path; status >=; --where: at character 10",
                "user_agent; status >= 500; view wrong cannot have the dimension 'user_agent'",
                "field:ip_address; status >= 500; addresses of clients are not stored",
                "url_path; field:ip_address = '10.0.0.1'; no addresses of clients"
            })
    void whatCannotBeCountedIsRefusedBeforeAnythingIsWritten(
            String dimension, String filter, String message) throws SQLException {
        assertThat(typed.weir("view", "add", "wrong", "--dimension", dimension, "--where", filter))
                .isEqualTo(2);
        assertThat(typed.err()).contains(message);
        typed.forget();
        assertThat(typed.weir("view", "list")).isZero();
        assertThat(typed.out().lines()).hasSize(1);
    }

    /** A key is what a client asked for: it can hold what a terminal would obey. */
    @Test
    void topPrintsKeysSafelyAndEverythingElse() throws SQLException {
        execute("select weir.define_view('urls', 'url')");
        execute(
                "insert into weir.breakdown_1hour values (1, 1, '2026-10-01 10:00Z', 2000, 9, 9000, 10, 20000, '\\x118b40', false, 7,"
                        + " array[E'/a\\x1b[2J', null], '{}', '{1500,20}', '{3,2}', '{1,0}', '{100,10}', '{1,0}', '{2500,0}', true, true, now())");

        assertThat(
                        typed.weir(
                                "view",
                                "top",
                                "urls",
                                "--site",
                                "1",
                                "--from",
                                "2026-10-01T10:00:00Z",
                                "--to",
                                "2026-10-01T11:00:00Z"))
                .isZero();
        assertThat(typed.out().lines().map(line -> line.strip().replaceAll(" {2,}", "|")))
                .containsExactly(
                        "rank|key|requests|at most|errors|bytes|average msec|percent",
                        "1|/a?[2J|1,500|1,503|1|100|2.5|75.0",
                        "2|(none)|20|22|0|10|1.0",
                        "(everything else)|480|480|8|8,890|1.9|24.0");
    }

    @Test
    void topSaysWhenARangeIsNotWholeAndRefusesOneThatIsNoHour() throws SQLException {
        execute(
                "insert into weir.view_definition (version, view_id, name, dimension, holds_from) values (1, 1, 'urls', '{url}', '2026-10-01 11:00Z')");

        assertThat(typed.weir("view", "top", "urls", "--from", "2026-10-01", "--to", "2026-10-02"))
                .isZero();
        assertThat(typed.out()).contains("This is not the whole range");
        typed.forget();
        assertThat(
                        typed.weir(
                                "view",
                                "top",
                                "urls",
                                "--from",
                                "2026-10-01T10:30:00Z",
                                "--to",
                                "2026-10-02"))
                .isEqualTo(2);
        assertThat(typed.err()).contains("views are counted by UTC hour");
    }

    private static void execute(String sql) throws SQLException {
        try (Connection connection =
                        DriverManager.getConnection(server.jdbcUrl(), server.user(), "");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
