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
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A log that is written to and rotated, as one sequence of lines.
 *
 * <p>Its files are read one after the other: those that were put aside and not read to their end,
 * and the one that has the log's name. A file that was put aside is looked at until the next one is
 * and nothing was added for a minute, or for an hour, since who writes to it may not know yet.
 */
final class FollowedLog implements Closeable {

    static final Duration QUIET = Duration.ofMinutes(1);

    /** How long the file that was put aside last is looked at. */
    static final Duration KEPT = Duration.ofHours(1);

    /** Nobody rotates a log twice in as much. */
    private static final Duration ROTATED_ONCE = Duration.ofSeconds(10);

    private final Path path;
    private final String name;
    private final int siteId;
    private final LiveRecords records;
    private final InstantSource clock;
    private final Consumer<String> say;
    private final PartSearch search;

    /** Oldest first. */
    private final List<FollowedPart> parts = new ArrayList<>();

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
                        "%s was read to byte %,d (line %,d), but no file here begins with that any more: what it had after that is missing"
                                .formatted(path, position.bytes(), position.lines()));
            } else {
                goOn(found.get(), position, parts.size());
            }
        }
        if (isLastGone) {
            addWrittenAfter(savedAt);
        }
    }

    /** The files between one that is gone and the present one. */
    private void addWrittenAfter(Instant savedAt) throws IOException {
        for (PartSearch.Found each : search.writtenAfter(savedAt, keys())) {
            say.accept(
                    "%s was written to since: reading it from its beginning"
                            .formatted(each.path()));
            parts.add(part(each, PartPosition.beginning(each.file().key()), true));
        }
    }

    private Set<String> keys() {
        return parts.stream().map(FollowedPart::key).collect(Collectors.toSet());
    }

    private void goOn(PartSearch.Found found, PartPosition position, int at) throws IOException {
        boolean isPutAside = !found.path().equals(path);
        FollowedPart part = part(found, position, isPutAside);
        if (isPutAside && part.mayHaveMore()) {
            say.accept(
                    "%s goes on in %s after byte %,d (line %,d)"
                            .formatted(path, found.path(), position.bytes(), position.lines()));
        }
        parts.add(at, part);
    }

    private FollowedPart part(PartSearch.Found found, PartPosition position, boolean isPutAside)
            throws IOException {
        try {
            return new FollowedPart(
                    found.path(),
                    found.file(),
                    position,
                    records.open(),
                    isPutAside,
                    clock.instant());
        } catch (IOException e) {
            found.file().close();
            throw e;
        }
    }

    /** Leaves out the lines that are there now. */
    void skipLines() throws IOException {
        look();
        for (FollowedPart part : parts) {
            part.skipLines();
        }
    }

    /** Looks whether there are more lines, and which file has the log's name now. */
    void look() throws IOException {
        for (FollowedPart part : parts) {
            part.lookAgain();
        }
        try {
            String key = TailedFile.keyOf(path);
            if (!isLast(key)) {
                open();
            }
            saidOfPath = "";
        } catch (NoSuchFileException e) {
            if (!parts.isEmpty() && !last().isPutAside()) {
                last().putAside(clock.instant());
            } else if (parts.isEmpty()) {
                sayOnce("there is no %s yet: waiting for it".formatted(path));
            }
        } catch (AccessDeniedException e) {
            sayOnce("no permission to read %s: waiting for it".formatted(path));
        }
        lastLook = clock.instant();
        for (FollowedPart part : parts) {
            try {
                part.readMark(clock.instant());
            } catch (IOException e) {
                // is thrown again when its lines are wanted
            }
        }
    }

    /** Whether the log's name is that of the file that is read last. */
    private boolean isLast(String key) {
        if (parts.isEmpty() || !last().key().equals(key)) {
            return false;
        }
        last().putBack();
        return true;
    }

    private FollowedPart last() {
        return parts.get(parts.size() - 1);
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
                last().putAside(clock.instant());
                addPutAside(present.file().key());
                addPresent(present);
            }
        } catch (IOException e) {
            present.file().close();
            throw e;
        }
    }

    private void addPresent(PartSearch.Found present) throws IOException {
        parts.add(part(present, PartPosition.beginning(present.file().key()), false));
    }

    private void addPutAside(String present) throws IOException {
        Set<String> known = keys();
        known.add(present);
        for (PartSearch.Found each : putAsideAfterLast(known)) {
            say.accept("%s was rotated again: reading %s too".formatted(path, each.path()));
            parts.add(part(each, PartPosition.beginning(each.file().key()), true));
        }
    }

    /** Whether it has the line that was read last at the same place. */
    private boolean isCopyOfLast(TailedFile present) throws IOException {
        PartPosition position = last().position();
        LineMark mark = position.mark();
        return position.bytes() > 0 && mark != null && present.has(mark);
    }

    /** Goes on in the copy where the file that had the name ends, once that is read. */
    private void replaceLast(PartSearch.Found copy) throws IOException {
        FollowedPart replaced = last();
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
            replaced.close();
        }
        parts.add(part(copy, position, false));
    }

    private List<PartSearch.Found> putAsideAfterLast(Set<String> known) throws IOException {
        Optional<List<PartSearch.Found>> after = search.after(last().position(), known);
        if (after.isEmpty() && lastLook.isBefore(clock.instant().minus(ROTATED_ONCE))) {
            say.accept(
                    "%s was rotated, and what it was is not beside it: if it was rotated more than once since %s, lines between are missing"
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
        for (int i = 0; i < parts.size(); i++) {
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
                parts.remove(i);
                part.close();
                return partWithHead();
            }
        }
        dropQuietParts();
        return null;
    }

    /** Whether a line has become the head that nobody ends any more. */
    private boolean hasEnded(FollowedPart part) {
        if (part.isPutAside() && part.isQuietSince(clock.instant().minus(QUIET))) {
            part.endLastLine();
        }
        return part.hasHead();
    }

    private void dropQuietParts() throws IOException {
        for (int i = parts.size() - 2; i >= 0; i--) {
            FollowedPart part = parts.get(i);
            Duration kept = i == parts.size() - 2 ? KEPT : QUIET;
            if (part.isPutAside() && part.isQuietSince(clock.instant().minus(kept))) {
                sayUnread(part);
                parts.remove(i);
                part.close();
            }
        }
    }

    private void sayUnread(FollowedPart part) throws IOException {
        if (part.unread() > 0) {
            say.accept(
                    "%s is not read any more; its last %,d bytes are left out"
                            .formatted(part.path(), part.unread()));
        }
    }

    /** Goes on in the copy of a file that was cut, if there is one. */
    private @Nullable FollowedPart replace(int i, ChangedFileException why) throws IOException {
        FollowedPart changed = parts.remove(i);
        changed.close();
        PartPosition position = changed.position();
        String what = "%s: %s (rotated by copytruncate?)".formatted(path, why.getMessage());
        Optional<PartSearch.Found> copy = search.find(position);
        if (copy.isPresent()) {
            say.accept(what);
            goOn(copy.get(), position, i);
        } else {
            say.accept(
                    "%s, and no copy of it goes on after line %,d: lines written just before that may be missing"
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

    /** After the lines that were taken; without files to which nothing is added any more. */
    LogPosition position() {
        Instant quiet = clock.instant().minus(QUIET);
        List<PartPosition> positions = new ArrayList<>();
        for (FollowedPart part : parts) {
            if (part == last() || !part.isPutAside() || !part.isQuietSince(quiet)) {
                positions.add(part.position());
            }
        }
        return new LogPosition(siteId, positions);
    }

    /** How many bytes were not taken yet, as far as files are known. */
    long unread() throws IOException {
        long unread = 0;
        for (FollowedPart part : parts) {
            unread += part.unread();
        }
        return unread;
    }

    @Override
    public void close() throws IOException {
        for (FollowedPart part : parts) {
            part.close();
        }
    }
}
