package io.weir.tools.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.tools.cli.Weir;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/**
 * Takes the pictures of README from a real run of the demo, into the folder that the system
 * property {@code weir.pictures} names; scripts/pictures runs it.
 */
@EnabledIfSystemProperty(named = "weir.pictures", matches = ".+")
class PagePicturesIT {

    private static final Duration LONG = Duration.ofMinutes(5);
    private static final Pattern ADDRESS = Pattern.compile("the page    (http://\\S+)");
    private static final List<String> COMMAND = List.of("demo", "--keep-running", "--seed", "7");

    /** What a terminal does at it: the line is written anew. */
    private static final String LINE_ANEW = "\r\033[K";

    private static final String TERMINAL =
            """
            <!doctype html>
            <meta charset="utf-8">
            <style>
              body { margin: 0; padding: 18px 22px; width: max-content; background: #14171a; color: #e8eaed; }
              pre { margin: 0; font: 16px/1.4 "DejaVu Sans Mono", monospace; }
            </style>
            <pre>%s</pre>
            """;

    private final StringWriter out = new StringWriter();

    @Test
    void theDemoAndItsPageArePictured(@TempDir Path folder) throws Exception {
        Path pictures = Path.of(System.getProperty("weir.pictures"));
        System.setProperty("weir.terminal", "true");
        Thread demo = new Thread(this::demo, "demo");
        demo.start();
        try (Browser browser = Browser.start(PagePicturesIT.class, folder.resolve("profile"))) {
            await().atMost(LONG).until(() -> !demo.isAlive() || address().find());
            Matcher address = address();
            assertThat(address.find()).describedAs(out.toString()).isTrue();
            String page = address.group(1);

            terminal(browser, folder.resolve("demo.html"), pictures.resolve("demo.png"));
            picture(
                    browser,
                    page + "#/?range=all",
                    "light",
                    1280,
                    1080,
                    pictures.resolve("page-light.png"));
            picture(
                    browser,
                    page + "#/site?range=all",
                    "dark",
                    1280,
                    1080,
                    pictures.resolve("page-dark.png"));
            picture(
                    browser,
                    page + "#/?range=all",
                    "dark",
                    375,
                    812,
                    pictures.resolve("page-phone.png"));
        } finally {
            demo.interrupt();
            demo.join(LONG.toMillis());
            System.clearProperty("weir.terminal");
        }
    }

    /** All that the demo printed, as a terminal shows it. */
    private void terminal(Browser browser, Path html, Path file) throws Exception {
        String all = "$ ./weir " + String.join(" ", COMMAND) + "\n" + out;
        String shown =
                Stream.of(all.strip().split("\n", -1))
                        .map(PagePicturesIT::asShown)
                        .collect(Collectors.joining("\n"));
        Files.writeString(html, TERMINAL.formatted(escaped(shown)));
        browser.open(html.toUri().toString());
        browser.resize(1000, 1000);
        browser.resize(
                ((Long) browser.ask("document.body.offsetWidth")).intValue(),
                ((Long) browser.ask("document.body.offsetHeight")).intValue());
        browser.picture(file);
    }

    private static String asShown(String line) {
        int last = line.lastIndexOf(LINE_ANEW);
        return last < 0 ? line : line.substring(last + LINE_ANEW.length());
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;").replace("<", "&lt;");
    }

    private static void picture(
            Browser browser, String address, String colours, int width, int height, Path file)
            throws Exception {
        browser.resize(width, height);
        browser.prefer(colours);
        browser.open(address);
        await().atMost(LONG)
                .until(
                        () ->
                                !browser.ask("performance.getEntriesByName('drawn').length")
                                        .equals(0L));
        browser.picture(file);
    }

    private void demo() {
        CommandLine command = Weir.commandLine();
        command.setOut(new PrintWriter(out, true));
        command.setErr(new PrintWriter(out, true));
        command.execute(COMMAND.toArray(String[]::new));
    }

    private Matcher address() {
        return ADDRESS.matcher(out.toString());
    }
}
