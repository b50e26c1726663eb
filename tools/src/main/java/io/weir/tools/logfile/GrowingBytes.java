package io.weir.tools.logfile;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;
import java.util.Objects;

/**
 * The bytes of a file that is written to: where it ends, reading goes on when there is more.
 *
 * <p>If the file is cut, or begins with other bytes than it did, reading fails with a {@link
 * ChangedFileException}. That is looked at after each reading, so that no byte is given that stood
 * elsewhere in the file before.
 */
final class GrowingBytes extends InputStream {

    private static final int HEAD_BYTES = 1_024;

    private final FileChannel channel;
    private byte[] head;
    private long position;

    GrowingBytes(FileChannel channel, long position) throws IOException {
        this.channel = channel;
        this.position = position;
        this.head = first((int) Math.min(HEAD_BYTES, position));
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        if (length == 0) {
            return 0;
        }
        int read = channel.read(ByteBuffer.wrap(bytes, offset, length), position);
        if (channel.size() < position + Math.max(0, read)) {
            throw new ChangedFileException(
                    "it was cut to %,d bytes after %,d were read"
                            .formatted(channel.size(), position));
        }
        if (!Arrays.equals(head, first(head.length))) {
            throw new ChangedFileException(
                    "it was overwritten after %,d bytes were read".formatted(position));
        }
        if (read <= 0) {
            return -1;
        }
        position += read;
        addToHead(bytes, offset, read);
        return read;
    }

    private void addToHead(byte[] bytes, int offset, int length) {
        int added = Math.min(length, HEAD_BYTES - head.length);
        if (added > 0) {
            int known = head.length;
            head = Arrays.copyOf(head, known + added);
            System.arraycopy(bytes, offset, head, known, added);
        }
    }

    /** The first ones, or fewer where there are no more. */
    private byte[] first(int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        int read = 0;
        while (bytes.hasRemaining() && read >= 0) {
            read = channel.read(bytes, bytes.position());
        }
        return Arrays.copyOf(bytes.array(), bytes.position());
    }
}
