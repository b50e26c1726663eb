package io.weir.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Keys and values as written, checked against the known options all at once. */
final class Settings {

    private final Map<String, String> values;

    private Settings(Map<String, String> values) {
        this.values = values;
    }

    /**
     * @throws IllegalArgumentException naming every key that is unknown, missing or has a value
     *     that does not parse
     */
    static Settings check(Map<String, String> values, List<Option<?>> options) {
        Settings settings = new Settings(Map.copyOf(values));
        List<String> problems = new ArrayList<>();
        TreeSet<String> unknown = new TreeSet<>(values.keySet());
        for (Option<?> option : options) {
            unknown.remove(option.key());
            settings.problemWith(option).forEach(problems::add);
        }
        unknown.forEach(key -> problems.add(key + ": unknown key"));
        if (!problems.isEmpty()) {
            throw new IllegalArgumentException(
                    "configuration refused, all keys are listed in docs/configuration.md:"
                            + problems.stream().map(p -> "\n  " + p).collect(Collectors.joining()));
        }
        return settings;
    }

    private List<String> problemWith(Option<?> option) {
        String text = textOf(option);
        if (text == null) {
            return List.of(option.key() + ": missing, a " + option.type() + " is required");
        }
        if (text.isEmpty()) {
            return "".equals(option.defaultText())
                    ? Collections.emptyList()
                    : List.of(option.key() + ": is empty, a " + option.type() + " is required");
        }
        try {
            Object unused = option.parser().apply(text);
            return Collections.emptyList();
        } catch (IllegalArgumentException e) {
            return List.of(
                    option.key()
                            + ": '"
                            + text
                            + "' is not a "
                            + option.type()
                            + ": "
                            + e.getMessage());
        }
    }

    <T> T get(Option<T> option) {
        T value = find(option);
        if (value == null) {
            throw new IllegalStateException(option.key() + " was not checked");
        }
        return value;
    }

    /** Null when the key may be left out and was. */
    <T> @Nullable T find(Option<T> option) {
        String text = textOf(option);
        return text == null || text.isEmpty() ? null : option.parser().apply(text);
    }

    private @Nullable String textOf(Option<?> option) {
        String text = values.get(option.key());
        return text == null ? option.defaultText() : text.strip();
    }
}
