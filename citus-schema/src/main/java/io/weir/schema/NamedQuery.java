package io.weir.schema;

import io.weir.database.Resources;
import io.weir.database.SchemaName;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A query of the dashboards, from {@code queries/NAME.sql}.
 *
 * <p>The file begins with comments that name its title, description and unit. Grafana gets its text
 * as it is; {@link #expand} does to the text what Grafana does before it asks the database, for the
 * macros and variables that the queries use.
 *
 * @param text the whole file
 */
public record NamedQuery(String name, String title, String description, String unit, String text) {

    /** In place of a site. */
    public static final int ALL_SITES = -1;

    private static final Pattern NAME = Pattern.compile("[a-z_][a-z0-9_]*");
    private static final Pattern HEADER =
            Pattern.compile("^-- (title|description|unit): (.+)$", Pattern.MULTILINE);
    private static final Pattern PLACEHOLDER =
            Pattern.compile("\\$__timeFilter\\((\\w+)\\)|\\$__time(From|To)\\(\\)|\\$(\\w*)");

    /** The names of all queries, sorted. */
    public static List<String> names() {
        URL folder =
                Objects.requireNonNull(
                        NamedQuery.class.getResource("/weir/queries"), "queries of the build");
        try {
            URI place = folder.toURI();
            if (place.getScheme().equals("file")) {
                return names(Path.of(place));
            }
            try (FileSystem jar = FileSystems.newFileSystem(place, Map.of())) {
                return names(jar.getPath("/weir/queries"));
            }
        } catch (URISyntaxException e) {
            throw new IllegalStateException("no place of files: " + folder, e);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString())
                    .filter(file -> file.endsWith(".sql"))
                    .map(file -> file.substring(0, file.length() - ".sql".length()))
                    .sorted()
                    .toList();
        }
    }

    /**
     * Reads a query.
     *
     * @throws IllegalArgumentException when there is none of the name, or it does not say what it
     *     is
     */
    public static NamedQuery load(String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException("'" + name + "' cannot name a query");
        }
        String file = "/weir/queries/" + name + ".sql";
        if (NamedQuery.class.getResource(file) == null) {
            throw new IllegalArgumentException("there is no query " + name);
        }
        return parse(name, Resources.text(file));
    }

    static NamedQuery parse(String name, String text) {
        Map<String, String> header = new TreeMap<>();
        Matcher line = HEADER.matcher(text);
        while (line.find()) {
            header.put(line.group(1), line.group(2).strip());
        }
        return new NamedQuery(
                name,
                required(name, header, "title"),
                required(name, header, "description"),
                required(name, header, "unit"),
                text);
    }

    private static String required(String name, Map<String, String> header, String key) {
        String value = header.get(key);
        if (value == null) {
            throw new IllegalArgumentException(
                    "query " + name + " has no line -- " + key + ": ...");
        }
        return value;
    }

    /**
     * The SQL that answers the query.
     *
     * @param to not before {@code from}
     * @param site a site, or {@link #ALL_SITES}
     * @param points how many points a series has, about
     * @param schema the schema of the tables
     */
    public String expand(Instant from, Instant to, int site, int points, String schema) {
        if (to.isBefore(from)) {
            throw new IllegalArgumentException("a range ends at " + to + " before it starts");
        }
        if (site < ALL_SITES) {
            throw new IllegalArgumentException("a site is 0 or more, or -1 for all, not " + site);
        }
        if (points < 1) {
            throw new IllegalArgumentException("a series has 1 point or more, not " + points);
        }
        SchemaName checked = new SchemaName(schema);
        return PLACEHOLDER
                .matcher(text)
                .replaceAll(
                        found ->
                                Matcher.quoteReplacement(
                                        value(found, from, to, site, points, checked)));
    }

    private String value(
            MatchResult found, Instant from, Instant to, int site, int points, SchemaName schema) {
        if (found.group(1) != null) {
            return found.group(1) + " BETWEEN '" + from + "' AND '" + to + "'";
        }
        if (found.group(2) != null) {
            return "'" + (found.group(2).equals("From") ? from : to) + "'";
        }
        return switch (found.group(3)) {
            case "site" -> Integer.toString(site);
            case "points" -> Integer.toString(points);
            case "schema" -> schema.name();
            default ->
                    throw new IllegalStateException(
                            "query " + name + " has " + found.group() + ", which nothing replaces");
        };
    }
}
