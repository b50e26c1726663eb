package io.weir.gate;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/** What was compared, and what differs, cell by cell. */
final class Differences {

    private static final int SHOWN = 10;

    private final List<String> shown = new ArrayList<>();
    private long compared;
    private long differing;

    /** Compares one cell. */
    void compare(String what, Object expected, Object found) {
        compared++;
        if (!Objects.equals(expected, found)) {
            differing++;
            if (shown.size() < SHOWN) {
                shown.add("%s: expected %s, found %s".formatted(what, expected, found));
            }
        }
    }

    /** Compares the rows of a table: cells by column, by key. */
    void compareRows(
            String table,
            Map<String, Map<String, String>> expected,
            Map<String, Map<String, String>> found) {
        Set<String> keys = new TreeSet<>(expected.keySet());
        keys.addAll(found.keySet());
        for (String key : keys) {
            Map<String, String> wanted = expected.getOrDefault(key, Map.of());
            Map<String, String> row = found.getOrDefault(key, Map.of());
            Set<String> columns = new TreeSet<>(wanted.keySet());
            columns.addAll(row.keySet());
            for (String column : columns) {
                compare(
                        table + " " + key + " " + column,
                        wanted.getOrDefault(column, "no row"),
                        row.getOrDefault(column, "no row"));
            }
        }
    }

    /** Compares two sets, an element being a cell. */
    void compareSets(String what, Set<String> expected, Set<String> found) {
        Set<String> all = new TreeSet<>(expected);
        all.addAll(found);
        for (String each : all) {
            compare(what + " " + each, expected.contains(each), found.contains(each));
        }
    }

    long compared() {
        return compared;
    }

    long differing() {
        return differing;
    }

    /** Some of them, for people. */
    List<String> shown() {
        return shown;
    }
}
