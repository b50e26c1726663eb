package io.weir.tools.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.traffic.Grain;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;

/** The page as a browser shows it. */
class PageIT {

    private static final Duration LONG = Duration.ofSeconds(40);
    private static final double SECONDS_TO_DRAW = 2;
    private static final int SITES = 12;
    private static final String FAILED = "Failed to load resource";

    /**
     * How many points of the first chart have the colour of its line, in its middle from left to
     * right.
     */
    private static final String COLOURED_AT_HALF_HEIGHT =
            """
            () => {
              const canvas = document.querySelector('#overview canvas');
              const row = canvas.getContext('2d').getImageData(0, canvas.height / 2, canvas.width, 1).data;
              let opaque = 0;
              for (let i = 0; i < row.length; i += 4) opaque += row[i] < 100 && row[i + 2] > 130 && row[i + 3] > 200;
              return opaque;
            }""";

    private static Browser browser;
    private static PageStore store;

    private final Instant now = Instant.now().truncatedTo(ChronoUnit.MINUTES);
    private PageServer page;

    @BeforeAll
    static void start(@TempDir Path folder) {
        browser = Browser.start(PageIT.class, folder.resolve("profile"));
        store = new PageStore(folder);
    }

    @AfterAll
    static void stop() {
        if (store != null) {
            store.close();
        }
        if (browser != null) {
            browser.close();
        }
    }

    /** Forty minutes until now, of which the last two are provisional. */
    @BeforeEach
    void serve() throws SQLException {
        store.clear();
        for (int m = 1; m <= 40; m++) {
            for (int site = 1; site <= SITES; site++) {
                store.count(site, minutesAgo(m), 10 * (SITES + 1 - site) + m % 5);
            }
        }
        store.write(minutesAgo(2));
        elect(minutesAgo(200));
        elect(minutesAgo(20));
        for (String site : List.of("3, 1500, 200, 3", "1, 900, 100, 1")) {
            store.execute(
                    "insert into weir.top_site values (%s, '%s', '%s', '%s', null, '%4$s')"
                            .formatted(site, minutesAgo(320), minutesAgo(21), minutesAgo(20)));
        }
        store.execute("insert into weir.site values (3, 'shop.example'), (99, 'quiet.example')");
        page = PageServer.start(store.database(), PageStore.SCHEMA, "127.0.0.1", 0);
        browser.resize(1280, 900);
        browser.prefer("light");
    }

