package io.weir.tools.follow;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.weir.tools.connect.CommandException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The file that a follower's position is kept in, JSON. It is replaced as a whole, so it is never
 * half written, and locked (by {@code NAME.lock} beside it) against a second follower.
 */
final class PositionFile implements Closeable {

    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                    .build();

    private final Path path;
    private final FileChannel lock;

    private PositionFile(Path path, FileChannel lock) {
        this.path = path;
        this.lock = lock;
    }

    /**
     * Takes the file, which need not exist yet, for this process.
     *
     * @throws CommandException when another process has it
     */
    static PositionFile open(Path path) throws IOException {
        Path whole = path.toAbsolutePath().normalize();
        Path folder = whole.getParent();
        if (folder == null || Files.isDirectory(whole)) {
            throw CommandException.wrongUsage("--position: " + path + " is a folder: name a file");
        }
        try {
            Files.createDirectories(folder);
            FileChannel lock =
                    FileChannel.open(
                            whole.resolveSibling(whole.getFileName() + ".lock"),
                            StandardOpenOption.CREATE,
                            StandardOpenOption.WRITE);
            if (isTaken(lock)) {
                lock.close();
                throw new CommandException(
                        "another replay-log --follow uses the position %s: end it, or name another file with --position"
                                .formatted(path));
            }
            return new PositionFile(whole, lock);
        } catch (IOException e) {
            throw new IOException("cannot write the position " + path + ": " + e, e);
        }
    }

    private static boolean isTaken(FileChannel channel) throws IOException {
        try {
            @Nullable FileLock lock = channel.tryLock();
            return lock == null;
        } catch (OverlappingFileLockException e) { // by this process
            return true;
        }
    }

    /**
     * What was saved, if anything was.
     *
     * @throws CommandException when the file holds something else
     */
    Optional<SavedPosition> read() throws IOException {
        if (!Files.exists(path)) {
            return Optional.empty();
        }
        SavedPosition saved;
        try {
            saved = JSON.readValue(Files.readAllBytes(path), SavedPosition.class);
        } catch (JsonProcessingException e) {
            throw unreadable("it is damaged, or is not a position: " + e.getOriginalMessage());
        }
        if (saved == null || saved.version() != SavedPosition.VERSION) {
            throw unreadable("it was written by another version of weir");
        }
        return Optional.of(saved);
    }

    /** When it was written last; the far future where it was not. */
    Instant savedAt() throws IOException {
        return Files.exists(path) ? Files.getLastModifiedTime(path).toInstant() : Instant.MAX;
    }

    private CommandException unreadable(String why) {
        return new CommandException(
                "cannot read the position %s: %s. Remove it to begin anew (--from says where), or name another with --position"
                        .formatted(path, why));
    }

    /** Returns when it is on the disk. */
    void write(SavedPosition position) throws IOException {
        byte[] json = JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(position);
        Path written = path.resolveSibling(path.getFileName() + ".new");
        try (FileChannel file =
                FileChannel.open(
                        written,
                        StandardOpenOption.CREATE,
                        StandardOpenOption.TRUNCATE_EXISTING,
                        StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.wrap(json);
            while (bytes.hasRemaining()) {
                file.write(bytes);
            }
            file.force(true);
        }
        Files.move(
                written, path, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        try (FileChannel folder = FileChannel.open(path.resolveSibling("."))) {
            folder.force(true); // the name
        }
    }

    @Override
    public void close() throws IOException {
        lock.close();
    }
}
