package io.weir.tools.accesslog;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
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

    /** The line that is being read. */
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();

    LineReader(InputStream in) {
        this.in = in;
    }

    /** The next line without its line feed, or null when there is none. */
    byte @Nullable [] next() throws IOException {
        line.reset();
        while (position < limit || fill()) {
            int start = position;
            while (position < limit && buffer[position] != '\n') {
                position++;
            }
            if (line.size() > MAX_LINE_LENGTH - (position - start)) {
                throw new IOException("a line is longer than " + MAX_LINE_LENGTH + " bytes");
            }
            line.write(buffer, start, position - start);
            if (position < limit) {
                position++;
                lines++;
                return line.toByteArray();
            }
        }
        if (line.size() == 0) {
            return null;
        }
        lines++;
        return line.toByteArray();
    }

    /** How many lines were read. */
    long lines() {
        return lines;
    }

    @Override
    public void close() throws IOException {
        in.close();
    }

    private boolean fill() throws IOException {
        position = 0;
        limit = Math.max(0, in.read(buffer));
        return limit > 0;
    }
}
