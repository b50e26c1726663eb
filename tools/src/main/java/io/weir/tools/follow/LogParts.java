package io.weir.tools.follow;

import io.weir.tools.accesslog.LiveRecords;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The files of a log that are read, oldest first: those that were put aside, and the one that has
 * the log's name.
 *
 * <p>Who writes to a file that was put aside may not know that yet. So it is looked at until the
 * next one is put aside and nothing was added for a minute, or for an hour.
 */
final class LogParts implements Closeable {

    static final Duration QUIET = Duration.ofMinutes(1);

    /** How long the file that was put aside last is looked at. */
    static final Duration KEPT = Duration.ofHours(1);

    private final String name;
    private final LiveRecords records;
    private final InstantSource clock;
    private final Consumer<String> say;
    private final List<FollowedPart> parts = new ArrayList<>();

    /**
     * @param name of the log, as records have it
     */
    LogParts(String name, LiveRecords records, InstantSource clock, Consumer<String> say) {
        this.name = name;
        this.records = records;
        this.clock = clock;
        this.say = say;
    }

    /** Reads on in a file, after those that are there. */
    void add(PartSearch.Found found, PartPosition position, boolean isPutAside) throws IOException {
        parts.add(open(found, position, isPutAside));
    }

    /** Opens a file, which is closed again if that fails. */
    FollowedPart open(PartSearch.Found found, PartPosition position, boolean isPutAside)
            throws IOException {
        try {
            return new FollowedPart(
                    found.path(),
                    found.file(),
                    position,
                    records.open(name),
                    isPutAside,
                    clock.instant());
        } catch (IOException e) {
            found.file().close();
            throw e;
        }
    }

    void insert(int at, FollowedPart part) {
        parts.add(at, part);
    }

    void remove(FollowedPart part) throws IOException {
        parts.remove(part);
        part.close();
    }

    List<FollowedPart> all() {
        return List.copyOf(parts);
    }

    boolean isEmpty() {
        return parts.isEmpty();
    }

    int count() {
        return parts.size();
    }

    FollowedPart get(int index) {
        return parts.get(index);
    }

    FollowedPart last() {
        return parts.get(parts.size() - 1);
    }

    Set<String> keys() {
        return parts.stream().map(FollowedPart::key).collect(Collectors.toSet());
    }

    /** Closes those to which nobody adds anything any more. */
    void dropQuiet() throws IOException {
        for (int i = parts.size() - 2; i >= 0; i--) {
            FollowedPart part = parts.get(i);
            Duration kept = i == parts.size() - 2 ? KEPT : QUIET;
            if (part.isPutAside() && part.isQuietSince(clock.instant().minus(kept))) {
                sayUnread(part);
                remove(part);
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

    /** The first lines, by which files are known when they have other names. */
    void readMarks() {
        Instant now = clock.instant();
        for (FollowedPart part : parts) {
            try {
                part.readMark(now);
            } catch (IOException e) {
                // is thrown again when its lines are wanted
            }
        }
    }

    /** After the lines that were taken; of all that may have more lines. */
    List<PartPosition> positions() {
        return parts.stream().map(FollowedPart::position).toList();
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
