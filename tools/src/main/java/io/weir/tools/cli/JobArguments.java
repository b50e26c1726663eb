package io.weir.tools.cli;

import io.weir.config.JobOptions;
import io.weir.database.Causes;
import io.weir.tools.connect.CommandException;
import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Properties;
import picocli.CommandLine.Option;

/** The job's own configuration, for commands that look at what the job works with. */
final class JobArguments {

    @Option(
            names = "--config",
            required = true,
            paramLabel = "FILE",
            description = "The job's configuration file")
    private Path config = Path.of("");

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Override a key of the file, as --KEY VALUE does for the job")
    private Map<String, String> overrides = new HashMap<>();

    /**
     * Reads the file.
     *
     * @throws CommandException when it cannot be read, or is no configuration of the job
     */
    JobOptions options() {
        return check(settings(config, overrides));
    }

    /** The keys of a configuration file and what overrides them. */
    static Map<String, String> settings(Path config, Map<String, String> overrides) {
        Properties file = new Properties();
        try (Reader reader = Files.newBufferedReader(config)) {
            file.load(reader);
        } catch (IOException | IllegalArgumentException e) {
            throw CommandException.wrongUsage(
                    "--config: cannot read " + config + ": " + Causes.innermost(e));
        }
        Map<String, String> settings = new HashMap<>();
        file.stringPropertyNames().forEach(key -> settings.put(key, file.getProperty(key)));
        settings.putAll(overrides);
        return settings;
    }

    /** The options of which these are the keys. */
    static JobOptions check(Map<String, String> settings) {
        try {
            return JobOptions.of(settings);
        } catch (IllegalArgumentException e) {
            throw CommandException.wrongUsage(
                    "--config: "
                            + String.valueOf(e.getMessage())
                                    .replaceFirst("\\R *", " ")
                                    .replaceAll("\\R *", "; "));
        }
    }
}
