package io.weir.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** What the script weir builds and runs: in a tree like this one, with a fake Java and Maven. */
class WeirScriptTest {

    private static final Path PROJECT = Path.of("..");
    private static final List<String> PROGRAMS = List.of("--help", "bench", "gate");
    private static final Pattern MODULE = Pattern.compile("<module>([^<]+)</module>");
    private static final Pattern RESOURCES = Pattern.compile("<directory>([^<]+)</directory>");
    private static final FileTime LONG_AGO = FileTime.from(Instant.parse("2020-01-01T00:00:00Z"));
    private static final FileTime LATER = FileTime.from(Instant.parse("2020-01-02T00:00:00Z"));

    @TempDir private Path folder;

    private Path tree = Path.of("");

    @BeforeEach
    void aTreeThatWasBuilt() throws Exception {
        tree = Files.createDirectories(folder.resolve("tree"));
        Files.copy(PROJECT.resolve("weir"), tree.resolve("weir"));
        Files.copy(PROJECT.resolve("pom.xml"), tree.resolve("pom.xml"));
        for (Path source : sources()) {
            write(source, "as it was");
        }
        for (String module : modules()) {
            Files.copy(pom(PROJECT, module), pom(tree, module));
        }
        program("java", "echo '    java.specification.version = 17' >&2; echo \"ran $*\"");
        for (String module : List.of("jobs", "tools", "benchmarks", "gate")) {
            Files.createDirectories(tree.resolve(module + "/target/lib"));
            write(jar(module), "as Maven made it");
        }
        assertThat(builds()).isEqualTo(1);
        age();
        assertThat(builds()).isZero();
    }

    @Test
    void whatEndsInAJarIsBuiltWhenItChanges() throws Exception {
        List<Path> all = sources();
        all.add(tree.resolve("pom.xml"));
        for (String module : modules()) {
            all.add(pom(tree, module));
        }
        for (Path source : all) {
            Files.writeString(source, "changed");
            assertThat(builds()).as("builds after a change of " + source).isEqualTo(1);
            age();
        }
    }

    @Test
    void aFileThatIsGoneOrNewIsAChange() throws Exception {
        Path source = sources().get(0);
        Files.delete(source);
        assertThat(builds()).isEqualTo(1);
        age();
        write(source.resolveSibling("New.java"), "new");
        assertThat(builds()).isEqualTo(1);
    }

    @ParameterizedTest
    @FieldSource("PROGRAMS")
    void aJarThatIsGoneIsBuilt(String program) throws Exception {
        for (String module : List.of("jobs", moduleOf(program))) {
            buildsOf(program);
            age();
            assertThat(buildsOf(program)).isZero();
            Files.delete(jar(module));
            assertThat(buildsOf(program)).isEqualTo(1);
            write(jar(module), "as Maven made it");
        }
    }

    @Test
    void onlyWhatRunsIsBuilt() throws Exception {
        program("mvn", "echo \"$*\" >$BUILT");
        for (String program : PROGRAMS) {
            Files.delete(tree.resolve("pom.xml"));
            Files.copy(PROJECT.resolve("pom.xml"), tree.resolve("pom.xml"));
            weir(program);
            assertThat(folder.resolve("built"))
                    .content()
                    .contains("-pl " + moduleOf(program) + " -am");
        }
    }

    private static String moduleOf(String program) {
        return switch (program) {
            case "bench" -> "benchmarks";
            case "gate" -> "gate";
            default -> "tools";
        };
    }

    @Test
    void theProductRunsWithItsOwnLibrariesAlone() throws Exception {
        assertThat(weir("demo", "--seed", "7"))
                .contains("-cp " + jar("tools") + ":" + tree.resolve("tools/target/lib/*") + " ")
                .contains(" " + Weir.class.getName() + " demo --seed 7")
                .doesNotContain("benchmarks");
    }

    @Test
    void benchmarksRunWithTheirOwnLibraries() throws Exception {
        assertThat(weir("bench", "decode", "--rounds", "5"))
                .contains(
                        "-cp "
                                + jar("benchmarks")
                                + ":"
                                + tree.resolve("benchmarks/target/lib/*")
                                + " io.weir.benchmarks.Benchmarks bench decode --rounds 5")
                .doesNotContain("weir-tools");
    }

    @Test
    void theGateRunsWithItsOwnLibraries() throws Exception {
        assertThat(weir("gate", "--seeds", "5"))
                .contains(
                        "-cp "
                                + jar("gate")
                                + ":"
                                + tree.resolve("gate/target/lib/*")
                                + " io.weir.gate.GateCommand gate --seeds 5")
                .doesNotContain("weir-tools");
    }

    @Test
    void onlyTheFirstArgumentAsksForABenchmark() throws Exception {
        assertThat(weir("--help", "bench")).contains(Weir.class.getName() + " --help bench");
        assertThat(weir()).contains(Weir.class.getName()).doesNotContain("benchmarks");
    }

