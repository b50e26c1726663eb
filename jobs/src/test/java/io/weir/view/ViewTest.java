package io.weir.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.request.KafkaRecord;
import io.weir.request.ReadRecord;
import io.weir.request.RequestDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ViewTest {

    private static final RequestDecoder DECODER = new RequestDecoder(Duration.ofDays(1), null);

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "/products/42/reviews?page=2|/products/{n}/reviews",
                "/products/42/|/products/{n}/",
                "/|/",
                "''|/",
                "?q=1|/",
                "/a;jsessionid=1F00/b;v=2#top|/a/b",
                "https://shop.example.net:8443/Cart/7|/Cart/{n}",
                "https://shop.example.net|/",
                "/u/3f2504e0-4f89-11d3-9a0c-0305e82c3301/x|/u/{id}/x",
                "/commit/9fceb02d0ae598e95dc970b74767f19372d61af8|/commit/{id}",
                "/facade/deadbeefdeadbeef|/facade/deadbeefdeadbeef",
                "/t/aB3dE5gH7jK9mN1pQ3rS5|/t/{id}",
                "/blog/10-best-places-of-2024-and-2025|/blog/10-best-places-of-2024-and-2025",
                "/v2/api|/v2/api",
                "/static/app.3f2a9c81.js|/static/app.3f2a9c81.js",
                "/caf%C3%A9//x|/caf%C3%A9//x",
                "*|*",
            })
    void foldsThePathsOfUrls(String url, String path) {
        assertThat(UrlPath.of(url)).isEqualTo(path);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            nullValues = "none",
            value = {
                "url_path|'\"url\":\"/a/1?b\"'|/a/{n}",
                "url_path|'\"url\":\"\\u002fa\"'|/a",
                "url_path|'\"url\":null'|none",
                "url_path|''|none",
                "url|'\"url\":\"/a/1?b\"'|/a/1?b",
                "url|'\"url\":\"/x\",\"url\":\"/y\"'|/y",
                "referrer_host|'\"referrer\":\"https://u:p@News.Example.ORG:8080/a?b\"'|news.example.org",
                "referrer_host|'\"referrer\":\"https://bücher.de\"'|xn--bcher-kva.de",
                "referrer_host|'\"referrer\":\"-\"'|none",
                "referrer_host|'\"referrer\":\"android-app://com.google/\"'|com.google",
                "country|''|BR",
                "status|''|503",
                "method|'\"method\":\"GET\"'|GET",
                "host|'\"host\":\"Shop.Example.net.:443\"'|shop.example.net",
                "host|'\"host\":\"A_B\"'|a_b",
                "agent|'\"user_agent\":\"curl/8\"'|bot",
                "bot|'\"user_agent\":\"curl/8\"'|curl",
                "bot_purpose|'\"user_agent\":\"curl/8\"'|tool",
                "agent|'\"user_agent\":\"Opera/9 (X11)\"'|browser",
                "browser|'\"user_agent\":\"Opera/9 (X11)\"'|Opera",
                "device|'\"user_agent\":\"Opera/9 (X11)\"'|desktop",
                "bot|'\"user_agent\":\"Opera/9 (X11)\"'|none",
                "agent|'\"user_agent\":17'|unknown",
                "agent|''|unknown",
                "field:tier|'\"tier\":\"gold\"'|gold",
                "field:tier|'\"tier\":1.50'|1.50",
                "field:tier|'\"tier\":true'|true",
                "field:tier|'\"tier\":null'|none",
                "field:tier|'\"tier\":{\"a\":1}'|none",
                "field:tier|'\"Tier\":\"gold\"'|none",
                "field:client|'\"client\":\"192.0.2.7\"'|#",
                "url|'\"url\":\"/who/2001:db8::1/x\"'|/who/#/x",
                "field:tier|'\"tier\":\"a\\u0000b\"'|a\uFFFDb",
            })
    void makesTheKeyOfADimension(String dimension, String member, @Nullable String key) {
        assertThat(keys(view(List.of(dimension), null), request(member)))
                .containsExactly(new ViewKey(key, null));
    }

    @Test
    void twoDimensionsMakeOneKey() {
        assertThat(keys(view(List.of("status", "method"), null), request("\"method\":\"PUT\"")))
                .containsExactly(new ViewKey("503", "PUT"));
    }

    @Test
    void cutsLongKeysBetweenCharacters() {
        String url = "/" + "x".repeat(197) + "\ud83d\ude00yz";

        assertThat(keys(view(List.of("url"), null), request("\"url\":\"" + url + "\"")))
                .containsExactly(new ViewKey("/" + "x".repeat(197) + "\u2026", null));
        assertThat(
                        keys(
                                view(List.of("url"), null),
                                request("\"url\":\"/" + "x".repeat(199) + "\"")))
                .containsExactly(new ViewKey("/" + "x".repeat(199), null));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "status >= 500|true",
                "status < 500|false",
                "bytes_sent = 12 and response_time_msec = 1.5 and country = 'BR'|true",
                "site_id = 7 and event_time > '2026-01-14'|true",
                "url like '/api/%'|true",
                "url_path = '/api/x/{n}'|true",
                "url_path = '/api/x/7'|false",
                "method = 'GET'|true",
                "not (url like '/api/%') or host is null|true",
                "agent = 'bot' and bot = 'bingbot' and bot_purpose = 'search'|true",
                "agent <> 'bot'|false",
                "browser = 'Chrome'|false",
                "user_agent like '%bingbot%' and referrer like 'https://%'|true",
                "field:tier in ('gold', 'silver')|true",
                "field:n > 100|true",
                "field:n > 1000|false",
                "field:is_new = true|true",
                "field:missing = 'x'|false",
                "not (field:missing = 'x')|false",
            })
    void countsWhatItsFilterLetsThrough(String filter, boolean isCounted) {
        ReadRecord request =
                request(
                        "\"url\":\"/api/x/7?q\",\"method\":\"GET\",\"user_agent\":\"bingbot/2.0\",\"referrer\":\"https://a.example/\",\"tier\":\"gold\",\"n\":5e2,\"is_new\":true");

        assertThat(keys(view(List.of("country"), filter), request).isEmpty()).isEqualTo(!isCounted);
    }

    @Test
    void countsOnlyItsSites() {
        ViewVersion version =
                new ViewVersion(1, 1, List.of("country"), null, 10, Set.of(6, 8), true, 0);

        assertThat(keys(version, request(""))).isEmpty();
    }

    @Test
    void saysWhichViewItCannotCount() {
        assertThatThrownBy(() -> View.of(view(List.of("colour"), null)))
                .hasMessageContaining("view_id 1")
                .hasMessageContaining("'colour' is no dimension");
        assertThatThrownBy(() -> View.of(view(List.of("url"), "status >")))
                .hasMessageContaining("view_id 1")
                .hasMessageContaining("at character 9");
        assertThatThrownBy(() -> View.of(view(List.of("field:ip_address"), null)))
                .hasMessageContaining("addresses of clients");
        assertThatThrownBy(() -> View.of(view(List.of("url"), "field:ip_address = '192.0.2.1'")))
                .hasMessageContaining("addresses of clients");
    }

    @Test
    void aVersionHoldsUntilTheNextOne() {
        ViewTable table =
                new ViewTable(
                        List.of(
                                version(1, 1, true, 3_600_000),
                                version(3, 1, false, 10_800_000),
                                version(2, 2, true, Long.MIN_VALUE),
                                version(4, 1, true, 14_400_000),
                                version(5, 2, false, 14_400_000)));

        assertThat(ids(table, 0)).containsExactly(2);
        assertThat(ids(table, 3_600_000)).containsExactly(1, 2);
        assertThat(ids(table, 10_799_999)).containsExactly(1, 2);
        assertThat(ids(table, 10_800_000)).containsExactly(2);
        assertThat(ids(table, 14_400_000)).containsExactly(1);
    }

    @Test
    void aViewThatCannotBeCountedStopsNoOther() {
        ViewTable table =
                new ViewTable(
                        List.of(
                                new ViewVersion(1, 1, List.of("url"), "status >", 9, null, true, 0),
                                version(2, 2, true, 0)));

        assertThat(ids(table, 0)).containsExactly(2);
        assertThat(table.refused())
                .singleElement()
                .asString()
                .contains("view_id 1", "at character 9");
    }

    @Test
    void whatWasRemovedIsNotRefused() {
        ViewVersion broken = new ViewVersion(1, 1, List.of("url"), "status >", 9, null, true, 0);
        ViewTable table = new ViewTable(List.of(version(2, 1, false, 3_600_000), broken));

        assertThat(ids(table, 0)).isEmpty();
        assertThat(table.refused()).isEmpty();
    }

    private static List<Integer> ids(ViewTable table, long millis) {
        return table.at(millis).stream().map(View::id).toList();
    }

    private static ViewVersion version(long version, int view, boolean isActive, long from) {
        return new ViewVersion(version, view, List.of("url"), null, 100, null, isActive, from);
    }

    private static ViewVersion view(List<String> dimensions, @Nullable String filter) {
        return new ViewVersion(1, 1, dimensions, filter, 10, null, true, 0);
    }

    private static List<ViewKey> keys(ViewVersion version, ReadRecord request) {
        List<ViewKey> keys = new ArrayList<>();
        new CountingViews(hour -> List.of(View.of(version)))
                .forEachKey(request, (view, key) -> keys.add(key));
        return keys;
    }

    /** Of site 7, with one more member or several. */
    private static ReadRecord request(String members) {
        String event =
                """
                {"site_id":7,"event_time":"2026-01-15T10:00:00Z","status_code":503,"bytes_sent":12,\
                "response_time_msec":1.5,"request_country":"BR"%s}"""
                        .formatted(members.isEmpty() ? "" : "," + members);
        ReadRecord request = new ReadRecord();
        request.set(
                new KafkaRecord(
                        "t",
                        0,
                        0,
                        1_768_471_200_000L,
                        null,
                        event.getBytes(StandardCharsets.UTF_8),
                        List.of()));
        DECODER.decode(request);
        assertThat(request.isRequest()).as(event).isTrue();
        return request;
    }
}
