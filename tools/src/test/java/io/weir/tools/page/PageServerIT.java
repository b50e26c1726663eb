package io.weir.tools.page;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.alibaba.fastjson2.JSON;
import com.alibaba.fastjson2.JSONObject;
import io.weir.database.SchemaName;
import io.weir.tools.connect.CommandException;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The page's answers over plain HTTP, from a PostgreSQL with the rows of ten minutes. */
class PageServerIT {

    private static final Instant NOON = Instant.parse("2024-03-10T12:00:00Z");
    private static final String RANGE =
            "from=" + NOON.getEpochSecond() + "&to=" + (NOON.getEpochSecond() + 600);

    private static PageStore store;

    private final HttpClient client = HttpClient.newHttpClient();
    private PageServer page;

    @BeforeAll
    static void fill(@TempDir Path folder) throws SQLException {
        store = new PageStore(folder);
        store.execute("update weir.retention_policy set keep = null");
        for (int m = 0; m < 10; m++) {
            store.count(1, NOON.plus(m, ChronoUnit.MINUTES), 20);
        }
        store.count(2, NOON.plus(4, ChronoUnit.MINUTES), 40);
        store.write(NOON.plus(8, ChronoUnit.MINUTES));
        store.execute(
                "insert into weir.site (site_id, domain) values (2, 'shop.example'),"
                        + " (3, 'quiet.example')");
    }

    @AfterAll
    static void stop() {
        store.close();
    }

    @BeforeEach
    void serve() {
        page = PageServer.start(store.database(), PageStore.SCHEMA, "127.0.0.1", 0);
    }

    @AfterEach
    void end() {
        page.close();
    }

    @Test
    void answersTheTotalsOfAllSitesAndOfOne() throws Exception {
        assertThat(row("totals?" + RANGE))
                .containsEntry("requests", 240)
                .containsEntry("error_rate", new BigDecimal("0.1"))
                .containsEntry("unique_visitors", new BigDecimal("7.0"));
        assertThat(row("totals?site=2&" + RANGE))
                .containsEntry("requests", 40)
                .containsEntry("unique_visitors", new BigDecimal("7.0"));
    }

    @Test
    void answersASeriesWithTimesInSeconds() throws Exception {
        JSONObject answer = answer("requests?site=1&" + RANGE);

        assertThat(answer.getJSONArray("columns")).containsExactly("time", "requests", "errors");
        assertThat(answer.getIntValue("step")).isEqualTo(60);
        assertThat(answer.getJSONArray("rows"))
                .hasSize(10)
                .startsWith(
                        JSON.parseArray("[" + NOON.getEpochSecond() + ",20,2]"),
                        JSON.parseArray("[" + (NOON.getEpochSecond() + 60) + ",20,2]"));
    }

    @Test
    void answersASeriesOfFewerPointsWhenFewerAreAskedFor() throws Exception {
        JSONObject answer = answer("requests?site=1&points=1&" + RANGE);

        assertThat(answer.getIntValue("step")).isEqualTo(3600);
        assertThat(answer.getJSONArray("rows"))
                .containsExactly(JSON.parseArray("[" + NOON.getEpochSecond() + ",200,20]"));
    }

    @Test
    void answersTheSitesWithTheirNames() throws Exception {
        JSONObject answer = answer("sites?" + RANGE);

        assertThat(rows(answer))
                .extracting(
                        row -> List.of(row.get("site_id"), row.get("domain"), row.get("requests")))
                .containsExactly(List.of(1, "site 1", 200), List.of(2, "shop.example", 40));
    }

    @Test
    void answersCodesAndCountries() throws Exception {
        assertThat(rows(answer("countries?site=2&" + RANGE)))
                .extracting(row -> row.get("country") + " " + row.get("requests"))
                .containsExactly("BR 30", "DE 10");
        assertThat(rows(answer("status_codes?site=2&" + RANGE)))
                .extracting(row -> row.get("status") + " " + row.get("requests"))
                .containsExactly("200 36", "503 4");
    }

    @Test
    void saysWhichMinutesAreProvisional() throws Exception {
        assertThat(rows(answer("provisional?site=1&" + RANGE)))
                .extracting(row -> row.get("state"))
                .containsExactly(
                        "final",
                        "final",
                        "final",
                        "final",
                        "final",
                        "final",
                        "final",
                        "final",
                        "provisional",
                        "provisional",
                        null);
    }

