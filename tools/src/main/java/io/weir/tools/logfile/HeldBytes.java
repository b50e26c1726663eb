package io.weir.tools.logfile;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * The bytes that a file held when it was opened: each reading gives the same ones.
 *
 * <p>What is appended later is not read, and it does not matter if the file gets another name or
 * none. If it is cut or overwritten, reading fails with a {@link ChangedFileException}.
 */
final class HeldBytes implements Closeable {

    private static final int COPIED_AT_ONCE = 64 << 10;

    private final FileChannel channel;
    private final long size;

    /** Of the first reading that came to the end. */
    private @Nullable Long checksum;

    private HeldBytes(FileChannel channel) throws IOException {
        this.channel = channel;
        this.size = channel.size();
    }

    static HeldBytes of(Path file) throws IOException {
        return of(FileChannel.open(file, StandardOpenOption.READ));
    }

    /**
     * @param channel is closed with this
     */
    static HeldBytes of(FileChannel channel) throws IOException {
        return new HeldBytes(channel);
    }

    /**
     * Copies a stream that can be read once only to a temporary file, which nobody else can read
     * and which is gone from its folder as soon as it is open.
     *
     * @param name of the stream, for messages
     * @throws IOException when there are more bytes than the most, or no room for them
     */
    static HeldBytes spooled(InputStream in, String name, long maxBytes) throws IOException {
        Path file = Files.createTempFile("weir-log-", ".tmp");
        FileChannel channel =
                FileChannel.open(
                        file,
                        StandardOpenOption.READ,
                        StandardOpenOption.WRITE,
                        StandardOpenOption.DELETE_ON_CLOSE);
        try {
            byte[] bytes = new byte[COPIED_AT_ONCE];
            for (int read = in.read(bytes); read >= 0; read = in.read(bytes)) {
                if (channel.size() + read > maxBytes) {
                    throw new IOException(
                            "%s has more than %,d bytes, the most that is copied to a temporary file: save it to a file and name that"
                                    .formatted(name, maxBytes));
                }
                append(ByteBuffer.wrap(bytes, 0, read), channel, file, name);
            }
            return new HeldBytes(channel);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
    }

    private static void append(ByteBuffer bytes, FileChannel channel, Path file, String name)
            throws IOException {
        try {
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        } catch (IOException e) {
            throw new IOException(
                    "cannot copy %s to a temporary file in %s (TMPDIR names another folder): %s"
                            .formatted(name, file.getParent(), e.getMessage()));
        }
    }

    /** Whether the file holds more by now. */
    boolean hasGrown() throws IOException {
        return channel.size() > size;
    }

    /** A reading from the first byte on; it needs no closing. */
    InputStream read() {
        return new Reading();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }

    private static ChangedFileException changed(String how) {
        return new ChangedFileException(
                how + " (rotated by copytruncate?): start again, or read a copy of it");
    }

    private final class Reading extends ByteStream {

        private final CRC32C sum = new CRC32C();
        private long position;

        @Override
        int readSome(byte[] bytes, int offset, int length) throws IOException {
            int wanted = (int) Math.min(length, size - position);
            if (wanted == 0) {
                return -1;
            }
            int read = channel.read(ByteBuffer.wrap(bytes, offset, wanted), position);
            long now = channel.size();
            if (read < 0 || now < size) {
                throw changed(
                        "it held %d bytes when it was opened and was cut to %d while it was read"
                                .formatted(size, now));
            }
            sum.update(bytes, offset, read);
            if (position + read == size) {
                compare(); // fails again if it is read again
            }
            position += read;
            return read;
        }

        private void compare() throws ChangedFileException {
            if (checksum == null) {
                checksum = sum.getValue();
            } else if (checksum != sum.getValue()) {
                throw changed("it was overwritten while it was read");
            }
        }
    }
}
