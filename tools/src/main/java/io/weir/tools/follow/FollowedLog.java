package io.weir.tools.follow;

import io.weir.tools.accesslog.LiveRecords;
import io.weir.tools.logfile.ChangedFileException;
import io.weir.tools.logfile.LineMark;
import io.weir.tools.logfile.TailedFile;
import io.weir.tools.send.OutgoingRecord;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A log that is written to and rotated, as one sequence of lines: its files ({@link LogParts}) are
 * read one after the other.
 */
final class FollowedLog implements Closeable {

    /** Nobody rotates a log twice in as much. */
    private static final Duration ROTATED_ONCE = Duration.ofSeconds(10);

    private final Path path;
    private final String name;
    private final int siteId;
    private final LiveRecords records;
    private final InstantSource clock;
    private final Consumer<String> say;
    private final PartSearch search;
    private final LogParts parts;

    private String saidOfPath = "";
    private Instant lastLook = Instant.MAX;

    /**
     * @param path of the file that is written to
     * @param name how records name it
     * @param siteId whose log it is
     */
    FollowedLog(
            Path path,
            String name,
            int siteId,
            LiveRecords records,
            InstantSource clock,
            Consumer<String> say) {
        this.path = path;
        this.name = name;
        this.siteId = siteId;
        this.records = records;
        this.clock = clock;
        this.say = say;
        this.search = new PartSearch(path, say);
        this.parts = new LogParts(name, records, clock, say);
    }

    /**
     * Goes on where reading ended once, wherever the files are now.
     *
     * @param savedAt when that was
     */
    void resume(List<PartPosition> positions, Instant savedAt) throws IOException {
        boolean isLastGone = false;
        for (PartPosition position : positions) {
            Optional<PartSearch.Found> found = search.find(position);
            isLastGone = found.isEmpty();
            if (found.isEmpty()) {
                say.accept(
                        "%s was read to byte %,d (line %,d), but no file here begins with that any more: what was added after that, if anything, is missing"
                                .formatted(path, position.bytes(), position.lines()));
            } else {
                if (search.isCopyOfCut(found.get(), position)) {
                    say.accept(
                            "%s was cut since it was read, and %s is its copy: some lines may be missing, those written between the copy and the cut"
                                    .formatted(path, found.get().path()));
                }
                goOn(found.get(), position, parts.count());
            }
        }
        if (isLastGone) {
            addWrittenAfter(savedAt);
        }
    }

    /** The files between one that is gone and the present one. */
    private void addWrittenAfter(Instant savedAt) throws IOException {
        for (PartSearch.Found each : search.writtenAfter(savedAt, parts.keys())) {
            say.accept(
                    "%s was written to since: reading it from its beginning"
                            .formatted(each.path()));
            parts.add(each, PartPosition.beginning(each.file().key()), true);
        }
    }

    private void goOn(PartSearch.Found found, PartPosition position, int at) throws IOException {
        boolean isPutAside = !found.path().equals(path);
        FollowedPart part = parts.open(found, position, isPutAside);
        if (isPutAside && part.mayHaveMore()) {
            say.accept(
                    "%s goes on in %s after byte %,d (line %,d)"
                            .formatted(path, found.path(), position.bytes(), position.lines()));
        }
        parts.insert(at, part);
    }

    /** Leaves out the lines that are there now. */
    void skipLines() throws IOException {
        look();
        for (FollowedPart part : parts.all()) {
            part.skipLines();
        }
    }

    /**
     * Where reading begins: {@code from its beginning}, {@code on after byte 350 (line 5), its
     * end}.
     *
     * @param isSaved whether that was saved
     */
    String start(boolean isSaved) {
        if (parts.isEmpty() || parts.last().position().bytes() == 0) {
            return "from its beginning";
        }
        FollowedPart last = parts.last();
        PartPosition position = last.position();
        return "on after byte %,d (line %,d)%s, %s"
                .formatted(
                        position.bytes(),
                        position.lines(),
                        last.path().equals(path) ? "" : " of what is " + last.path() + " now",
                        isSaved ? "the saved position" : "its end");
    }

    /** Looks whether there are more lines, and which file has the log's name now. */
    void look() throws IOException {
        for (FollowedPart part : parts.all()) {
            part.lookAgain();
        }
        try {
            String key = TailedFile.keyOf(path);
            if (!isLast(key)) {
                open();
            }
            saidOfPath = "";
        } catch (NoSuchFileException e) {
            if (!parts.isEmpty() && !parts.last().isPutAside()) {
                parts.last().putAside(clock.instant());
            } else if (parts.isEmpty()) {
                sayOnce("there is no %s yet: waiting for it".formatted(path));
            }
        } catch (AccessDeniedException e) {
            sayOnce("no permission to read %s: waiting for it".formatted(path));
        }
        lastLook = clock.instant();
        parts.readMarks();
    }

    /** Whether the log's name is that of the file that is read last. */
    private boolean isLast(String key) {
        if (parts.isEmpty() || !parts.last().key().equals(key)) {
            return false;
        }
        parts.last().putBack();
        return true;
    }

