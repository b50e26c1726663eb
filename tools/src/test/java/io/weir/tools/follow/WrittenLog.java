package io.weir.tools.follow;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.zip.GZIPOutputStream;

/** A log in a folder, as a server writes it and logrotate rotates it. Lines are numbered. */
final class WrittenLog {

    private static final Instant FIRST_WRITE = Instant.parse("2026-10-25T12:00:00Z");

    private final Path path;
    private long written;
    private long writes;

    WrittenLog(Path path) {
        this.path = path;
    }

    Path path() {
        return path;
    }

    /** How many lines were written, with other numbers each. */
    long written() {
        return written;
    }

    /** A line without its end. */
    static String line(long number) {
        return "198.51.100.7 - - [25/Oct/2026:12:%02d:%02d +0000] \"GET /%d HTTP/1.1\" 200 5"
                .formatted(number / 60 % 60, number % 60, number);
    }

    void write(int lines) throws IOException {
        writeTo(path, lines);
    }

    void writeTo(Path file, int lines) throws IOException {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < lines; i++) {
            text.append(line(++written)).append('\n');
        }
        append(file, text.toString());
        touch(file);
    }

    /** A second after the write before it: real ones can be too near for the file system. */
    private void touch(Path file) throws IOException {
        Files.setLastModifiedTime(file, FileTime.from(FIRST_WRITE.plusSeconds(writes++)));
    }

    static void append(Path file, String text) throws IOException {
        Files.writeString(file, text, UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
    }

    /** {@code access.log.N}, or with N = 0 the log itself. */
    Path part(int number) {
        return number == 0 ? path : path.resolveSibling(path.getFileName() + "." + number);
    }

    Path packed(int number) {
        return path.resolveSibling(path.getFileName() + "." + number + ".gz");
    }

    /** Gives each part the next number; there is no log then until a line is written. */
    void rotate() throws IOException {
        shift(0);
    }

    private void shift(int number) throws IOException {
        if (Files.exists(part(number + 1)) || Files.exists(packed(number + 1))) {
            shift(number + 1);
        }
        if (Files.exists(part(number))) {
            Files.move(part(number), part(number + 1));
        }
        if (number > 0 && Files.exists(packed(number))) {
            Files.move(packed(number), packed(number + 1));
        }
    }

    /** Copies the log and cuts it. */
    void copyAndTruncate() throws IOException {
        if (Files.exists(part(1)) || Files.exists(packed(1))) {
            shift(1);
        }
        Files.copy(path, part(1), StandardCopyOption.COPY_ATTRIBUTES);
        truncate();
    }

    void truncate() throws IOException {
        Files.newOutputStream(path, StandardOpenOption.TRUNCATE_EXISTING).close();
        touch(path);
    }

    /** Compresses a part as gzip does, which keeps its time. */
    void pack(int number) throws IOException {
        FileTime time = Files.getLastModifiedTime(part(number));
        try (OutputStream out = new GZIPOutputStream(Files.newOutputStream(packed(number)))) {
            out.write(Files.readAllBytes(part(number)));
        }
        Files.setLastModifiedTime(packed(number), time);
        Files.delete(part(number));
    }
}
