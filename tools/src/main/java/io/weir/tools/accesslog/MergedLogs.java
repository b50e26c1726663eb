package io.weir.tools.accesslog;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * The lines of several access logs merged by time, without holding more than one line of each.
 *
 * <p>Each file's own order stays. An unparsable line has no time: it follows its predecessor in its
 * file, and goes before everything else where it has none. Of equal times the first file's is
 * first.
 */
final class MergedLogs implements Iterator<MergedLogs.Line>, Closeable {

    /**
     * A line and where it is from.
     *
     * @param number from 1
     */
    record Line(AccessLogFile file, long number, byte[] bytes, LogLine content) {}

    private final List<Cursor> cursors = new ArrayList<>();

    MergedLogs(List<AccessLogFile> files) throws IOException {
        try {
            for (AccessLogFile file : files) {
                cursors.add(new Cursor(file));
            }
        } catch (IOException e) {
            close();
            throw e;
        }
    }

    @Override
    public boolean hasNext() {
        return nextCursor() != null;
    }

    @Override
    public Line next() {
        Cursor cursor = nextCursor();
        Line next = cursor == null ? null : cursor.head;
        if (cursor == null || next == null) {
            throw new NoSuchElementException("no line is left");
        }
        try {
            cursor.head = cursor.read();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return next;
    }

    @Override
    public void close() throws IOException {
        for (Cursor cursor : cursors) {
            cursor.reader.close();
        }
    }

    private @Nullable Cursor nextCursor() {
        Cursor first = null;
        for (Cursor cursor : cursors) {
            if (cursor.head != null && (first == null || cursor.time().isBefore(first.time()))) {
                first = cursor;
            }
        }
        return first;
    }

    private static final class Cursor {

        private final AccessLogFile file;
        private final LineReader reader;
        private @Nullable Line head;

        Cursor(AccessLogFile file) throws IOException {
            this.file = file;
            this.reader = file.open();
            this.head = read();
        }

        /** Before all others where the line has no time, so that it is not parted from its like. */
        Instant time() {
            return head != null && head.content instanceof ParsedLine parsed
                    ? parsed.time()
                    : Instant.MIN;
        }

        private @Nullable Line read() throws IOException {
            try {
                byte[] bytes = reader.next();
                if (bytes == null) {
                    reader.close();
                    return null;
                }
                return new Line(file, reader.lines(), bytes, AccessLogParser.parse(bytes));
            } catch (IOException e) {
                throw new IOException(
                        "cannot read %s after line %d: %s"
                                .formatted(file.path(), reader.lines(), e.getMessage()),
                        e);
            }
        }
    }
}