    /** Opens the file that has the log's name now, and those that had it since the last look. */
    private void open() throws IOException {
        PartSearch.Found present = new PartSearch.Found(path, TailedFile.open(path));
        try {
            if (parts.isEmpty()) {
                addPresent(present);
            } else if (isCopyOfLast(present.file())) {
                replaceLast(present);
            } else {
                parts.last().putAside(clock.instant());
                addPutAside(present.file().key());
                addPresent(present);
            }
        } catch (IOException e) {
            present.file().close();
            throw e;
        }
    }

    private void addPresent(PartSearch.Found present) throws IOException {
        parts.add(present, PartPosition.beginning(present.file().key()), false);
    }

    private void addPutAside(String present) throws IOException {
        Set<String> known = parts.keys();
        known.add(present);
        for (PartSearch.Found each : putAsideAfterLast(known)) {
            say.accept("%s was rotated again: reading %s too".formatted(path, each.path()));
            parts.add(each, PartPosition.beginning(each.file().key()), true);
        }
    }

    /** Whether it has the line that was read last at the same place. */
    private boolean isCopyOfLast(TailedFile present) throws IOException {
        PartPosition position = parts.last().position();
        LineMark mark = position.mark();
        return position.bytes() > 0 && mark != null && present.has(mark);
    }

    /** Goes on in the copy where the file that had the name ends, once that is read. */
    private void replaceLast(PartSearch.Found copy) throws IOException {
        FollowedPart replaced = parts.last();
        if (replaced.head(clock.instant()) != null) {
            copy.file().close();
            return;
        }
        PartPosition position = replaced.position().of(copy.file().key());
        say.accept(
                "%s is another file now, with the same lines: going on after byte %,d (line %,d)"
                        .formatted(path, position.bytes(), position.lines()));
        replaced.putAside(clock.instant());
        if (replaced.unread() > 0) { // half a line, which the copy has too
            parts.remove(replaced);
        }
        parts.add(copy, position, false);
    }

    private List<PartSearch.Found> putAsideAfterLast(Set<String> known) throws IOException {
        Optional<List<PartSearch.Found>> after = search.after(parts.last().position(), known);
        if (after.isEmpty() && lastLook.isBefore(clock.instant().minus(ROTATED_ONCE))) {
            say.accept(
                    "%s was rotated, and the rotated file is not beside it: if it was rotated more than once since %s, lines in between are missing"
                            .formatted(path, lastLook));
        }
        return after.orElse(List.of());
    }

    private void sayOnce(String text) {
        if (!text.equals(saidOfPath)) {
            say.accept(text);
            saidOfPath = text;
        }
    }

    /** The next line, or null if there is none until the next look. */
    FollowedPart.@Nullable Line head() throws IOException {
        FollowedPart part = partWithHead();
        return part == null ? null : part.head(clock.instant());
    }

    private @Nullable FollowedPart partWithHead() throws IOException {
        for (int i = 0; i < parts.count(); i++) {
            FollowedPart part = parts.get(i);
            try {
                if (part.head(clock.instant()) != null || hasEnded(part)) {
                    return part;
                }
            } catch (ChangedFileException e) {
                return replace(i, e);
            } catch (IOException e) {
                if (!part.isCompressed()) {
                    throw e;
                }
                say.accept("%s; the rest of it is left out".formatted(e.getMessage()));
                parts.remove(part);
                return partWithHead();
            }
        }
        parts.dropQuiet();
        return null;
    }

    /** Whether a line has become the head that nobody ends any more. */
    private boolean hasEnded(FollowedPart part) {
        if (part.isPutAside() && part.isQuietSince(clock.instant().minus(LogParts.QUIET))) {
            part.endLastLine();
        }
        return part.hasHead();
    }

    /**
     * Goes on in the copy of a file that was cut, if there is one. Nobody knows what was written
     * between the copy and the cut.
     */
    private @Nullable FollowedPart replace(int i, ChangedFileException why) throws IOException {
        FollowedPart changed = parts.get(i);
        parts.remove(changed);
        PartPosition position = changed.position();
        String what = "%s: %s (rotated by copytruncate?)".formatted(path, why.getMessage());
        Optional<PartSearch.Found> copy = search.find(position);
        if (copy.isPresent()) {
            say.accept(
                    what
                            + ": some lines may be missing, those written between the copy and the cut");
            goOn(copy.get(), position, i);
        } else {
            say.accept(
                    "%s, and no copy of it goes on after line %,d: some lines may be missing, those written just before that"
                            .formatted(what, position.lines()));
        }
        return partWithHead();
    }

    /** The record of the line that {@link #head} has given. */
    OutgoingRecord take() throws IOException {
        FollowedPart part = partWithHead();
        if (part == null) {
            throw new IllegalStateException("there is no line in " + path);
        }
        FollowedPart.Line line = part.take();
        return records.of(name, siteId, line.number(), line.bytes(), line.content());
    }

    Path path() {
        return path;
    }

    int siteId() {
        return siteId;
    }

    /** The files that are read, oldest first. */
    List<FollowedPart> parts() {
        return parts.all();
    }

    /** After the lines that were taken; without files to which nothing is added any more. */
    LogPosition position() {
        return new LogPosition(siteId, parts.positions());
    }

    /** How many bytes were not taken yet, as far as files are known. */
    long unread() throws IOException {
        return parts.unread();
    }

    @Override
    public void close() throws IOException {
        parts.close();
    }
}
