package io.weir.config;

import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One key of the configuration.
 *
 * @param type what the value is, for messages and the manual: {@code duration}
 * @param defaultText the default as it would be written, null when the key must be given, empty
 *     when it may be left out
 * @param parser throws {@link IllegalArgumentException} with what would be accepted
 */
public record Option<T>(
        String key,
        String type,
        @Nullable String defaultText,
        String description,
        Function<String, T> parser) {}
