package io.weir.tools;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.embedded.EmbeddedPostgres;
import io.weir.schema.SchemaMigration;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class TopCommandIT {

    private static EmbeddedPostgres server;

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @BeforeAll
    static void start(@TempDir Path folder) {
        server = EmbeddedPostgres.start(folder.resolve("data"));
        new SchemaMigration(server.jdbcUrl(), server.user(), null, "weir").migrate();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @BeforeEach
    void nothingWasElected() throws Exception {
        execute("truncate weir.top_site, weir.top_site_election, weir.site");
    }

    @Test
    void printsTheListByRankAndNamesSites() throws Exception {
        election();
        site(7, 1_500, "null");
        site(8, 40, "null");
        site(9, 9_000, "'2026-01-15 12:00Z'");
        execute("insert into weir.site values (7, 'example.org')");

        assertThat(top()).isZero();

        assertThat(out.toString().lines())
                .containsExactly(
                        "1 election was held, the last at 2026-01-15 12:00Z; 2 sites are in the"
                                + " list. The top sites:",
                        "",
                        "rank         site  total hits  last election  times elected"
                                + "         first seen          last seen  hits an hour",
                        "   1  example.org       1,500             20              3"
                                + "  2026-01-15 09:00Z  2026-01-15 11:59Z         500.0",
                        "   2            8          40             20              3"
                                + "  2026-01-15 09:00Z  2026-01-15 11:59Z          13.3");
    }

    @Test
    void printsNoMoreThanTheLimit() throws Exception {
        election();
        site(7, 1_500, "null");
        site(8, 40, "null");

        assertThat(top("--limit", "1")).isZero();

        assertThat(out.toString()).contains("2 sites are in the list", "1,500");
        assertThat(out.toString().lines()).hasSize(4);
    }

    @Test
    void saysWhyThereIsNoList() throws Exception {
        assertThat(top()).isZero();
        assertThat(out.toString()).contains("No election was held", "a window of 2h");

        election();
        assertThat(top()).isZero();
        assertThat(out.toString())
                .contains("1 election was held", "none had 100 requests within 2h");
    }

    @Test
    void saysThatTheSchemaIsNotThere() {
        assertThat(top("--schema", "nowhere")).isEqualTo(1);
        assertThat(err.toString())
                .contains("schema nowhere in " + server.jdbcUrl() + " is missing or old");
    }

    @Test
    void saysThatTheNameCannotBeOne() {
        assertThat(top("--schema", "a;drop")).isEqualTo(1);
        assertThat(err.toString()).contains("'a;drop' cannot name a schema");
    }

    private int top(String... more) {
        CommandLine command = Weir.commandLine();
        command.setOut(new PrintWriter(out));
        command.setErr(new PrintWriter(err));
        String[] arguments = new String[more.length + 5];
        arguments[0] = "top";
        arguments[1] = "--jdbc-url";
        arguments[2] = server.jdbcUrl();
        arguments[3] = "--db-user";
        arguments[4] = server.user();
        System.arraycopy(more, 0, arguments, 5, more.length);
        return command.execute(arguments);
    }

    private static void election() throws Exception {
        execute(
                "insert into weir.top_site_election values ('2026-01-15 12:00Z',"
                        + " '2026-01-15 10:00Z', 1, 2, 2, 0, 1, now())");
    }

    private static void site(int site, long hits, String leftAt) throws Exception {
        execute(
                "insert into weir.top_site values (%d, %d, 20, 3, '2026-01-15 09:00Z', '2026-01-15 11:59Z', '2026-01-15 12:00Z', %s, '2026-01-15 12:00Z')"
                        .formatted(site, hits, leftAt));
    }

    private static void execute(String sql) throws Exception {
        try (Connection connection =
                        DriverManager.getConnection(server.jdbcUrl(), server.user(), "");
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