    @AfterEach
    void end() {
        page.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"#/", "#/site/3", "#/election"})
    void drawsWithinTwoSecondsFromThisHostAlone(String view) {
        int before = browser.requested().size();
        double fastest = SECONDS_TO_DRAW;
        // the best of three: the machine may be busy with something else
        for (int i = 0; i < 3 && fastest >= SECONDS_TO_DRAW; i++) {
            open(view);
            fastest = Math.min(fastest, drawnAfterSeconds());
        }

        assertThat(fastest).isLessThan(SECONDS_TO_DRAW);
        assertThat(browser.console()).isEmpty();
        List<String> requested = browser.requested();
        assertThat(requested.subList(before, requested.size()))
                .contains(page.address() + "uplot.js")
                .allSatisfy(
                        address ->
                                assertThat(address)
                                        .matches(
                                                a ->
                                                        a.startsWith(page.address())
                                                                || a.equals("about:blank")));
    }

    @Test
    void showsAllSites() {
        open("#/");

        assertThat(tile("#overview", "Requests")).isEqualTo(grouped(sumOfAll()));
        assertThat(tile("#overview", "Unique visitors")).isEqualTo("7");
        assertThat(browser.ask("document.querySelectorAll('#overview canvas').length"))
                .isEqualTo(2L);
        assertThat(browser.text("#overview [data-slot=sites] tbody tr:first-child"))
                .startsWith("site 1");
        assertThat(
                        browser.ask(
                                "document.querySelectorAll('#overview [data-slot=sites] tbody tr').length"))
                .isEqualTo((long) SITES);
    }

    /** A bucket of all sites is summed from a row of each: fewer of them keep a day quick. */
    @Test
    void aDayIsByMinuteForOneSiteAndByHourForAllSites() {
        open("#/site/3?range=24h");

        assertThat(browser.text("#site [data-slot=requests] h2")).endsWith("by minute");

        open("#/?range=24h");

        assertThat(browser.text("#overview [data-slot=requests] h2")).endsWith("by hour");
    }

    @Test
    void callsARateARateAndSaysWhatAnErrorIs() {
        open("#/");

        assertThat(browser.text("#overview [data-slot=sites] thead"))
                .contains("Error rate")
                .doesNotContain("Errors");
        assertThat(browser.text("footer"))
                .contains("An error is a request answered with status 400 or more.");
    }

    @Test
    void isLiveWhileTheNewestMinuteIsOneThatMayHaveJustBeenWritten() throws SQLException {
        store.count(1, Instant.now().truncatedTo(ChronoUnit.MINUTES), 5);
        store.write(minutesAgo(2));

        open("#/");

        assertThat(browser.text("#status"))
                .matches("Live: newest minute \\d\\d:\\d\\d UTC, asked at [0-9:]{8}");
    }

    @Test
    void isNotLiveWhenNoNewMinuteCame() throws SQLException {
        store.clear();
        store.count(1, minutesAgo(5), 5);
        store.write(now);

        open("#/");

        assertThat(browser.text("#status"))
                .matches(
                        "Newest minute "
                                + clock(minutesAgo(5))
                                + " UTC, [56] min ago, asked at [0-9:]{8}");
        assertThat(browser.text("#overview .note"))
                .isEqualTo("○ The newest minute: " + minute(5) + ", perhaps cut short.");
    }

    @Test
    void showsOneSite() {
        open("#/site/3");

        assertThat(browser.text("#site h1")).isEqualTo("shop.example, site 3");
        assertThat(browser.text("#site [data-slot=provisional]"))
                .contains("2 minutes between ", " UTC are provisional: ");
        assertThat(browser.text("#site [data-slot=codes]")).contains("Service Unavailable");
        assertThat(browser.text("#site [data-slot=countries]")).contains("Brazil", "Germany");
        assertThat(browser.ask("document.querySelectorAll('#site canvas').length")).isEqualTo(3L);
    }

    @Test
    void followsNewMinutes() throws SQLException {
        open("#/site/12");
        String before = tile("#site", "Requests");

        assertThat(browser.text("#site .u-legend")).contains(minute(2), "Requests12");

        store.count(12, minutesAgo(0), 10_000);
        store.write(minutesAgo(2));

        await().atMost(LONG)
                .untilAsserted(() -> assertThat(tile("#site", "Requests")).isNotEqualTo(before));
        assertThat(number(tile("#site", "Requests"))).isEqualTo(number(before) + 10_000);
        assertThat(browser.text("#site [data-slot=provisional]")).startsWith("3 minutes between ");
        assertThat(browser.text("#site .u-legend")).contains(minute(1), "Requests11");
        assertThat(browser.text("#site .note"))
                .isEqualTo("○ The newest minute: " + minute(0) + ", still filling.");
    }

    @Test
    void noLineFallsToAMinuteThatIsStillFilling() throws SQLException {
        store.clear();
        for (int m = 1; m <= 40; m++) {
            store.count(1, minutesAgo(m), 200);
        }
        store.count(1, minutesAgo(0), 3);
        store.write(minutesAgo(2));

        open("#/");

        assertThat(browser.ask("(" + COLOURED_AT_HALF_HEIGHT + ")()")).isEqualTo(0L);
        browser.ask("document.querySelector('#overview details summary').click()");
        await().atMost(LONG)
                .untilAsserted(
                        () ->
                                assertThat(browser.text("#overview details tbody tr"))
                                        .isEqualTo(minute(0) + ", still filling\t3\t0"));
        assertThat(browser.text("#overview details tbody tr:nth-child(2)"))
                .isEqualTo(minute(1) + "\t200\t20");
    }

    @ParameterizedTest
    @CsvSource({"7d, hour, 13", "all, day, 10"})
    void anHourOrADayThatIsStillFillingIsNoFallEither(String range, String grain, int length)
            throws SQLException {
        store.clear();
        String longAgo = minutesAgo(100 * 24 * 60).truncatedTo(ChronoUnit.DAYS).toString();
        store.execute(
                "select weir.ensure_partitions('http_request_1day', '%1$s', '%1$s')"
                        .formatted(longAgo));
        store.execute(
                "insert into weir.http_request_1day values (1, '%s', 3, 3, 0, 0, 0, null, 0, '\\x118b40', '{\"BR\": 3}', '{\"200\": 3}', '{}', true, true, now())"
                        .formatted(longAgo));
        for (int h = 0; h <= 48; h++) {
            store.count(1, minutesAgo(60 * h), h == 0 ? 1 : 100);
        }
        store.write(now.minus(2, ChronoUnit.HOURS));

        open("#/?range=" + range);

        assertThat(browser.text("#overview h2")).endsWith("by " + grain);
        assertThat(browser.text("#overview .note"))
                .startsWith("○ The newest " + grain + ": " + minute(0).substring(0, length))
                .endsWith(", still filling.");
    }

    @Test
    void keepsTheNumbersWhileTheDatabaseIsDownAndGoesOnWhenItIsBack() throws SQLException {
        open("#/");
        String before = tile("#overview", "Requests");

        store.stop();
        await().atMost(LONG).until(() -> browser.shows("#banner"));
        String banner = browser.text("#banner");
        String kept = tile("#overview", "Requests");
        store.startAgain();
        await().atMost(LONG).until(() -> !browser.shows("#banner"));

        assertThat(banner)
                .startsWith("The database does not answer. The numbers below are of ")
                .endsWith("Asking again every 5 s.");
        assertThat(kept).isEqualTo(before);
        assertThat(browser.text("#status")).contains("ewest minute ");
        assertThat(browser.console()).allSatisfy(line -> assertThat(line).contains(FAILED, "503"));
    }

    @Test
    void saysThatTheStoreIsEmptyAndFillsByItself() throws SQLException {
        store.clear();
        browser.open(page.address() + "#/");
        await().atMost(LONG).until(() -> browser.shows("#empty"));

        assertThat(browser.text("#empty")).contains("No rows yet");
        assertThat(browser.shows("#overview")).isFalse();

        store.count(1, minutesAgo(1), 30);
        store.write(minutesAgo(1));

        await().atMost(LONG).until(PageIT::isDrawn);
        assertThat(tile("#overview", "Requests")).isEqualTo("30");
        assertThat(browser.shows("#empty")).isFalse();
    }

    @Test
    void endsAtTheNewestRowWhenThatIsOld() throws SQLException {
        store.clear();
        Instant longAgo = Instant.parse("2015-05-17T10:00:00Z");
        store.execute("update weir.retention_policy set keep = null");
        for (int m = 0; m < 30; m++) {
            store.count(7, longAgo.plus(m, ChronoUnit.MINUTES), 10);
        }
        store.write(now);

        open("#/");

        assertThat(browser.text("#status"))
                .isEqualTo("The newest minute is 2015-05-17 10:29 UTC: the time range ends there");
        assertThat(browser.text("#overview [data-slot=range]"))
                .isEqualTo("2015-05-17 09:30 to 2015-05-17 10:30 UTC");
        assertThat(tile("#overview", "Requests")).isEqualTo("300");
    }

    @Test
    void theListIsOfAllElectionsWhateverTimeIsChosen() {
        open("#/election");
        String list = browser.text("#election [data-slot=list]");

        assertThat(list)
                .contains("Requests an hour", "shop.example", "site 1", "3 times", "1 time\t");
        assertThat(browser.text("#election .panel h2"))
                .isEqualTo(
                        "The list as it is now, after all elections, whatever time range is chosen");
        assertThat(electionsHeld()).isEqualTo(1L);

        open("#/election?range=6h");

        assertThat(browser.text("#election [data-slot=list]")).isEqualTo(list);
        assertThat(electionsHeld()).isEqualTo(2L);
        assertThat(browser.text("#election [data-slot=range]"))
                .startsWith("in the chosen time range, ");
    }

    @Test
    void theLastElectionIsShownThoughItLiesBeforeTheChosenTime() throws SQLException {
        store.execute(
                "delete from weir.top_site_election where election > '%s'"
                        .formatted(minutesAgo(100)));

        open("#/election");

        assertThat(electionsHeld()).isEqualTo(0L);
        assertThat(tile("#election", "Last election, " + minute(200).substring(0, 10)))
                .isEqualTo(clock(minutesAgo(200)) + " UTC");
    }

    @Test
    void aTenantSeesItsOwnSitesInTheListAndNoElection() throws SQLException {
        store.tenant("tenant", 3);
        page.close();
        page = PageServer.start(store.database("tenant"), PageStore.SCHEMA, "127.0.0.1", 0);

        open("#/election");

        assertThat(browser.text("#election [data-slot=list]"))
                .contains("shop.example")
                .doesNotContain("site 1");
        assertThat(browser.shows("#election [data-slot=own]")).isTrue();
        assertThat(browser.shows("#election [data-slot=held]")).isFalse();
        assertThat(browser.shows("#election [data-slot=last]")).isFalse();
        assertThat(browser.shows("#banner")).isFalse();

        open("#/site/3");
        assertThat(browser.text("#site h1")).isEqualTo("shop.example, site 3");
        assertThat(browser.shows("#banner")).isFalse();
    }

    @Test
    void sitesOfTheListLeadToTheirNumbers() {
        open("#/election?range=6h");

        browser.tabTo("shop.example");
        browser.press(Keys.ENTER);

        awaitHeading("shop.example, site 3");
        assertThat(browser.ask("location.hash")).isEqualTo("#/site/3?range=6h");
    }

    @Test
    void aSiteIsFoundByItsNumberAndByItsDomain() {
        open("#/site/3");
        assertThat(browser.ask("document.getElementById('site-name').value"))
                .isEqualTo("shop.example");

        typeSite("5");
        awaitHeading("Site 5");
        assertThat(browser.ask("document.getElementById('site-name').value")).isEqualTo("5");

        typeSite("Shop.Example");
        awaitHeading("shop.example, site 3");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "98           | No such site: 98           | The store has no rows of it and no name for it.",
                "no.example   | No such site: no.example   | The store has no rows of it and no name for it.",
                "no site      | No such site: no site      | The store has no rows of it and no name for it.",
                "99999999999  | No such site: 99999999999  | The store has no rows of it and no name for it.",
                "99           | quiet.example, site 99     | It has a name, but no rows.",
            })
    void saysWhyASiteHasNoNumbers(String site, String heading, String reason) {
        open("#/site/" + site);

        assertThat(browser.text("#site h1")).isEqualTo(heading);
        assertThat(browser.text("#absent")).contains(reason);
        assertThat(browser.shows("#site .tiles")).isFalse();
        assertThat(browser.shows("[data-slot=wider]")).isFalse();

        browser.tabTo("Look at all sites");
        browser.press(Keys.ENTER);
        await().atMost(LONG).until(() -> browser.shows("#overview .tiles"));
    }

    @Test
    void saysThatASiteHadNoRequestsInTheChosenTime() throws SQLException {
        store.count(50, minutesAgo(130), 30);
        store.write(minutesAgo(2));

        open("#/site/50");
        assertThat(browser.text("#absent"))
                .contains("It had no requests from ")
                .contains("Its newest were at " + minute(130) + " UTC.");
        assertThat(browser.shows("#site .tiles")).isFalse();

        browser.tabTo("Look at all times");
        browser.press(Keys.ENTER);
        await().atMost(LONG).until(() -> tile("#site", "Requests").equals("30"));
        assertThat(browser.shows("#absent")).isFalse();
    }

    @Test
    void oneOtherIsNoOthers() throws SQLException {
        String countries =
                "AT BE BG CH CZ DE DK EE ES FI FR GB GR HR HU IE IT LT LU LV MT"
                        .replaceAll("(\\w\\w) ?", "\"$1\": 1, ")
                        .replaceFirst(", $", "");
        for (Grain grain : Grain.values()) {
            store.execute(
                    "update weir.%s set country_counters = '{%s}' where site_id = 12"
                            .formatted(grain.table(), countries));
        }

        open("#/site/12");

        assertThat(browser.text("#site [data-slot=countries] tbody tr:last-child"))
                .startsWith("\t1 other\t");
    }

    @ParameterizedTest
    @ValueSource(strings = {"#/", "#/site/3", "#/site/98", "#/election"})
    void fitsAPhone(String view) {
        browser.resize(375, 812);
        open(view);

        assertThat((Long) browser.ask("document.documentElement.scrollWidth")).isEqualTo(375);
        assertThat(
                        (Long)
                                browser.ask(
                                        "Math.ceil(Math.max(0, ...[...document.querySelectorAll('main *')]"
                                                + ".filter(e => e.checkVisibility() && !e.closest('.u-wrap'))"
                                                + ".map(e => e.getBoundingClientRect().right)))"))
                .isLessThanOrEqualTo(375);
        assertThat(
                        (Long)
                                browser.ask(
                                        "Math.max(0, ...[...document.querySelectorAll('tbody tr')].map(e => e.offsetHeight))"))
                .describedAs("the highest row")
                .isLessThan(80);
    }

    @Test
    void worksByKeyboardAlone() {
        open("#/");

        browser.press(Keys.TAB);
        assertThat(browser.ask("document.activeElement.innerText"))
                .isEqualTo("Skip to the numbers");
        assertThat(outline()).isEqualTo("solid");
        browser.press(Keys.ENTER);
        assertThat(browser.ask("document.activeElement.id")).isEqualTo("main");

        browser.tabTo("site 2");
        assertThat(outline()).isEqualTo("solid");
        browser.press(Keys.ENTER);
        awaitHeading("Site 2");
        assertThat(browser.ask("document.activeElement.innerText")).isEqualTo("Site 2");

        open("#/site/2");
        browser.tabTo("6h");
        browser.press(Keys.SPACE);
        await().atMost(LONG).until(() -> browser.ask("location.hash").equals("#/site/2?range=6h"));
        assertThat(browser.ask("document.querySelector('[aria-pressed=true]').innerText"))
                .isEqualTo("6h");
        assertThat(browser.ask("document.activeElement.innerText")).isEqualTo("6h");
    }

    @Test
    void chartsAreReadByKeyboardToo() {
        open("#/site/2");
        browser.ask("document.querySelector('#site .plot').focus()");

        browser.press(Keys.END);
        String newest = browser.text("#site .u-legend");
        browser.press(Keys.ARROW_LEFT);

        assertThat(newest).contains(minute(1) + ", ");
        assertThat(browser.text("#site .u-legend")).contains(minute(2));
        browser.ask("document.querySelector('#site details summary').focus()");
        browser.press(Keys.ENTER);
        await().atMost(LONG)
                .until(
                        () ->
                                browser.text("#site details tbody tr")
                                        .contains(minutesAgo(1).toString().substring(11, 16)));
    }

    @Test
    void sortsTheSitesByWhatIsAskedFor() {
        open("#/");

        browser.tabTo("Site");
        browser.press(Keys.ENTER, Keys.ENTER);

        assertThat(browser.text("#overview [data-slot=sites] tbody tr:first-child"))
                .startsWith("site 12");
        assertThat(browser.ask("document.querySelector('[aria-sort]').innerText"))
                .isEqualTo("Site");
    }

    @Test
    void isDarkOrLightAsTheSystemIsOrAsIsChosen() {
        browser.prefer("dark");
        open("#/");
        assertThat(brightness()).isLessThan(60);

        browser.ask("document.getElementById('theme').click()");
        assertThat(brightness()).isGreaterThan(200);

        open("#/");
        assertThat(brightness()).isGreaterThan(200);
        browser.ask("localStorage.clear()");
    }

    @ParameterizedTest
    @ValueSource(strings = {"light", "dark"})
    void wordsStandOutFromTheirGround(String colours) {
        browser.prefer(colours);
        open("#/");

        Object tooFaint =
                browser.ask(
                        """
                        (() => {
                          const light = (c) => {
                            const parts = c.match(/[0-9.]+/g).slice(0, 3).map((v) => v / 255)
                              .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
                            return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
                          };
                          const ground = (e) => {
                            for (; e; e = e.parentElement) {
                              const c = getComputedStyle(e).backgroundColor;
                              if (c !== "rgba(0, 0, 0, 0)") return c;
                            }
                            return "rgb(255, 255, 255)";
                          };
                          return [...document.querySelectorAll("body *")]
                            .filter((e) => e.checkVisibility() && [...e.childNodes].some((n) => n.nodeType === 3 && n.data.trim()))
                            .filter((e) => {
                              const [a, b] = [light(getComputedStyle(e).color), light(ground(e))];
                              return (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05) < 4.5;
                            })
                            .map((e) => e.innerText).join("; ");
                        })()""");

        assertThat(tooFaint).isEqualTo("");
    }

    private static void elect(Instant time) throws SQLException {
        store.execute(
                "insert into weir.top_site_election values ('%1$s', '%1$s', 1, 2, 2, 1, 0, now())"
                        .formatted(time));
    }

    private static Object electionsHeld() {
        return browser.ask(
                "document.querySelectorAll('#election [data-slot=elections] tbody tr').length");
    }

    private static void typeSite(String site) {
        browser.ask("document.getElementById('site-name').focus()");
        browser.press(site, Keys.ENTER);
    }

    private static void awaitHeading(String heading) {
        await().atMost(LONG)
                .until(
                        () ->
                                browser.text("#site h1").equals(heading)
                                        && browser.shows("#site .tiles dd"));
    }

    private void open(String view) {
        browser.open(page.address() + view);
        await().atMost(LONG).pollInterval(Duration.ofMillis(50)).until(PageIT::isDrawn);
    }

    private static boolean isDrawn() {
        return !browser.ask("performance.getEntriesByName('drawn').length").equals(0L);
    }

    private static double drawnAfterSeconds() {
        return ((Number) browser.ask("performance.getEntriesByName('drawn')[0].startTime"))
                        .doubleValue()
                / 1000;
    }

    private static String tile(String view, String name) {
        return String.valueOf(
                browser.ask(
                        "[...document.querySelectorAll('%s .tiles dt')].find((e) => e.innerText === '%s')?.nextSibling.innerText"
                                .formatted(view, name)));
    }

    private static Object outline() {
        return browser.ask("getComputedStyle(document.activeElement).outlineStyle");
    }

    private static int brightness() {
        String colour =
                String.valueOf(browser.ask("getComputedStyle(document.body).backgroundColor"));
        return Integer.parseInt(colour.replaceFirst("\\D+(\\d+).*", "$1"));
    }

    private static long sumOfAll() {
        long sum = 0;
        for (int m = 1; m <= 40; m++) {
            for (int site = 1; site <= SITES; site++) {
                sum += 10L * (SITES + 1 - site) + m % 5;
            }
        }
        return sum;
    }

    private static String grouped(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    private static long number(String text) {
        return Long.parseLong(text.replace(",", ""));
    }

    private String minute(int minutesAgo) {
        return minutesAgo(minutesAgo).toString().replace('T', ' ').substring(0, 16);
    }

    private static String clock(Instant time) {
        return time.toString().substring(11, 16);
    }

    private Instant minutesAgo(int minutes) {
        return now.minus(minutes, ChronoUnit.MINUTES);
    }
}
