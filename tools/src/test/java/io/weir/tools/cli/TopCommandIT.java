package io.weir.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.embedded.EmbeddedPostgres;
import io.weir.rig.Typed;
import io.weir.schema.SchemaMigration;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TopCommandIT {

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
    void nothingWasElected() throws Exception {
        typed.forget();
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

        assertThat(typed.out().lines())
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

        assertThat(typed.out()).contains("2 sites are in the list", "1,500");
        assertThat(typed.out().lines()).hasSize(4);
    }

    @Test
    void saysWhyThereIsNoList() throws Exception {
        assertThat(top()).isZero();
        assertThat(typed.out().lines())
                .containsExactly("No election was held yet: there are no rows.");

        typed.forget();
        execute("select weir.ensure_partitions('http_request_1min', '2026-01-15Z', '2026-01-15Z')");
        execute(
                "insert into weir.http_request_1min values (1, '2026-01-15 09:00Z', 1, 1, 0, 0, 0,"
                        + " null, 7, '\\x118b40', '{}', '{}', '{}', true, true, now())");
        assertThat(top()).isZero();
        assertThat(typed.out())
                .startsWith("No election was held yet: one counts a window of 2h from its")
                .doesNotContain("no rows");
        execute("truncate weir.http_request_1min");

        election();
        assertThat(top()).isZero();
        assertThat(typed.out()).contains("1 election was held", "none had 100 requests within 2h");
    }

    @Test
    void aTenantGetsTheListOfItsOwnSites() throws Exception {
        election();
        site(7, 1_500, "null");
        site(8, 40, "null");
        site(9, 9_000, "null");
        execute("create role shop login");
        execute("select weir.set_tenant('shop', '{7,8}')");
        Typed tenant = Typed.at(server.jdbcUrl(), "shop");

        assertThat(tenant.weir("top")).as(tenant.err()).isZero();

        assertThat(tenant.out().lines())
                .startsWith(
                        "2 sites that shop may see are in the list of the top sites, ranked among"
                                + " themselves:",
                        "");
        assertThat(tenant.out().lines().skip(3))
                .extracting(line -> line.trim().replaceAll(" {2,}", "|"))
                .satisfiesExactly(
                        line -> assertThat(line).startsWith("1|7|1,500|"),
                        line -> assertThat(line).startsWith("2|8|40|"));
        tenant.forget();
        execute("select weir.set_tenant('shop', '{6}')");

        assertThat(tenant.weir("top")).isZero();
        assertThat(tenant.out().lines())
                .containsExactly("No site that shop may see is in the list of the top sites.");
    }

    @Test
    void saysThatTheSchemaIsNotThere() {
        assertThat(top("--schema", "nowhere")).isEqualTo(1);
        assertThat(typed.err())
                .contains("schema nowhere in " + server.jdbcUrl() + " is missing or old");
    }

    @Test
    void saysThatTheNameCannotBeOne() {
        assertThat(top("--schema", "a;drop")).isEqualTo(1);
        assertThat(typed.err()).contains("'a;drop' cannot name a schema");
    }

    private int top(String... more) {
        List<String> arguments = new ArrayList<>(List.of("top"));
        arguments.addAll(List.of(more));
        return typed.weir(arguments);
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
