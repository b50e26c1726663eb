package io.weir.tools.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.weir.database.Resources;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The files of the page, read from the class path once; nothing else can be asked for. */
final class PageFiles {

    private static final String OWN = "/weir/page/";
    private static final List<String> OWN_FILES =
            List.of(
                    "page.css",
                    "page.js",
                    "views.js",
                    "answers.js",
                    "chart.js",
                    "table.js",
                    "numbers.js",
                    "icon.svg");
    private static final Map<String, String> TYPES =
            Map.of(
                    "html", "text/html",
                    "css", "text/css",
                    "js", "text/javascript",
                    "svg", "image/svg+xml");

    private final Map<String, PageResponse> files = new HashMap<>();

    PageFiles() {
        OWN_FILES.forEach(name -> add("/" + name, OWN + name));
        add("/", OWN + "index.html");
        String charts = "/META-INF/resources/webjars/uplot/" + chartsVersion() + "/dist/";
        add("/uplot.css", charts + "uPlot.min.css");
        add("/uplot.js", charts + "uPlot.iife.min.js");
    }

    @Nullable PageResponse find(String path) {
        return files.get(path);
    }

    private void add(String path, String resource) {
        String type = TYPES.get(resource.substring(resource.lastIndexOf('.') + 1));
        byte[] body = Resources.text(resource).getBytes(UTF_8);
        files.put(path, new PageResponse(200, type + "; charset=utf-8", body));
    }

    private static String chartsVersion() {
        String key = "version=";
        return Resources.lines("/META-INF/maven/org.webjars.npm/uplot/pom.properties").stream()
                .filter(line -> line.startsWith(key))
                .map(line -> line.substring(key.length()))
                .findFirst()
                .orElseThrow();
    }
}
