package io.weir.tools.page;

import static java.util.Map.entry;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** The files of the page, read from the class path once; nothing else can be asked for. */
final class PageFiles {

    private static final String OWN = "/weir/page/";
    private static final String CHARTS_VERSION =
            "/META-INF/maven/org.webjars.npm/uplot/pom.properties";

    private final Map<String, PageFile> files;

    PageFiles() {
        String charts = "/META-INF/resources/webjars/uplot/" + chartsVersion() + "/dist/";
        this.files =
                Map.ofEntries(
                        entry("/", read(OWN + "index.html", "text/html")),
                        own("page.css", "text/css"),
                        own("page.js", "text/javascript"),
                        own("views.js", "text/javascript"),
                        own("answers.js", "text/javascript"),
                        own("chart.js", "text/javascript"),
                        own("table.js", "text/javascript"),
                        own("numbers.js", "text/javascript"),
                        own("icon.svg", "image/svg+xml"),
                        entry("/uplot.css", read(charts + "uPlot.min.css", "text/css")),
                        entry("/uplot.js", read(charts + "uPlot.iife.min.js", "text/javascript")));
    }

    private static Map.Entry<String, PageFile> own(String name, String type) {
        return entry("/" + name, read(OWN + name, type));
    }

    @Nullable PageFile find(String path) {
        return files.get(path);
    }

    private static String chartsVersion() {
        Properties properties = new Properties();
        try (InputStream in = open(CHARTS_VERSION)) {
            properties.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return properties.getProperty("version");
    }

    private static PageFile read(String resource, String type) {
        try (InputStream in = open(resource)) {
            return new PageFile(type + "; charset=utf-8", in.readAllBytes());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static InputStream open(String resource) {
        InputStream in = PageFiles.class.getResourceAsStream(resource);
        if (in == null) {
            throw new IllegalStateException(resource + " is not on the class path");
        }
        return in;
    }

    record PageFile(String type, byte[] content) {}
}
