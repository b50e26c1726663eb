package io.weir.tools.cli;

import java.nio.file.Files;
import java.nio.file.Path;

/** Where the script weir is: the source tree or an unpacked release. */
final class Home {

    private Home() {}

    /** The folder of the script, or the current one if it did not start this program. */
    static Path folder() {
        return Path.of(System.getProperty("weir.home", "")).toAbsolutePath();
    }

    /** The folder of the job's jar, which a release has beside the script. */
    static Path jobFolder() {
        Path built = folder().resolve("jobs/target");
        return Files.isDirectory(built) ? built : folder();
    }
}
