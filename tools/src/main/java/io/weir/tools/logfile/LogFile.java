package io.weir.tools.logfile;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.apache.commons.io.input.ReaderInputStream;
import org.jspecify.annotations.Nullable;

/**
 * A log that is opened once and can be read several times, each time with the same lines: those
 * that it held when it was opened.
 *
 * <p>It may be compressed by gzip, zstd, xz or bzip2, and be UTF-16 with a byte order mark. {@code
 * -} is the standard input. That and pipes are copied to a temporary file first.
 */
public final class LogFile implements Closeable {

    /** What stands for the standard input where a file is named. */
    public static final Path STANDARD_INPUT = Path.of("-");

    /** How much of a pipe is copied at most, compressed if it is. */
    public static final long MAX_SPOOLED_BYTES = 16L << 30;

    private static final int BUFFER_BYTES = 64 << 10;
    private static final int TAR_MARK = 257;
    private static final int HEAD_BYTES = 262;

    private final Path path;
    private final HeldBytes bytes;
    private final Compression compression;

    /** Decided once, since all readings must be alike. */
    private @Nullable Boolean isLastLineHalf;

    private LogFile(Path path, HeldBytes bytes) throws IOException {
        this.path = path;
        this.bytes = bytes;
        this.compression = compressionOf(bytes, nameOf(path));
    }

    /**
     * Opens a log, which for a pipe means to read it to its end.
     *
     * @throws IOException when it cannot be read; the message names it
     */
    public static LogFile open(Path path) throws IOException {
        HeldBytes bytes = held(path);
        try {
            return new LogFile(path, bytes);
        } catch (IOException e) {
            bytes.close();
            throw e;
        }
    }

    private static HeldBytes held(Path path) throws IOException {
        if (path.equals(STANDARD_INPUT)) {
            return HeldBytes.spooled(System.in, nameOf(path), MAX_SPOOLED_BYTES);
        }
        if (!Files.exists(path)) {
            throw new IOException("there is no access log " + path);
        }
        if (Files.isDirectory(path)) {
            throw new IOException(path + " is a folder: name the access logs in it");
        }
        if (!Files.isReadable(path)) {
            throw new IOException("no permission to read the access log " + path);
        }
        if (Files.isRegularFile(path)) {
            return HeldBytes.of(path);
        }
        try (InputStream pipe = Files.newInputStream(path)) {
            return HeldBytes.spooled(pipe, nameOf(path), MAX_SPOOLED_BYTES);
        }
    }

    private static Compression compressionOf(HeldBytes bytes, String name) throws IOException {
        try {
            return Compression.of(bytes.read().readNBytes(Compression.HEAD_BYTES));
        } catch (IOException e) {
            throw new IOException(name + " " + e.getMessage(), e);
        }
    }

    private static String nameOf(Path path) {
        return path.equals(STANDARD_INPUT) ? "the standard input" : path.toString();
    }

    public Path path() {
        return path;
    }

    /** Whether it is being written to. */
    public boolean hasGrown() throws IOException {
        return bytes.hasGrown();
    }

    /** A reading from the first line on. A last line that is still being written is left out. */
    public LineReader lines() throws IOException {
        InputStream unpacked =
                compression == Compression.NONE
                        ? bytes.read()
                        : new UnpackedBytes(bytes, compression);
        BufferedInputStream text = new BufferedInputStream(unpacked, BUFFER_BYTES);
        return new LineReader(decoded(text, head(text)), this::isLastLineHalf);
    }

    private static byte[] head(BufferedInputStream text) throws IOException {
        byte[] head = new byte[HEAD_BYTES];
        int length = 0;
        text.mark(HEAD_BYTES);
        try {
            for (int read = 0; length < HEAD_BYTES && read >= 0; length += Math.max(0, read)) {
                read = text.read(head, length, HEAD_BYTES - length);
            }
        } catch (IOException e) {
            // is thrown again when the lines before it are read
        }
        text.reset();
        return Arrays.copyOf(head, length);
    }

    private InputStream decoded(InputStream text, byte[] head) throws IOException {
        if (startsWith("ustar", StandardCharsets.US_ASCII, head, TAR_MARK)) {
            throw new IOException("it is a tar archive: unpack it first");
        }
        for (Charset utf16 : new Charset[] {StandardCharsets.UTF_16LE, StandardCharsets.UTF_16BE}) {
            if (startsWith("\uFEFF", utf16, head, 0)) {
                text.skipNBytes(2);
                return ReaderInputStream.builder()
                        .setReader(new InputStreamReader(text, utf16))
                        .setCharset(StandardCharsets.UTF_8)
                        .get();
            }
        }
        return text;
    }

    private static boolean startsWith(String start, Charset charset, byte[] head, int offset) {
        byte[] wanted = start.getBytes(charset);
        return head.length >= offset + wanted.length
                && Arrays.equals(wanted, 0, wanted.length, head, offset, offset + wanted.length);
    }

    private boolean isLastLineHalf() throws IOException {
        if (isLastLineHalf == null) {
            isLastLineHalf = hasGrown();
        }
        return isLastLineHalf;
    }

    @Override
    public void close() throws IOException {
        bytes.close();
    }
}
