package io.weir.database;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;

/** Files of the build: SQL, and lists with a name a line. */
public final class Resources {

    private Resources() {}

    /**
     * The whole file.
     *
     * @param path from the root of the class path: {@code /weir/checks/tables.sql}
     * @throws IllegalArgumentException when there is none
     */
    public static String text(String path) {
        try (InputStream file = Resources.class.getResourceAsStream(path)) {
            if (file == null) {
                throw new IllegalArgumentException("the build has no file " + path);
            }
            return new String(file.readAllBytes(), UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The lines of a list, without blank ones and comments that begin with {@code #}. */
    public static List<String> lines(String path) {
        return text(path).lines().filter(line -> !line.isBlank() && !line.startsWith("#")).toList();
    }
}
