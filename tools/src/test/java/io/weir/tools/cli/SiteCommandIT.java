package io.weir.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.embedded.EmbeddedPostgres;
import io.weir.rig.Typed;
import io.weir.schema.SchemaMigration;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SiteCommandIT {

    private static final String LABEL = "a".repeat(63);

    private static EmbeddedPostgres server;
    private static Typed typed;

    @BeforeAll
    static void start(@TempDir Path folder) throws SQLException {
        server = EmbeddedPostgres.start(folder.resolve("data"));
        typed = Typed.at(server.jdbcUrl(), server.user());
        new SchemaMigration(server.jdbcUrl(), server.user(), null, "weir").migrate();
        execute("call weir.maintain()");
        execute("create role stranger login in role weir_writer");
        execute("create role shop login");
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    /** Site 7 has three minutes in two hours of one day; so has site 8. */
    @BeforeEach
    void twoSitesHaveRows() throws SQLException {
        typed.forget();
        execute("truncate weir.site, weir.site_host");
        fill("1min", "0 min", "1 min", "60 min");
        fill("1hour", "0 min", "60 min");
        fill("1day", "0 min");
    }

    @ParameterizedTest
    @CsvSource({
        "example.com, example.com",
        "Example.COM., example.com",
        "bücher.example, xn--bcher-kva.example",
        "BÜCHER.example, xn--bcher-kva.example",
        "xn--bcher-kva.example, xn--bcher-kva.example",
        "例え。テスト, xn--r8jz45g.xn--zckzah",
        "localhost, localhost",
        "127.0.0.1, 127.0.0.1"
    })
    void aNameIsNormalised(String domain, String normalised) throws SQLException {
        assertThat(typed.weir("site", "add", "7", domain)).isZero();

        assertThat(typed.out().lines()).containsExactly("site 7 is " + normalised);
        assertThat(ask("select domain from weir.site where site_id = 7")).isEqualTo(normalised);
    }

    @Test
    void aNameMayBeAsLongAsNamesAre() throws SQLException {
        String longest = String.join(".", LABEL, LABEL, LABEL, "a".repeat(61));
        assertThat(typed.weir("site", "add", "7", longest + ".")).isZero();
        assertThat(ask("select length(domain) from weir.site")).isEqualTo("253");

        refuses("'" + longest + "b' is not a domain", "8", longest + "b");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                ".",
                "..",
                "a..example",
                "example.com..",
                ".example",
                "a-.example",
                "under_score.example",
                "two words.example",
                "*.example",
                "http://example.com",
                "example.com:80",
                "x'); drop table weir.site; --",
                "a.'||(select current_user)||'.example"
            })
    void whatIsNoDomainIsRefused(String domain) throws SQLException {
        refuses("'" + domain + "' is not a domain", "7", domain);
    }

    @Test
    void aLabelThatIsTooLongIsRefused() throws SQLException {
        refuses("'" + LABEL + "a.example' is not a domain", "7", LABEL + "a.example");
        refuses("'ü", "7", "ü".repeat(60) + ".example");
    }

    @ParameterizedTest
    @ValueSource(strings = {"2147483648", "one", "7; drop table weir.site", ""})
    void whatIsNoSiteIsRefused(String site) throws SQLException {
        refuses("", site, "example.com");
        assertThat(typed.err()).contains("ID");
        assertThat(typed.weir("site", "remove", site, "--yes")).isEqualTo(2);
    }

    private static void refuses(String message, String site, String domain) throws SQLException {
        typed.forget();
        String before = ask("select count(*) from weir.site");

        assertThat(typed.weir("site", "add", site, domain)).isEqualTo(2);

        assertThat(typed.err()).startsWith("weir: " + message);
        assertThat(typed.err().lines()).hasSize(2).last().isEqualTo("Try 'weir site add --help'.");
        assertThat(typed.out()).isEmpty();
        assertThat(ask("select count(*) from weir.site")).isEqualTo(before);
    }

    @Test
    void oneSiteHasOneNameAndOneNameOneSite() throws SQLException {
        assertThat(typed.weir("site", "add", "7", "example.com")).isZero();
        assertThat(typed.weir("site", "add", "8", "EXAMPLE.com")).isEqualTo(1);
        assertThat(typed.weir("site", "add", "7", "example.org")).isEqualTo(1);
        assertThat(typed.weir("site", "add", "7", "example.com")).isEqualTo(1);

        assertThat(typed.err().lines())
                .containsExactly(
                        "weir: example.com is already the domain of site 7",
                        "weir: site 7 already has the domain example.com",
                        "weir: site 7 already has the domain example.com");
        assertThat(ask("select count(*) from weir.site")).isEqualTo("1");
    }

    @Test
    void hostsBelongToSitesFromAnInstantOn() throws SQLException {
        assertThat(typed.weir("site", "add", "0", "example.com", "--from", "ever")).isZero();
        assertThat(
                        typed.weir(
                                "site",
                                "add-host",
                                "0",
                                "WWW.bücher.example",
                                "--from",
                                "2026-11-20T12:00:00+02:00"))
                .isZero();
        assertThat(
                        typed.weir(
                                "site",
                                "add-host",
                                "9",
                                "example.com",
                                "--from",
                                "2026-11-20T11:00:00Z"))
                .isZero();
        assertThat(
                        typed.weir(
                                "site",
                                "remove-host",
                                "example.com",
                                "--from",
                                "2026-11-20T12:00:00Z"))
                .isZero();
        assertThat(typed.out().lines())
                .containsExactly(
                        "site 0 is example.com",
                        "www.xn--bcher-kva.example belongs to site 0 for requests that arrive from"
                                + " 2026-11-20 10:00:00Z on",
                        "example.com belongs to site 9 for requests that arrive from 2026-11-20"
                                + " 11:00:00Z on",
                        "example.com belongs to no site for requests that arrive from 2026-11-20"
                                + " 12:00:00Z on");
        typed.forget();

        assertThat(typed.weir("site", "add-host", "3", "www.example.org:443", "--from", "ever"))
                .isZero();
        assertThat(typed.out().lines())
                .containsExactly("www.example.org belongs to site 3 for all requests");
        typed.forget();

        assertThat(typed.weir("site", "hosts")).isZero();
        assertThat(typed.out().lines().map(line -> line.replaceAll(" +", " ")))
                .containsExactly(
                        "host site from",
                        "example.com 0 ever",
                        "example.com 9 2026-11-20 11:00:00Z",
                        "example.com none 2026-11-20 12:00:00Z",
                        "www.example.org 3 ever",
                        "www.xn--bcher-kva.example 0 2026-11-20 10:00:00Z");
    }

    @Test
    void byDefaultAHostBelongsToItsSiteHalfAMinuteLater() throws SQLException {
        assertThat(typed.weir("site", "add-host", "7", "example.com")).isZero();

        assertThat(
                        ask(
                                "select holds_from - made_at > interval '28s' and holds_from - made_at"
                                        + " <= interval '30s' from weir.site_host"))
                .isEqualTo("t");
    }

    @Test
    void whatHeldBeforeIsNotChangedAnyMore() throws SQLException {
        assertThat(typed.weir("site", "add-host", "7", "example.com")).isZero();
        typed.forget();
        assertThat(typed.weir("site", "add-host", "8", "example.com", "--from", "ever"))
                .isEqualTo(2);
        assertThat(typed.err()).startsWith("weir: example.com belongs to site 7 from ");
        assertThat(typed.weir("site", "add", "8", "example.com")).isEqualTo(1);
        assertThat(typed.err()).contains("weir: example.com is already a host of site 7");
        assertThat(typed.weir("site", "remove-host", "example.org")).isEqualTo(2);
        assertThat(typed.err()).contains("weir: example.org is not a host of any site");
        assertThat(typed.weir("site", "add-host", "8", "example.org", "--from", "tomorrow"))
                .isEqualTo(2);
        assertThat(typed.err()).contains("weir: --from: 'tomorrow' is not a time such as");
        assertThat(ask("select count(*) from weir.site_host")).isEqualTo("1");
    }

    @Test
    void theHostsOfASiteThatIsRemovedBelongToNone() throws SQLException {
        typed.weir("site", "add", "7", "example.com", "--from", "ever");
        typed.weir("site", "add-host", "8", "example.org", "--from", "ever");

        assertThat(typed.weir("site", "remove", "7", "--yes")).isZero();

        assertThat(
                        ask(
                                "select string_agg(host || ' ' || coalesce(site_id::text, 'none'), ', '"
                                        + " order by version) from weir.site_host"))
                .isEqualTo("example.com 7, example.org 8, example.com none");
    }

    @Test
    void theListIsByNumber() {
        typed.weir("site", "add", "10", "b.example");
        typed.weir("site", "add", "9", "c.example");
        typed.forget();

        assertThat(typed.weir("site", "list")).isZero();

        assertThat(typed.out().lines())
                .containsExactly("site  domain", "9     c.example", "10    b.example");
    }

    @ParameterizedTest
    @ValueSource(strings = {"yes\n", " YES \n", "yes"})
    void aSiteIsRemovedAfterAYes(String answer) throws SQLException {
        typed.weir("site", "add", "7", "example.com");
        typed.weir("site", "add", "8", "example.org");
        ask(
                "insert into weir.top_site values (7, 5, 5, 1, '2026-11-24Z', '2026-11-24Z',"
                        + " '2026-11-24 01:00Z', null, '2026-11-24 01:00Z') returning 1");
        typed.forget();

        assertThat(typed.answer(answer).weir("site", "remove", "7")).isZero();
        assertThat(ask("select count(*) from weir.top_site")).isEqualTo("0");

        assertThat(typed.out())
                .startsWith(
                        "Removes site 7 from schema weir in "
                                + server.jdbcUrl()
                                + ": its name, if it has one, and 3 rows of http_request_1min, 2 rows of"
                                + " http_request_1hour, 1 row of http_request_1day")
                .contains("This cannot be undone.")
                .contains(
                        "removed site 7: 3 rows of http_request_1min, 2 rows of http_request_1hour, 1 row"
                                + " of http_request_1day")
                .endsWith(
                        ", its name%nKafka was not asked: its topics hold what came of the site as long as they keep records (--bootstrap-servers says until when)%n"
                                .formatted());
        assertThat(rows(7)).isEqualTo("0");
        assertThat(rows(8)).isEqualTo("6");
        assertThat(ask("select string_agg(domain, ',') from weir.site")).isEqualTo("example.org");
    }

    @ParameterizedTest
    @ValueSource(strings = {"no\n", "y\n", "\n", ""})
    void nothingIsRemovedWithoutAYes(String answer) throws SQLException {
        typed.weir("site", "add", "7", "example.com");

        assertThat(typed.answer(answer).weir("site", "remove", "7")).isEqualTo(1);

        assertThat(typed.err().lines()).singleElement().asString().contains("nothing was done");
        assertThat(rows(7)).isEqualTo("6");
        assertThat(ask("select count(*) from weir.site")).isEqualTo("1");
    }

    @Test
    void nothingIsRemovedIfKafkaCannotBeAsked() throws SQLException {
        assertThat(typed.weir("site", "remove", "7", "--yes", "--bootstrap-servers", "nonsense"))
                .isEqualTo(1);

        assertThat(typed.err()).contains("--bootstrap-servers: nonsense cannot be used");
        assertThat(rows(7)).isEqualTo("6");
    }

    @Test
    void tenantsThatStillNameTheSiteAreNamed() throws SQLException {
        execute("select weir.set_tenant('shop', '{7,8}')");

        assertThat(typed.weir("site", "remove", "7", "--yes")).isZero();

        assertThat(typed.out().lines())
                .hasSize(3)
                .contains("tenant shop still names site 7: use weir tenant set or remove");
        execute("select weir.drop_tenant('shop')");
        typed.forget();

        assertThat(typed.weir("site", "remove", "8", "--yes")).isZero();
        assertThat(typed.out()).doesNotContain("Type yes", "tenant");
    }

    @Test
    void itIsForTheOwnerOfASchemaThatIsThere() throws SQLException {
        Typed stranger = Typed.at(server.jdbcUrl(), "stranger");
        assertThat(stranger.weir("site", "add", "7", "example.com")).isEqualTo(1);
        assertThat(stranger.weir("site", "remove", "7", "--yes")).isEqualTo(1);
        assertThat(stranger.err().lines())
                .hasSize(2)
                .allMatch(line -> line.endsWith("run it as the schema's owner"));
        assertThat(rows(7)).isEqualTo("6");

        assertThat(typed.weir("site", "list", "--schema", "nowhere")).isEqualTo(1);
        assertThat(typed.weir("site", "list", "--schema", "a;drop")).isEqualTo(1);
        assertThat(typed.err())
                .contains("schema nowhere in " + server.jdbcUrl() + " is missing or old")
                .contains("'a;drop' cannot name a schema");
    }

    private static void fill(String grain, String... offsets) throws SQLException {
        execute("delete from weir.http_request_" + grain);
        for (String offset : offsets) {
            execute(
                    "insert into weir.http_request_%s select site, date_trunc('day', now(), 'UTC') + interval '%s', 1, 1, 0, 0, 0, null, 7, '\\x118b40', '{}', '{}', '{}', true, true, now() from generate_series(7, 8) as site"
                            .formatted(grain, offset));
        }
    }

    private static String rows(int site) throws SQLException {
        return ask("select sum(row_count) from weir.site_rows(" + site + ")");
    }

    private static void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static String ask(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            rows.next();
            return String.valueOf(rows.getString(1));
        }
    }

    private static Connection connect() throws SQLException {
        return DriverManager.getConnection(server.jdbcUrl(), server.user(), "");
    }
}