    @Test
    void saysWhichTimesTheStoreHolds() throws Exception {
        assertThat(answer("store"))
                .containsEntry("oldest", (int) NOON.getEpochSecond())
                .containsEntry("newest", (int) NOON.getEpochSecond() + 540)
                .containsEntry("elections", true);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '`',
            value = {
                "site=1              | {\"site\":1,\"domain\":null,\"newest\":540}",
                "site=2              | {\"site\":2,\"domain\":\"shop.example\",\"newest\":240}",
                "domain=shop.example | {\"site\":2,\"domain\":\"shop.example\",\"newest\":240}",
                "site=3              | {\"site\":3,\"domain\":\"quiet.example\",\"newest\":null}",
                "site=4              | {\"site\":null,\"domain\":null,\"newest\":null}",
                "domain=no.example   | {\"site\":null,\"domain\":null,\"newest\":null}",
            })
    void saysWhetherASiteIsKnownAndWhenItsNewestRowIs(String question, String expected)
            throws Exception {
        JSONObject wanted = JSON.parseObject(expected);
        wanted.computeIfPresent(
                "newest", (name, second) -> (int) NOON.getEpochSecond() + (int) second);

        assertThat(answer("site?" + question)).isEqualTo(wanted);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "countries",
                "elections",
                "provisional",
                "requests",
                "response_times",
                "sites",
                "status_codes",
                "top_sites",
                "totals",
                "unique_visitors"
            })
    void answersEveryNamedQueryOfThePage(String name) throws Exception {
        assertThat(answer(name + "?from=3h").getJSONArray("columns")).isNotEmpty();
        assertThat(answer(name + "?from=30d&site=2147483647").getJSONArray("rows")).isNotNull();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "site=one              | site: 'one' must be a number from 0 to 2147483647",
                "site=-1               | site: '-1' must be a number",
                "site=2147483648       | site: '2147483648' must be",
                "site=1;drop           | site: '1;drop' must be",
                "points=0              | points: '0' must be a number from 1 to 2000",
                "points=2001           | points: '2001' must be",
                "from=yesterday        | from: 'yesterday' is neither seconds since 1970",
                "from=3w               | from: '3w' is neither",
                "to=3h                 | to: '3h' is neither",
                "to=999999999999       | to: '999999999999' is neither",
                "from=20&to=20         | from must be before to",
                "from=20&to=10         | from must be before to",
                "site=1&site=2         | site is given twice",
                "domain=Shop.example   | domain: 'Shop.example' is not a domain",
                "domain=%00            | domain: '",
                "limit=1               | 'limit' is not a parameter",
                "site                  | site: '' must be",
            })
    void saysWhatIsWrongWithAParameter(String parameters, String message) throws Exception {
        HttpResponse<String> response = get("api/totals?" + parameters);

        assertThat(response.statusCode()).isEqualTo(400);
        assertThat(error(response)).contains(message);
    }

    @Test
    void writesJsonWhateverIsInTheText() throws Exception {
        assertThat(error(get("api/totals?site=%22%5C%09%00%C3%A9")))
                .startsWith("site: '\"\\\t\0\u00e9' must be a number");
    }

    @Test
    void hasNothingElseToSay() throws Exception {
        assertThat(get("api/nonsense").statusCode()).isEqualTo(404);
        assertThat(get("api/").statusCode()).isEqualTo(404);
        assertThat(get("../weir/page/page.js").statusCode()).isEqualTo(404);
        assertThat(get("weir/queries/totals.sql").statusCode()).isEqualTo(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"POST", "PUT", "DELETE", "OPTIONS", "HEAD"})
    void onlyReads(String method) throws Exception {
        HttpResponse<String> response =
                client.send(
                        request("api/totals")
                                .method(method, HttpRequest.BodyPublishers.noBody())
                                .build(),
                        HttpResponse.BodyHandlers.ofString());

        assertThat(response.statusCode()).isEqualTo(405);
        assertThat(response.headers().firstValue("Allow")).contains("GET");
    }

    @Test
    void itsSessionsCannotWriteNorWaitForLong() throws Exception {
        try (StoreSessions sessions = new StoreSessions(store.database(), PageStore.SCHEMA, 1)) {
            assertThatThrownBy(
                            () ->
                                    sessions.ask(
                                            session ->
                                                    session.rows(
                                                            "delete from ${schema}.http_request_1min"
                                                                    + " returning 1")))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("read-only transaction");
            List<List<String>> timeout =
                    sessions.ask(session -> session.rows("show statement_timeout"));
            assertThat(timeout).containsExactly(List.of("10s"));
        }
    }

    @Test
    void showsOfALongTextWhatFits() throws Exception {
        String emoji = "%F0%9F%98%80"; // two chars in Java, of which the first one is shown

        assertThat(error(get("api/totals?site=" + "x".repeat(39) + emoji)))
                .startsWith("site: '" + "x".repeat(39) + "?...' must be a number");
    }

    @ParameterizedTest
    @CsvSource({
        "'', text/html",
        "page.css, text/css",
        "page.js, text/javascript",
        "views.js, text/javascript",
        "answers.js, text/javascript",
        "chart.js, text/javascript",
        "table.js, text/javascript",
        "numbers.js, text/javascript",
        "icon.svg, image/svg+xml",
        "uplot.css, text/css",
        "uplot.js, text/javascript",
        "api/store, application/json",
        "api/nonsense, application/json"
    })
    void everyResponseIsBoundToThisHost(String path, String type) throws Exception {
        Map<String, List<String>> headers = get(path).headers().map();

        assertThat(headers.get("content-type")).containsExactly(type + "; charset=utf-8");
        assertThat(headers)
                .hasEntrySatisfying(
                        "content-security-policy",
                        policies ->
                                assertThat(policies.get(0))
                                        .startsWith("default-src 'self';")
                                        .doesNotContain("unsafe", "http:", "https:"));
        assertThat(headers.get("x-content-type-options")).containsExactly("nosniff");
        assertThat(headers.get("referrer-policy")).containsExactly("no-referrer");
    }

    @Test
    void refusesToBeReadUnderANameThatIsNotThisMachines() throws Exception {
        assertThat(status("/api/store", "localhost")).isEqualTo(200);
        assertThat(status("/api/store", "127.0.0.1:8088")).isEqualTo(200);
        assertThat(status("/api/store", "evil.example")).isEqualTo(403);
        assertThat(status("/", "127.0.0.1.evil.example")).isEqualTo(403);
    }

    @Test
    void saysSoWhileTheDatabaseIsDownAndAnswersAgainWhenItIsBack() throws Exception {
        assertThat(get("api/totals?" + RANGE).statusCode()).isEqualTo(200);

        store.stop();
        HttpResponse<String> down = get("api/totals?" + RANGE);
        HttpResponse<String> still = get("api/totals?" + RANGE);
        store.startAgain();

        assertThat(down.statusCode()).isEqualTo(503);
        assertThat(error(down)).isEqualTo("the database does not answer");
        assertThat(still.body())
                .isEqualTo(down.body())
                .doesNotContain("Exception", "not-to-be-seen", "jdbc");
        assertThat(row("totals?" + RANGE)).containsEntry("requests", 240);
    }

    @Test
    void answersATenantOfItsSiteAndSaysWhatItDoesNotSee() throws Exception {
        store.tenant("tenant", 2);
        page.close();
        page = PageServer.start(store.database("tenant"), PageStore.SCHEMA, "127.0.0.1", 0);

        assertThat(answer("store")).containsEntry("elections", false);
        assertThat(row("totals?" + RANGE)).containsEntry("requests", 40);
        assertThat(rows(answer("sites?" + RANGE)))
                .extracting(row -> row.get("domain"))
                .containsExactly("shop.example");
        assertThat(answer("site?site=1")).containsEntry("site", null);
        for (String name :
                List.of(
                        "countries",
                        "provisional",
                        "requests",
                        "response_times",
                        "status_codes",
                        "top_sites",
                        "unique_visitors")) {
            assertThat(answer(name + "?site=2&" + RANGE)).containsKey("rows");
        }
        assertThat(error(get("api/elections?" + RANGE)))
                .isEqualTo(
                        "the database user may not read this (ERROR: permission denied for table"
                                + " top_site_election): only the owner of schema weir can allow"
                                + " it");
    }

    @Test
    void saysWhenTheSchemaIsNotThere() throws Exception {
        page.close();
        page = PageServer.start(store.database(), new SchemaName("elsewhere"), "127.0.0.1", 0);

        HttpResponse<String> response = get("api/totals");

        assertThat(response.statusCode()).isEqualTo(503);
        assertThat(error(response))
                .isEqualTo("schema elsewhere is missing or old: run weir schema migrate first");
    }

    @Test
    void saysWhenThePortIsTaken() {
        int port = URI.create(page.address()).getPort();

        assertThatThrownBy(
                        () ->
                                PageServer.start(
                                        store.database(), PageStore.SCHEMA, "127.0.0.1", port))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("127.0.0.1:" + port + " (Address already in use)");
    }

    private Map<String, Object> row(String question) throws Exception {
        return rows(answer(question)).get(0);
    }

    private static List<Map<String, Object>> rows(JSONObject answer) {
        List<String> columns = answer.getList("columns", String.class);
        return answer.getJSONArray("rows").stream()
                .map(
                        values -> {
                            Map<String, Object> row = new LinkedHashMap<>();
                            for (int i = 0; i < columns.size(); i++) {
                                row.put(columns.get(i), ((List<?>) values).get(i));
                            }
                            return row;
                        })
                .toList();
    }

    private JSONObject answer(String question) throws Exception {
        HttpResponse<String> response = get("api/" + question);
        assertThat(response.statusCode()).describedAs(response.body()).isEqualTo(200);
        return JSON.parseObject(response.body());
    }

    private static String error(HttpResponse<String> response) {
        JSONObject body = JSON.parseObject(response.body());
        assertThat(body).containsOnlyKeys("error");
        return body.getString("error");
    }

    private HttpResponse<String> get(String path) throws Exception {
        return client.send(request(path).build(), HttpResponse.BodyHandlers.ofString());
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(page.address() + path));
    }

    /** The status of a request that Java's client would not send. */
    private int status(String path, String host) throws IOException {
        URI address = URI.create(page.address());
        try (Socket socket = new Socket(address.getHost(), address.getPort())) {
            socket.getOutputStream()
                    .write(
                            "GET %s HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n"
                                    .formatted(path, host)
                                    .getBytes(UTF_8));
            String response = new String(socket.getInputStream().readAllBytes(), UTF_8);
            return Integer.parseInt(response.split(" ", 3)[1]);
        }
    }
}
