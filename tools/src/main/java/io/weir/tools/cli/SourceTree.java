package io.weir.tools.cli;

import java.nio.file.Path;

/** Where the script weir is. */
final class SourceTree {

    private SourceTree() {}

    /** The folder of the script, or the current one if it did not start this program. */
    static Path home() {
        return Path.of(System.getProperty("weir.home", "")).toAbsolutePath();
    }
}
