package io.weir.tools.logfile;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.util.Arrays;

/**
 * The bytes of a file that is written to: where it ends, reading goes on when there is more.
 *
 * <p>If the file is cut, or has other bytes than it had at its beginning or before the position,
 * reading fails with a {@link ChangedFileException}. Who does not append leaves a hole where a file
 * was cut, so that it begins with the same NULs after each cut. That is looked at after each
 * reading, so that no byte is given that stood elsewhere in the file before.
 */
final class GrowingBytes extends ByteStream {

    private static final int HEAD_BYTES = 1_024;
    private static final int TAIL_BYTES = 256;

    private final FileChannel channel;
    private byte[] head;

    /** The last ones before the position. */
    private byte[] tail;

    private long position;

    GrowingBytes(FileChannel channel, long position) throws IOException {
        this.channel = channel;
        this.position = position;
        this.head = held(0, (int) Math.min(HEAD_BYTES, position));
        int tailLength = (int) Math.min(TAIL_BYTES, position);
        this.tail = held(position - tailLength, tailLength);
    }

    @Override
    int readSome(byte[] bytes, int offset, int length) throws IOException {
        int read = channel.read(ByteBuffer.wrap(bytes, offset, length), position);
        if (channel.size() < position + Math.max(0, read)) {
            throw new ChangedFileException(
                    "it was cut to %,d bytes after %,d were read"
                            .formatted(channel.size(), position));
        }
        if (!Arrays.equals(head, held(0, head.length))
                || !Arrays.equals(tail, held(position - tail.length, tail.length))) {
            throw new ChangedFileException(
                    "it was overwritten after %,d bytes were read".formatted(position));
        }
        if (read <= 0) {
            return -1;
        }
        position += read;
        addToHead(bytes, offset, read);
        addToTail(bytes, offset, read);
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

    private void addToTail(byte[] bytes, int offset, int length) {
        int added = Math.min(length, TAIL_BYTES);
        int kept = Math.min(tail.length, TAIL_BYTES - added);
        byte[] next = new byte[kept + added];
        System.arraycopy(tail, tail.length - kept, next, 0, kept);
        System.arraycopy(bytes, offset + length - added, next, kept, added);
        tail = next;
    }

    /** Those that stand there now, or fewer where there are no more. */
    private byte[] held(long from, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocate(length);
        int read = 0;
        while (bytes.hasRemaining() && read >= 0) {
            read = channel.read(bytes, from + bytes.position());
        }
        return Arrays.copyOf(bytes.array(), bytes.position());
    }
}
