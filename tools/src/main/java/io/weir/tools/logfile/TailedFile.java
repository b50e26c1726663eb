package io.weir.tools.logfile;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/**
 * A log that may be written to, opened once: it can be read on whatever its name becomes, and after
 * it was deleted.
 *
 * <p>One that is compressed is a part that rotation has put aside, and does not grow. Bytes are
 * counted as they are when unpacked.
 */
public final class TailedFile implements Closeable {

    private static final int MAX_ATTEMPTS = 10;
    private static final List<String> UTF_16_MARKS = List.of("fffe", "feff");

    private final FileChannel channel;
    private final String key;
    private final Compression compression;

    private TailedFile(FileChannel channel, String key) throws IOException {
        this.channel = channel;
        this.key = key;
        byte[] head = head(channel);
        this.compression = Compression.of(head);
        String hex = HexFormat.of().formatHex(head);
        if (UTF_16_MARKS.stream().anyMatch(hex::startsWith)) {
            throw new IOException("is UTF-16, of which only whole files are read");
        }
    }

    /**
     * Opens a file.
     *
     * @throws NoSuchFileException when there is none
     * @throws IOException when it cannot be read; the message names it
     */
    public static TailedFile open(Path file) throws IOException {
        for (int attempt = 1; ; attempt++) {
            String key = keyOf(file);
            FileChannel channel = FileChannel.open(file, StandardOpenOption.READ);
            try {
                // it may have got another name between
                if (key.equals(keyOf(file)) || attempt == MAX_ATTEMPTS) {
                    return new TailedFile(channel, key);
                }
            } catch (NoSuchFileException e) {
                channel.close();
                throw e;
            } catch (IOException e) {
                channel.close();
                throw new IOException(file + " " + e.getMessage(), e);
            }
            channel.close();
        }
    }

    /**
     * What tells files from each other while they exist, whatever their names: device and inode.
     * Empty where the file system has nothing like that.
     *
     * @throws NoSuchFileException when there is no such file
     */
    public static String keyOf(Path file) throws IOException {
        Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        return key == null ? "" : key.toString();
    }

    private static byte[] head(FileChannel channel) throws IOException {
        ByteBuffer head = ByteBuffer.allocate(Compression.HEAD_BYTES);
        int read = 0;
        while (head.hasRemaining() && read >= 0) {
            read = channel.read(head, head.position());
        }
        return Arrays.copyOf(head.array(), head.position());
    }

    /** As {@link #keyOf}, of the file that was opened. */
    public String key() {
        return key;
    }

    public boolean isCompressed() {
        return compression != Compression.NONE;
    }

    /**
     * Reads on after what was read before. When there is no line, there may be one later, unless
     * the file is compressed.
     *
     * @param bytes of the lines before
     * @param lines how many they are
     * @throws IOException when there are not as many bytes
     */
    public LineReader lines(long bytes, long lines) throws IOException {
        return LineReader.ofGrowing(from(bytes), bytes, lines);
    }

    /** Whether the file has this line at this place; what is damaged before it does not. */
    public boolean has(LineMark mark) throws IOException {
        try (InputStream in = from(mark.from())) {
            LineReader reader = LineReader.ofGrowing(in, mark.from(), 0);
            byte[] line = reader.next();
            byte[] found = line == null ? reader.rest() : line;
            return found != null && LineMark.of(mark.from(), reader.bytes(), found).equals(mark);
        } catch (EOFException e) {
            return false;
        }
    }

    private InputStream from(long bytes) throws IOException {
        if (!isCompressed()) {
            if (channel.size() < bytes) {
                throw new EOFException("it has no more than %,d bytes".formatted(channel.size()));
            }
            return new GrowingBytes(channel, bytes);
        }
        InputStream unpacked =
                new BufferedInputStream(
                        new UnpackedBytes(HeldBytes.of(channel), compression), 64 << 10);
        unpacked.skipNBytes(bytes);
        return unpacked;
    }

    /**
     * How many bytes are after those that were read; of a compressed file that is not known, and 0.
     */
    public long unread(long bytes) throws IOException {
        return isCompressed() ? 0 : Math.max(0, channel.size() - bytes);
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
