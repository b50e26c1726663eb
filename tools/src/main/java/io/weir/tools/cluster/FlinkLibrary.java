package io.weir.tools.cluster;

import io.weir.tools.connect.CommandException;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The jars of the class path that Flink itself consists of: what its distribution has in {@code
 * lib}, without the job and what the job brings along.
 */
final class FlinkLibrary {

    private static final Pattern FLINK =
            Pattern.compile("flink-(?!connector-(?!datagen)|test-utils).*\\.jar");

    /** What Flink's artifacts depend on, and its logging. */
    private static final Pattern OTHERS =
            Pattern.compile(
                    "(async-profiler|commons-(cli|codec|collections|compress|io|lang3|math3|text)"
                            + "|javassist|jsr305|kryo|log4j-(api|core|slf4j-impl)|lz4-java|minlog"
                            + "|objenesis|reflectasm|slf4j-api|snakeyaml-engine|snappy-java)"
                            + "-[0-9].*\\.jar");

    private FlinkLibrary() {}

    /**
     * Puts the jars into a folder, and nothing else stays there: a build may replace or delete what
     * is on the class path while a cluster runs.
     *
     * @throws CommandException when Flink is not on the class path
     */
    static void copy(String classPath, Path folder) throws IOException {
        List<Path> jars = jars(classPath);
        Files.createDirectories(folder);
        try (Stream<Path> old = Files.list(folder)) {
            for (Path jar : old.toList()) {
                Files.delete(jar);
            }
        }
        for (Path jar : jars) {
            Files.copy(jar, folder.resolve(jar.getFileName()));
        }
    }

    /**
     * Those of a class path.
     *
     * @throws CommandException when Flink is not on it
     */
    static List<Path> jars(String classPath) {
        List<Path> jars =
                Stream.of(classPath.split(Pattern.quote(File.pathSeparator), -1))
                        .map(Path::of)
                        .filter(FlinkLibrary::isFlinks)
                        .toList();
        if (jars.stream().noneMatch(jar -> jar.toString().contains("flink-runtime-"))) {
            throw new CommandException(
                    "Flink's jars are not on the class path: run the script weir");
        }
        return jars;
    }

    private static boolean isFlinks(Path entry) {
        Path name = entry.getFileName();
        return name != null
                && (FLINK.matcher(name.toString()).matches()
                        || OTHERS.matcher(name.toString()).matches());
    }
}
