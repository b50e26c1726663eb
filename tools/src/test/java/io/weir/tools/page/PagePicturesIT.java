package io.weir.tools.page;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.weir.tools.Weir;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
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

    private final StringWriter out = new StringWriter();

    @Test
    void theDemosPageIsPictured(@TempDir Path folder) throws Exception {
        Path pictures = Path.of(System.getProperty("weir.pictures"));
        Thread demo = new Thread(this::demo, "demo");
        demo.start();
        try (Browser browser = Browser.start(PagePicturesIT.class, folder.resolve("profile"))) {
            await().atMost(LONG).until(() -> !demo.isAlive() || address().find());
            Matcher address = address();
            assertThat(address.find()).describedAs(out.toString()).isTrue();
            String page = address.group(1);

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
        }
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
        command.execute("demo", "--keep-running", "--requests", "300000", "--sites", "40");
    }

    private Matcher address() {
        return ADDRESS.matcher(out.toString());
    }
}
