package io.weir.tools.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

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
import org.junit.jupiter.params.provider.ValueSource;
import org.openqa.selenium.Keys;

/** The page as a browser shows it. */
class PageIT {

    private static final Duration LONG = Duration.ofSeconds(40);
    private static final double SECONDS_TO_DRAW = 2;
    private static final int SITES = 12;
    private static final String FAILED = "Failed to load resource";

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
        assertThat(browser.text("#status")).startsWith("Live: numbers of ").contains(" UTC");
    }

    @Test
    void showsOneSite() {
        open("#/site/3");

        assertThat(browser.text("#site h1")).isEqualTo("Site 3");
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

        store.count(12, minutesAgo(0), 10_000);
        store.write(minutesAgo(2));

        await().atMost(LONG)
                .untilAsserted(() -> assertThat(tile("#site", "Requests")).isNotEqualTo(before));
        assertThat(number(tile("#site", "Requests"))).isEqualTo(number(before) + 10_000);
        assertThat(browser.text("#site [data-slot=provisional]")).startsWith("3 minutes between ");
    }

    @Test
    void keepsTheNumbersWhileTheDatabaseIsAwayAndGoesOnWhenItIsBack() throws SQLException {
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
        assertThat(browser.text("#status")).startsWith("Live");
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
                .isEqualTo("The newest minute is 2015-05-17 10:29 UTC: times end there");
        assertThat(browser.text("#overview [data-slot=range]"))
                .isEqualTo("2015-05-17 09:30 to 2015-05-17 10:30 UTC");
        assertThat(tile("#overview", "Requests")).isEqualTo("300");
    }

    @ParameterizedTest
    @ValueSource(strings = {"#/", "#/site/3", "#/election"})
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
        await().atMost(LONG).until(() -> browser.text("#site h1").equals("Site 2") && isDrawn());
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

        assertThat(newest).contains(minutesAgo(1).toString().replace('T', ' ').substring(0, 16));
        assertThat(browser.text("#site .u-legend"))
                .contains(minutesAgo(2).toString().replace('T', ' ').substring(0, 16));
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

    private Instant minutesAgo(int minutes) {
        return now.minus(minutes, ChronoUnit.MINUTES);
    }
}
