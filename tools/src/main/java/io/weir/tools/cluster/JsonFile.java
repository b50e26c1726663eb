package io.weir.tools.cluster;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.weir.tools.connect.CommandException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A record in a file, JSON. It is replaced as a whole, so it is never half written.
 *
 * @param type a record of what Jackson knows
 */
record JsonFile<T>(Path path, Class<T> type) {

    private static final JsonMapper JSON =
            JsonMapper.builder()
                    .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES)
                    .enable(DeserializationFeature.FAIL_ON_MISSING_CREATOR_PROPERTIES)
                    .build();

    /**
     * What was written, if anything was.
     *
     * @throws CommandException when the file holds something else
     */
    Optional<T> read() throws IOException {
        if (!Files.exists(path)) {
            return Optional.empty();
        }
        try {
            T value = JSON.readValue(Files.readAllBytes(path), type);
            if (value != null) {
                return Optional.of(value);
            }
        } catch (JsonProcessingException e) {
            throw unreadable(e.getOriginalMessage());
        }
        throw unreadable("it is empty");
    }

    private CommandException unreadable(String why) {
        return new CommandException(
                "cannot read %s: it is damaged or of another version of weir (%s). Use that version, or move the file away"
                        .formatted(path, why.lines().findFirst().orElse("")));
    }

    /** Returns when it is on the disk. */
    void write(T value) throws IOException {
        byte[] json = JSON.writerWithDefaultPrettyPrinter().writeValueAsBytes(value);
        Path folder = path.resolveSibling(".");
        Files.createDirectories(folder.normalize());
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
        try (FileChannel names = FileChannel.open(folder)) {
            names.force(true);
        }
    }

    void delete() throws IOException {
        Files.deleteIfExists(path);
    }
}
