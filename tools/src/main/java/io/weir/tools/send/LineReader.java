package io.weir.tools.send;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Reads a file line by line, as bytes; lines end with a line feed and nothing else. */
final class LineReader implements Closeable {

    /** No line of a log is longer; a file with one is something else. */
    static final int MAX_LINE_LENGTH = 64 << 20;

    private final InputStream in;
    private final byte[] buffer = new byte[64 << 10];
    private int position;
    private int limit;
    private long lines;

    /** The beginning of a line that did not fit into the buffer. */
    private final ByteArrayOutputStream longLine = new ByteArrayOutputStream();

    LineReader(InputStream in) {
        this.in = in;
    }

    /** The next line without its line feed, or null when there is none. */
    byte @Nullable [] next() throws IOException {
        longLine.reset();
        while (position < limit || fill()) {
            int start = position;
            position = endOfLine(start);
            if (position < limit) {
                byte[] line = join(start);
                position++;
                lines++;
                return line;
            }
            keep(start);
        }
        if (longLine.size() == 0) {
            return null;
        }
        lines++;
        return longLine.toByteArray();
    }

    /** How many lines were read. */
    long lines() {
        return lines;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private int endOfLine(int start) {
        int end = start;
        while (end < limit && buffer[end] != '\n') {
            end++;
        }
        return end;
    }

    private byte[] join(int start) throws IOException {
        if (longLine.size() == 0) {
            return Arrays.copyOfRange(buffer, start, position);
        }
        keep(start);
        return longLine.toByteArray();
    }

    private void keep(int start) throws IOException {
        if (longLine.size() > MAX_LINE_LENGTH - (position - start)) {
            throw new IOException("a line is longer than " + MAX_LINE_LENGTH + " bytes");
        }
        longLine.write(buffer, start, position - start);
    }

    private boolean fill() throws IOException {
        position = 0;
        limit = Math.max(0, in.read(buffer));
        return limit > 0;
    }
}
