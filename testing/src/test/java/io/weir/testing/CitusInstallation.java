package io.weir.testing;

import java.io.File;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The programs of a PostgreSQL on this machine that has the extensions citus and hll.
 *
 * <p>It is the one that {@code WEIR_PG_CONFIG} names if that is set; otherwise the first with them
 * among the {@code pg_config} on the PATH and the versions that Debian's packages install, newest
 * first.
 */
record CitusInstallation(Path bin) {

    private static final String VARIABLE = "WEIR_PG_CONFIG";
    private static final Path DEBIAN = Path.of("/usr/lib/postgresql");
    private static final boolean IS_ROOT = "root".equals(System.getProperty("user.name"));

    static Optional<String> missing() {
        if (IS_ROOT && onPath("unshare").isEmpty()) {
            return Optional.of("PostgreSQL does not run as root, and there is no unshare");
        }
        List<Path> candidates = candidates();
        return withCitus(candidates).isPresent()
                ? Optional.empty()
                : Optional.of(
                        "no PostgreSQL with the extensions citus and hll: "
                                + (candidates.isEmpty()
                                        ? "no pg_config on the PATH or in " + DEBIAN + "/*/bin"
                                        : "asked " + candidates)
                                + "; "
                                + VARIABLE
                                + " can name another pg_config");
    }

    static CitusInstallation find() {
        missing()
                .ifPresent(
                        reason -> {
                            throw new IllegalStateException(reason);
                        });
        return withCitus(candidates()).orElseThrow();
    }

    /**
     * Runs a program to its end.
     *
     * @throws IOException when it fails; the message names the log
     */
    void run(Path log, String program, List<String> arguments) throws IOException {
        List<String> command = new ArrayList<>();
        if (IS_ROOT) {
            // In a user namespace of its own the server is nobody, yet owns its files.
            command.addAll(List.of("unshare", "--user"));
        }
        command.add(bin.resolve(program).toString());
        command.addAll(arguments);
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()))
                        .start();
        if (await(process) != 0) {
            throw new IOException(program + " failed, see " + log);
        }
    }

    private static List<Path> candidates() {
        String named = System.getenv(VARIABLE);
        if (named != null && !named.isBlank()) {
            return List.of(Path.of(named));
        }
        List<Path> candidates = new ArrayList<>(onPath("pg_config"));
        File[] versions = DEBIAN.toFile().listFiles();
        if (versions != null) {
            Stream.of(versions)
                    .sorted(Comparator.reverseOrder())
                    .map(version -> version.toPath().resolve("bin/pg_config"))
                    .filter(Files::isExecutable)
                    .forEach(candidates::add);
        }
        return candidates;
    }

    private static List<Path> onPath(String program) {
        String path = Objects.requireNonNullElse(System.getenv("PATH"), "");
        return Stream.of(path.split(File.pathSeparator, -1))
                .map(folder -> Path.of(folder, program))
                .filter(Files::isExecutable)
                .toList();
    }

    /** The first that has both and can run a server. */
    private static Optional<CitusInstallation> withCitus(List<Path> candidates) {
        for (Path candidate : candidates) {
            List<String> folders = ask(candidate);
            if (folders.size() == 2
                    && Files.exists(Path.of(folders.get(1), "extension", "citus.control"))
                    && Files.exists(Path.of(folders.get(1), "extension", "hll.control"))
                    && Files.isExecutable(Path.of(folders.get(0), "initdb"))) {
                return Optional.of(new CitusInstallation(Path.of(folders.get(0))));
            }
        }
        return Optional.empty();
    }

    /** Nothing when it does not answer. */
    private static List<String> ask(Path pgConfig) {
        try {
            Process process =
                    new ProcessBuilder(pgConfig.toString(), "--bindir", "--sharedir")
                            .redirectErrorStream(true)
                            .start();
            byte[] answer = process.getInputStream().readAllBytes();
            return await(process) == 0
                    ? new String(answer, StandardCharsets.UTF_8).lines().toList()
                    : List.of();
        } catch (IOException e) {
            return List.of();
        }
    }

    private static int await(Process process) throws IOException {
        try {
            return process.waitFor();
        } catch (InterruptedException e) {
            process.destroy();
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted");
        }
    }
}