    @ParameterizedTest
    @FieldSource("PROGRAMS")
    void aReleaseRunsWhatIsThereWithoutMaven(String program) throws Exception {
        Path release = Files.createDirectories(folder.resolve("weir-0.1.0"));
        Files.copy(PROJECT.resolve("weir"), release.resolve("weir"));
        write(release.resolve("weir-tools-0.1.0.jar"), "as it was packed");
        program("mvn", "echo once >>$BUILT");
        Files.deleteIfExists(folder.resolve("built"));
        tree = release;
        assertThat(weir(program, "--seed", "7"))
                .contains("-Dweir.home=" + release + " ")
                .contains(
                        "-cp %1$s/weir-tools-0.1.0.jar:%1$s/lib/* %2$s %3$s --seed 7"
                                .formatted(release, Weir.class.getName(), program));
        assertThat(folder.resolve("built")).doesNotExist();
    }

    @Test
    void testsAndDocumentsAreNoChange() throws Exception {
        write(tree.resolve("README.md"), "new");
        write(tree.resolve("conf/weir.properties"), "new");
        write(tree.resolve("jobs/src/test/java/NewTest.java"), "new");
        assertThat(builds()).isZero();
    }

    @Test
    void whatChangesDuringABuildIsBuiltTheNextTime() throws Exception {
        Path source = sources().get(0);
        Files.writeString(source, "changed");
        String touch = "touch mark; until [ %1$s -nt mark ]; do touch %1$s; done".formatted(source);
        assertThat(builds("--help", touch)).isEqualTo(1);
        assertThat(builds()).isEqualTo(1);
        assertThat(builds()).isZero();
    }

    private int builds() throws Exception {
        return builds("--help", "");
    }

    private int buildsOf(String program) throws Exception {
        return builds(program, "");
    }

    /** Runs the command and says how often it built; the rest is done during the build. */
    private int builds(String program, String meanwhile) throws Exception {
        program("mvn", "echo once >>$BUILT; " + meanwhile);
        Path built = folder.resolve("built");
        Files.deleteIfExists(built);
        weir(program);
        return Files.exists(built) ? Files.readAllLines(built).size() : 0;
    }

    /** Runs the command and returns how it ran Java. */
    private String weir(String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(tree.resolve("weir").toString()));
        command.addAll(List.of(arguments));
        ProcessBuilder weir = new ProcessBuilder(command).redirectErrorStream(true);
        weir.environment().remove("JAVA_HOME");
        weir.environment().merge("PATH", folder.resolve("bin") + ":", (old, bin) -> bin + old);
        weir.environment().put("TMPDIR", folder.toString());
        weir.environment().put("BUILT", folder.resolve("built").toString());
        Process process = weir.start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        String ran = said.substring(said.lastIndexOf("ran "));
        assertThat(ran.lines()).as(said).hasSize(1);
        return ran;
    }

    /** All sources are older than the last build again. */
    private void age() throws IOException {
        try (Stream<Path> files = Files.walk(tree)) {
            for (Path file : files.toList()) {
                Files.setLastModifiedTime(file, file.endsWith(".complete") ? LATER : LONG_AGO);
            }
        }
    }

    /** A file in each folder of each module that Maven packs. */
    private List<Path> sources() throws IOException {
        List<Path> sources = new ArrayList<>();
        for (String module : modules()) {
            sources.add(tree.resolve(module + "/src/main/java/io/weir/Some.java"));
            found(RESOURCES, pom(PROJECT, module))
                    .forEach(
                            name -> sources.add(tree.resolve(module + "/" + name + "/a/some.sql")));
            sources.add(tree.resolve(module + "/src/main/resources/a/some.txt"));
            if (Files.readString(pom(PROJECT, module)).contains("<goal>test-jar</goal>")) {
                String packed = module.equals("tools") ? "io/weir/rig" : "io/weir";
                sources.add(tree.resolve(module + "/src/test/java/" + packed + "/Some.java"));
            }
        }
        return sources;
    }

    private static List<String> modules() throws IOException {
        return found(MODULE, PROJECT.resolve("pom.xml"));
    }

    private static List<String> found(Pattern pattern, Path file) throws IOException {
        return pattern.matcher(Files.readString(file))
                .results()
                .map(result -> result.group(1))
                .toList();
    }

    private Path jar(String module) {
        return tree.resolve(module + "/target/weir-" + module + "-0.1.0.jar");
    }

    private static Path pom(Path tree, String module) {
        return tree.resolve(module).resolve("pom.xml");
    }

    private static void write(Path file, String text) throws IOException {
        Path parent = file.getParent();
        if (parent != null) {
            Files.createDirectories(parent);
        }
        Files.writeString(file, text);
    }

    private void program(String name, String script) throws IOException {
        Path program = folder.resolve("bin").resolve(name);
        write(program, "#!/bin/sh\n" + script + "\n");
        assertThat(program.toFile().setExecutable(true)).isTrue();
    }
}
