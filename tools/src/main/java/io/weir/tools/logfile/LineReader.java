package io.weir.tools.logfile;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads a log line by line, as bytes.
 *
 * <p>A line ends with a line feed, and what else ends it is left on it. Only where the first lines
 * end with carriage returns and no line feed, a carriage return ends a line too. A UTF-8 byte order
 * mark in front of a line is left out, as logs joined by {@code cat} have one in their midst. So
 * are NULs in front of a line, and many in a row anywhere: a file that was cut while it was written
 * to begins with a hole of them, which can be larger than memory.
 */
public final class LineReader implements Closeable {

    /** No line of a log is longer; a file with one is something else. */
    static final int MAX_LINE_LENGTH = 64 << 20;

    private static final int BUFFER_BYTES = 64 << 10;
    private static final byte[] NULS = new byte[BUFFER_BYTES];

    /** As many NULs are no part of a line. */
    private static final int HOLE_BYTES = 16;

    private final InputStream in;
    private final Ending ending;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int position;
    private int limit;
    private long lines;

    private boolean isLineEndKnown;
    private boolean endsAtCarriageReturn;
    private boolean isAfterCarriageReturn;
    private long nuls;
    private @Nullable IOException failure;

    /** Of the stream, before the buffer. */
    private long bytesBefore;

    private long bytes;

    /** Whether the last line asked for has begun, but not ended. */
    private boolean isBegun;

    /** The line that is being read. */
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    /** Knows what a last line without a line end is. */
    interface Ending {

        /** Whether it is not yet written to its end, and therefore left out. */
        boolean isHalfWritten() throws IOException;
    }

    LineReader(InputStream in, Ending ending) {
        this.in = in;
        this.ending = ending;
    }

    /**
     * Reads a stream that may give more after it has ended. A line feed ends a line; one without it
     * is not given until it has one.
     *
     * @param bytes how many bytes of the log are before the stream
     * @param lines how many lines they are
     */
    static LineReader ofGrowing(InputStream in, long bytes, long lines) {
        LineReader reader = new LineReader(in, () -> true);
        reader.isLineEndKnown = true;
        reader.bytesBefore = bytes;
        reader.bytes = bytes;
        reader.lines = lines;
        return reader;
    }

    /** The next line without its line end, or null when there is none. */
    public byte @Nullable [] next() throws IOException {
        if (!isBegun) {
            line.reset();
            nuls = 0;
        }
        isBegun = false;
        while (position < limit || fill()) {
            int start = position;
            position = endOfPiece();
            append(start, position);
            if (position < limit && isLineEnd()) {
                return whole();
            }
        }
        if (line.size() == 0 || ending.isHalfWritten()) {
            isBegun = true;
            return null;
        }
        return whole();
    }

    /**
     * What stands after the last line end, where a stream has ended for good: a line that nobody
     * ends any more. Null if nothing does.
     */
    public byte @Nullable [] rest() {
        if (line.size() == 0) {
            return null;
        }
        byte[] rest = whole();
        line.reset();
        return rest;
    }

    private byte[] whole() {
        lines++;
        bytes = bytesBefore + position;
        return withoutMark(line.toByteArray());
    }

    /** How many lines were read. */
    public long lines() {
        return lines;
    }

    /** How many bytes the lines that were read take, with what is between them and left out. */
    public long bytes() {
        return bytes;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    /** Where the next line end or NUL stands, or the end of the buffer. */
    private int endOfPiece() {
        int end = position;
        while (end < limit) {
            byte each = buffer[end];
            if (each == '\n' || each == 0 || (each == '\r' && endsAtCarriageReturn)) {
                break;
            }
            end++;
        }
        return end;
    }

    /** Steps over what stands at the position: a line end, half of one, or NULs. */
    private boolean isLineEnd() {
        if (buffer[position] == 0) {
            skipNuls();
            return false;
        }
        appendNuls();
        byte end = buffer[position++];
        boolean isSecondHalf = end == '\n' && isAfterCarriageReturn && line.size() == 0;
        isAfterCarriageReturn = end == '\r';
        return !isSecondHalf;
    }

    private void skipNuls() {
        int others = Arrays.mismatch(buffer, position, limit, NULS, 0, limit - position);
        int end = others < 0 ? limit : position + others;
        nuls += end - position;
        position = end;
    }

    /** Those that were skipped last, if they are part of the line. */
    private void appendNuls() {
        if (nuls < HOLE_BYTES && line.size() > 0) {
            line.write(NULS, 0, (int) nuls);
        }
        nuls = 0;
    }

    private void append(int start, int end) throws IOException {
        if (line.size() > MAX_LINE_LENGTH - (end - start)) {
            throw new IOException("a line is longer than " + MAX_LINE_LENGTH + " bytes");
        }
        if (start < end) {
            appendNuls();
            line.write(buffer, start, end - start);
        }
    }

    private static byte[] withoutMark(byte[] line) {
        boolean hasMark =
                line.length >= 3
                        && line[0] == (byte) 0xEF
                        && line[1] == (byte) 0xBB
                        && line[2] == (byte) 0xBF;
        return hasMark ? Arrays.copyOfRange(line, 3, line.length) : line;
    }

    /** Fills the buffer as far as it goes, since the first bytes say how lines end. */
    private boolean fill() throws IOException {
        bytesBefore += limit;
        position = 0;
        limit = 0;
        if (failure != null) {
            throw failure;
        }
        try {
            int read = 0;
            while (limit < buffer.length && read >= 0) {
                limit += read;
                read = in.read(buffer, limit, buffer.length - limit);
            }
        } catch (IOException e) {
            failure = e; // what was read before it comes first
        }
        skipNuls();
        if (!isLineEndKnown) {
            findLineEnd();
        }
        if (limit == 0 && failure != null) {
            throw failure;
        }
        return limit > 0;
    }

    private void findLineEnd() {
        boolean hasCarriageReturn = false;
        for (int i = position; i < limit; i++) {
            if (buffer[i] == '\n') {
                isLineEndKnown = true;
                return;
            }
            hasCarriageReturn |= buffer[i] == '\r';
        }
        isLineEndKnown = hasCarriageReturn;
        endsAtCarriageReturn = hasCarriageReturn;
    }
}
