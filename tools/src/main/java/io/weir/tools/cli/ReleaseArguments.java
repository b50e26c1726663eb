package io.weir.tools.cli;

import io.weir.TrafficJob;
import io.weir.config.JobOptions;
import io.weir.tools.cluster.JobRecords;
import io.weir.tools.cluster.Release;
import io.weir.tools.connect.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which job is submitted, with which settings. */
final class ReleaseArguments {

    private static final int MAX_PARALLELISM = 720;

    @Option(
            names = "--config",
            paramLabel = "FILE",
            description =
                    "The job's configuration file (default: the settings that it was submitted with"
                            + " last)")
    private @Nullable Path config;

    @Option(
            names = "--set",
            paramLabel = "KEY=VALUE",
            description = "Override a key of the file, as --KEY VALUE does for the job")
    private Map<String, String> overrides = new HashMap<>();

    @Option(
            names = "--parallelism",
            paramLabel = "N",
            description = "Of the job, up to 720 (default: as last, or what the cluster is set to)")
    private @Nullable Integer parallelism;

    @Option(
            names = "--job",
            paramLabel = "NAME",
            defaultValue = TrafficJob.NAME,
            description =
                    "The job's name in Flink, where --config is not given (default:"
                            + " ${DEFAULT-VALUE})")
    private String job = "";

    /** Checks what can be checked without a cluster. */
    void check() {
        if (parallelism != null) {
            Arguments.require("--parallelism", parallelism, 1, MAX_PARALLELISM);
        }
        if (config == null && !overrides.isEmpty()) {
            throw CommandException.wrongUsage(
                    "--set is given without --config: name the configuration file that it overrides");
        }
        if (config != null) {
            settings(config);
        }
    }

    /** The name of the job in Flink. */
    String job() {
        return config == null ? job : TrafficJob.nameOf(JobArguments.check(settings(config)));
    }

    /**
     * What is to be submitted.
     *
     * @param jar null for that of last time, or the one that was built
     */
    Release release(JobRecords records, @Nullable Path jar) throws IOException {
        Optional<Release> last = records.release(job());
        if (config == null && last.isEmpty()) {
            throw CommandException.wrongUsage(
                    "--config: %s was not submitted before, so its configuration file is needed: conf/weir.properties"
                            .formatted(job()));
        }
        String kept =
                jar == null && config == null && last.isPresent()
                        ? last.get().jar()
                        : records.keep(jar == null ? built() : jar);
        return new Release(
                kept,
                config == null ? last.orElseThrow().settings() : new TreeMap<>(settings(config)),
                parallelism == null ? last.map(Release::parallelism).orElse(null) : parallelism);
    }

    /** A relative file would be looked for where the JobManager runs. */
    private Map<String, String> settings(Path file) {
        Map<String, String> settings = JobArguments.settings(file, overrides);
        JobArguments.check(settings);
        JobOptions.OPTIONS.stream()
                .filter(option -> option.type().equals("file"))
                .forEach(
                        option ->
                                settings.computeIfPresent(
                                        option.key(),
                                        (key, path) ->
                                                path.isEmpty()
                                                        ? path
                                                        : Path.of(path)
                                                                .toAbsolutePath()
                                                                .toString()));
        return settings;
    }

    private static Path built() throws IOException {
        Path folder = Home.jobFolder();
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                List<Path> jars =
                        files.filter(
                                        file ->
                                                file.getFileName()
                                                        .toString()
                                                        .matches("weir-jobs-.*\\.jar"))
                                .toList();
                if (jars.size() == 1) {
                    return jars.get(0);
                }
            }
        }
        throw CommandException.wrongUsage(
                "--jar: there is not just one weir-jobs-VERSION.jar in %s: name the job's jar"
                        .formatted(folder));
    }
}
