package io.weir.tools.cluster;

import io.weir.tools.connect.CommandException;
import java.io.File;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;

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
     * The class path of a cluster's processes.
     *
     * @param classPath this process's
     * @throws CommandException when Flink is not on it
     */
    static String of(String classPath) {
        List<String> jars =
                List.of(classPath.split(Pattern.quote(File.pathSeparator))).stream()
                        .filter(FlinkLibrary::isFlinks)
                        .toList();
        if (jars.stream().noneMatch(jar -> jar.contains("flink-runtime-"))) {
            throw new CommandException(
                    "Flink's jars are not on the class path: run the script weir of the source tree");
        }
        return String.join(File.pathSeparator, jars);
    }

    private static boolean isFlinks(String entry) {
        Path name = Path.of(entry).getFileName();
        return name != null
                && (FLINK.matcher(name.toString()).matches()
                        || OTHERS.matcher(name.toString()).matches());
    }
}
