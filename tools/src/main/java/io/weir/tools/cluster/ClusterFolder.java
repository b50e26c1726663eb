package io.weir.tools.cluster;

import io.weir.tools.connect.CommandException;
import java.io.IOException;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * Where a cluster's files are: those of its processes, if they were started here, and what is known
 * of its jobs.
 */
public record ClusterFolder(Path root) {

    public ClusterFolder {
        root = root.toAbsolutePath().normalize();
    }

    /**
     * The folder that is taken when none is named: the user's own, so that every version of weir
     * finds it.
     *
     * @param cluster the REST interface of a cluster that was not started by weir, or null
     */
    public static ClusterFolder ofUser(@Nullable URI cluster) {
        String state = System.getenv("XDG_STATE_HOME");
        Path states =
                state == null || state.isEmpty()
                        ? Path.of(System.getProperty("user.home"), ".local", "state")
                        : Path.of(state);
        String name = cluster == null ? "cluster" : "cluster-at-" + nameOf(cluster);
        return new ClusterFolder(states.resolve("weir").resolve(name));
    }

    private static String nameOf(URI cluster) {
        String path = cluster.getPath() == null ? "" : cluster.getPath();
        return (cluster.getAuthority() + path)
                .replaceAll("/+$", "")
                .replaceAll("[^A-Za-z0-9.-]", "-");
    }

    Path configuration() {
        return root.resolve("conf");
    }

    Path library() {
        return root.resolve("lib");
    }

    Path logs() {
        return root.resolve("logs");
    }

    Path processes() {
        return root.resolve("processes");
    }

    Path temporary() {
        return root.resolve("tmp");
    }

    Path checkpoints() {
        return root.resolve("checkpoints");
    }

    Path savepoints() {
        return root.resolve("savepoints");
    }

    /**
     * Copies of the jars that were submitted, so that one that is built again can be gone back to.
     */
    Path jars() {
        return root.resolve("jars");
    }

    Path jobs() {
        return root.resolve("jobs");
    }

    /**
     * Takes the folder for one command that changes something, until it is closed. A process that
     * is killed gives it back.
     *
     * @throws CommandException when another command has it
     */
    public FileChannel lock() throws IOException {
        Files.createDirectories(root);
        FileChannel file =
                FileChannel.open(
                        root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        if (isTaken(file)) {
            file.close();
            throw new CommandException(
                    "another weir cluster command works on %s: wait for its end".formatted(root));
        }
        return file;
    }

    private static boolean isTaken(FileChannel file) throws IOException {
        try {
            @Nullable FileLock lock = file.tryLock();
            return lock == null;
        } catch (OverlappingFileLockException e) { // by this process
            return true;
        }
    }
}
