package io.weir.tools.page;

import static org.junit.jupiter.api.Assumptions.abort;

import com.alibaba.fastjson2.JSON;
import com.alibaba.fastjson2.JSONObject;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.logging.Level;
import java.util.stream.Stream;
import org.openqa.selenium.JavascriptExecutor;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.interactions.Actions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.slf4j.LoggerFactory;

/** A headless Chromium of this machine, with an empty profile. */
final class Browser implements AutoCloseable {

    private static final List<String> BROWSERS =
            List.of("chromium", "chromium-browser", "google-chrome");

    private final ChromeDriver driver;
    private final List<String> requested = new ArrayList<>();

    private Browser(ChromeDriver driver) {
        this.driver = driver;
    }

    /** Starts it, or skips the class that asks with one line that says what is missing. */
    static Browser start(Class<?> test, Path profile) {
        Optional<Path> browser = BROWSERS.stream().flatMap(Browser::onPath).findFirst();
        Optional<Path> driver = onPath("chromedriver").findFirst();
        if (browser.isEmpty() || driver.isEmpty()) {
            String missing = browser.isEmpty() ? "Chromium" : "chromedriver";
            LoggerFactory.getLogger(test)
                    .warn("SKIPPED, NOT TESTED IN A BROWSER: no {} on the PATH", missing);
            return abort("no " + missing + " on the PATH");
        }
        ChromeOptions options = new ChromeOptions();
        options.setBinary(browser.get().toFile());
        options.addArguments(
                "--headless=new",
                "--no-sandbox",
                "--disable-gpu",
                "--disable-dev-shm-usage",
                "--no-first-run",
                "--disable-background-networking",
                "--disable-component-update",
                "--disable-sync",
                "--hide-scrollbars",
                "--user-data-dir=" + profile);
        LoggingPreferences logs = new LoggingPreferences();
        logs.enable(LogType.BROWSER, Level.ALL);
        logs.enable(LogType.PERFORMANCE, Level.ALL);
        options.setCapability(ChromeOptions.LOGGING_PREFS, logs);
        ChromeDriverService service =
                new ChromeDriverService.Builder()
                        .usingDriverExecutable(driver.get().toFile())
                        .usingAnyFreePort()
                        .withSilent(true)
                        .build();
        return new Browser(new ChromeDriver(service, options));
    }

    private static Stream<Path> onPath(String name) {
        return Stream.of(
                        Objects.requireNonNullElse(System.getenv("PATH"), "")
                                .split(File.pathSeparator, -1))
                .map(folder -> Path.of(folder, name))
                .filter(Files::isExecutable);
    }

    void open(String address) {
        driver.get("about:blank"); // another address of the same page would be no new page
        driver.get(address);
    }

    /** As wide as given, as high as it takes. */
    void resize(int width, int height) {
        driver.executeCdpCommand(
                "Emulation.setDeviceMetricsOverride",
                Map.of(
                        "width",
                        width,
                        "height",
                        height,
                        "deviceScaleFactor",
                        1,
                        "mobile",
                        width < 500));
    }

    void prefer(String colours) {
        driver.executeCdpCommand(
                "Emulation.setEmulatedMedia",
                Map.of(
                        "features",
                        List.of(Map.of("name", "prefers-color-scheme", "value", colours))));
    }

    /** What a JavaScript expression is worth. */
    Object ask(String expression) {
        return Objects.requireNonNullElse(
                ((JavascriptExecutor) driver).executeScript("return " + expression), "null");
    }

    String text(String selector) {
        return String.valueOf(
                ask("document.querySelector(" + quoted(selector) + ")?.innerText ?? ''"));
    }

    boolean shows(String selector) {
        return Boolean.TRUE.equals(
                ask(
                        "document.querySelector("
                                + quoted(selector)
                                + ")?.checkVisibility() ?? false"));
    }

    void press(CharSequence... keys) {
        for (CharSequence key : keys) {
            new Actions(driver).sendKeys(key).perform();
        }
    }

    /** Presses Tab until what has the focus has this text, at most a hundred times. */
    void tabTo(String text) {
        for (int i = 0; i < 100; i++) {
            press(Keys.TAB);
            if (text.equals(ask("document.activeElement.innerText"))) {
                return;
            }
        }
        throw new AssertionError("Tab never comes to '" + text + "'");
    }

    /** What the console has told since it was asked last. */
    List<String> console() {
        return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
                .map(LogEntry::getMessage)
                .toList();
    }

    /** Every address that was asked for until now. */
    List<String> requested() {
        for (LogEntry entry : driver.manage().logs().get(LogType.PERFORMANCE)) {
            JSONObject message = JSON.parseObject(entry.getMessage()).getJSONObject("message");
            if ("Network.requestWillBeSent".equals(message.getString("method"))) {
                JSONObject request = message.getJSONObject("params").getJSONObject("request");
                requested.add(request.getString("url"));
            }
        }
        return requested;
    }

    void picture(Path file) throws IOException {
        if (file.getParent() != null) {
            Files.createDirectories(file.getParent());
        }
        Files.write(file, driver.getScreenshotAs(OutputType.BYTES));
    }

    @Override
    public void close() {
        driver.quit();
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "\\'") + "'";
    }
}
