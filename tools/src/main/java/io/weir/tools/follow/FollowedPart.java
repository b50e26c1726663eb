package io.weir.tools.follow;

import io.weir.tools.accesslog.DirectiveLine;
import io.weir.tools.accesslog.LiveLines;
import io.weir.tools.accesslog.LogLine;
import io.weir.tools.accesslog.ParsedLine;
import io.weir.tools.logfile.ChangedFileException;
import io.weir.tools.logfile.LineMark;
import io.weir.tools.logfile.LineReader;
import io.weir.tools.logfile.TailedFile;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A file that is read on from a place, line by line, as lines are added to it. */
final class FollowedPart implements Closeable {

    /** A line that was read and not taken yet. */
    record Line(long from, long to, long number, byte[] bytes, LogLine content) {

        /** Before all others where it has none, so that it is not parted from its like. */
        Instant time() {
            return content instanceof ParsedLine request ? request.time() : Instant.MIN;
        }
    }

    private static final int LINES_READ_BEFORE = 1_000;

    private final Path path;
    private final TailedFile file;
    private final LiveLines content;
    private final LineReader reader;
    private boolean isPutAside;
    private boolean isAtEnd;
    private Instant lastChange;
    private @Nullable Line head;

    private long bytes;
    private long lines;
    private @Nullable LineMark mark;
    private @Nullable Line lastTaken;

    /**
     * @param path for messages
     * @param content what reads its lines, and has read none
     * @param isPutAside whether nobody should write to it any more
     */
    FollowedPart(
            Path path,
            TailedFile file,
            PartPosition position,
            LiveLines content,
            boolean isPutAside,
            Instant now)
            throws IOException {
        this.path = path;
        this.file = file;
        this.content = content;
        this.bytes = position.bytes();
        this.lines = position.lines();
        this.mark = position.mark();
        this.isPutAside = isPutAside;
        this.lastChange = now;
        readBefore();
        this.reader = file.lines(bytes, lines);
    }

    /**
     * What lines depend on, as the format of the file, stands before them. And how they are read is
     * said before there is another one.
     */
    private void readBefore() throws IOException {
        if (bytes == 0) {
            return;
        }
        try (LineReader before = file.lines(0, 0)) {
            while (before.bytes() < bytes
                    && (before.lines() < LINES_READ_BEFORE || !content.isSettled())) {
                byte[] line = before.next();
                if (line == null) {
                    return;
                }
                LogLine unused = content.parse(before.lines(), line);
            }
        }
    }

    /** Goes to the end of the last line that the file has now. */
    void skipLines() throws IOException {
        while (head(lastChange) != null) {
            Line unused = take();
        }
    }

    /**
     * The next line, or null if there is none yet.
     *
     * @throws ChangedFileException when the file was cut or overwritten
     * @throws IOException when it cannot be read; the message names it
     */
    @Nullable Line head(Instant now) throws IOException {
        try {
            while (head == null && !isAtEnd) {
                long from = reader.bytes();
                byte[] line = reader.next();
                if (line == null) {
                    isAtEnd = true;
                } else {
                    lastChange = now;
                    accept(from, line);
                }
            }
            return head;
        } catch (ChangedFileException e) {
            throw e;
        } catch (IOException e) {
            IOException named =
                    new IOException(
                            "cannot read %s after line %d: %s"
                                    .formatted(path, reader.lines(), e.getMessage()));
            named.addSuppressed(e); // as its cause it would be shown in its place
            throw named;
        }
    }

    private void accept(long from, byte[] line) {
        Line read =
                new Line(
                        from,
                        reader.bytes(),
                        reader.lines(),
                        line,
                        content.parse(reader.lines(), line));
        if (read.content instanceof DirectiveLine) {
            moveAfter(read);
        } else {
            head = read;
        }
    }

    /** The line that {@link #head} has shown. */
    Line take() {
        Line taken = head;
        if (taken == null) {
            throw new IllegalStateException("no line was read");
        }
        head = null;
        moveAfter(taken);
        return taken;
    }

    private void moveAfter(Line line) {
        bytes = line.to;
        lines = line.number;
        lastTaken = line;
    }

    /** There may be more lines by now. */
    void lookAgain() {
        isAtEnd = false;
    }

    /** Another file has its name now; who writes to it may do so for a while. */
    void putAside(Instant now) {
        isPutAside = true;
        lastChange = now;
    }

    /** It has its name again. */
    void putBack() {
        isPutAside = false;
    }

    boolean isPutAside() {
        return isPutAside;
    }

    /** Whether all was read that there is, and since when. */
    boolean isQuietSince(Instant time) {
        return head == null && isAtEnd && (file.isCompressed() || !lastChange.isAfter(time));
    }

    /** A last line that nobody ends any more becomes the head. */
    void endLastLine() {
        long from = reader.bytes();
        byte[] rest = reader.rest();
        if (rest != null) {
            accept(from, rest);
        }
    }

    boolean hasHead() {
        return head != null;
    }

    /** Reads the first line, by which the file is known when it has another name. */
    void readMark(Instant now) throws IOException {
        if (mark == null && lastTaken == null) {
            Line first = head(now);
            mark = first == null ? null : LineMark.of(first.from, first.to, first.bytes);
        }
    }

    /** After the lines that were taken. */
    PartPosition position() {
        Line last = lastTaken;
        if (last != null) {
            mark = LineMark.of(last.from, last.to, last.bytes);
            lastTaken = null;
        }
        return new PartPosition(file.key(), bytes, lines, mark);
    }

    /** How its lines were read so far. */
    LiveLines content() {
        return content;
    }

    String key() {
        return file.key();
    }

    boolean isCompressed() {
        return file.isCompressed();
    }

    Path path() {
        return path;
    }

    /** Whether there are bytes that were not taken yet; of what is compressed nobody knows. */
    boolean mayHaveMore() throws IOException {
        return file.isCompressed() || unread() > 0;
    }

    /** How many bytes were not taken yet. */
    long unread() throws IOException {
        return file.unread(bytes);
    }

    @Override
    public void close() throws IOException {
        reader.close();
        file.close();
    }
}
