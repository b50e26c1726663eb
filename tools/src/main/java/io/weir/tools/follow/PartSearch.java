package io.weir.tools.follow;

import io.weir.tools.logfile.LineMark;
import io.weir.tools.logfile.RotatedLog;
import io.weir.tools.logfile.TailedFile;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Finds files of a log that rotation has given another name, or copied and cut. */
final class PartSearch {

    /** Files get other names while they are looked for. */
    private static final int MAX_ATTEMPTS = 5;

    private final Path log;
    private final Consumer<String> say;
    private final Set<String> said = new HashSet<>();

    PartSearch(Path log, Consumer<String> say) {
        this.log = log;
        this.say = say;
    }

    /** A file, opened. */
    record Found(Path path, TailedFile file) {}

    /**
     * The file that was read so far, or a copy of it: that of the same key first, and then any that
     * has the marked line at the same place.
     */
    Optional<Found> find(PartPosition position) throws IOException {
        for (int attempt = 1; ; attempt++) {
            try {
                List<Path> candidates = new ArrayList<>(RotatedLog.putAside(log));
                candidates.add(log);
                Collections.reverse(candidates);
                Optional<Found> same = findSame(position, candidates);
                return same.isPresent() ? same : findCopy(position, candidates);
            } catch (NoSuchFileException e) {
                if (attempt == MAX_ATTEMPTS) {
                    throw e;
                }
            }
        }
    }

    /** Whether it is a copy of the file that has the log's name, which was cut since. */
    boolean isCopyOfCut(Found found, PartPosition position) throws IOException {
        if (found.path.equals(log) || found.file.key().equals(position.file())) {
            return false;
        }
        try {
            return TailedFile.keyOf(log).equals(position.file());
        } catch (NoSuchFileException e) {
            return false;
        }
    }

    private Optional<Found> findSame(PartPosition position, List<Path> candidates)
            throws IOException {
        for (Path each : candidates) {
            if (Files.exists(each) && TailedFile.keyOf(each).equals(position.file())) {
                Optional<Found> found = openIf(each, position);
                if (found.isPresent()) {
                    return found;
                }
            }
        }
        return Optional.empty();
    }

    private Optional<Found> findCopy(PartPosition position, List<Path> candidates)
            throws IOException {
        if (position.mark() == null) {
            return Optional.empty();
        }
        for (Path each : candidates) {
            Optional<Found> found = Files.exists(each) ? openIf(each, position) : Optional.empty();
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private Optional<Found> openIf(Path path, PartPosition position) throws IOException {
        TailedFile file = openIfReadable(path);
        if (file == null) {
            return Optional.empty();
        }
        try {
            LineMark mark = position.mark();
            if (mark == null ? file.key().equals(position.file()) : file.has(mark)) {
                return Optional.of(new Found(path, file));
            }
        } catch (IOException e) {
            sayOnce("cannot look into %s: %s".formatted(path, e.getMessage()));
        }
        file.close();
        return Optional.empty();
    }

    /** Null, and said, where it cannot be read: others beside it can. */
    private @Nullable TailedFile openIfReadable(Path path) throws IOException {
        try {
            return TailedFile.open(path);
        } catch (NoSuchFileException e) {
            throw e;
        } catch (AccessDeniedException e) {
            sayOnce("no permission to read %s: it is left out".formatted(path));
        } catch (IOException e) {
            sayOnce("%s: it is left out".formatted(e.getMessage()));
        }
        return null;
    }

    private void sayOnce(String text) {
        if (said.add(text)) {
            say.accept(text);
        }
    }

    /**
     * The files that were put aside and written to after a time, oldest first.
     *
     * @param known keys of files that are left out
     */
    List<Found> writtenAfter(Instant time, Set<String> known) throws IOException {
        List<Path> files = new ArrayList<>();
        for (Path each : RotatedLog.putAside(log)) {
            if (Files.getLastModifiedTime(each).toInstant().isAfter(time)) {
                files.add(each);
            }
        }
        List<Found> found = new ArrayList<>();
        try {
            openAll(files, found);
            return without(known, found);
        } catch (IOException e) {
            closeAll(found);
            throw e;
        }
    }

    private void openAll(List<Path> files, List<Found> found) throws IOException {
        for (Path each : files) {
            TailedFile file = openIfReadable(each);
            if (file != null) {
                found.add(new Found(each, file));
            }
        }
    }

    private static void closeAll(List<Found> found) throws IOException {
        for (Found each : found) {
            each.file.close();
        }
    }

    /**
     * The files that were put aside after one, by their times and not against their names, oldest
     * first; nothing where that one, or a copy of it, is not found.
     *
     * @param known keys of files that are left out
     */
    Optional<List<Found>> after(PartPosition last, Set<String> known) throws IOException {
        for (int attempt = 1; ; attempt++) {
            List<Found> found = new ArrayList<>();
            try {
                List<Path> files = RotatedLog.putAside(log);
                List<String> keys = keys(files);
                int index = indexOf(last, files, keys);
                if (index >= 0) {
                    openAll(newer(files, keys, index, known), found);
                }
                if (keys(RotatedLog.putAside(log)).equals(keys)) {
                    return index < 0 ? Optional.empty() : Optional.of(without(known, found));
                }
                closeAll(found);
            } catch (NoSuchFileException e) {
                closeAll(found);
                if (attempt == MAX_ATTEMPTS) {
                    throw e;
                }
            } catch (IOException e) {
                closeAll(found);
                throw e;
            }
        }
    }

    /** Those after the one at the index; an old file that was unpacked or restored is none. */
    private List<Path> newer(List<Path> files, List<String> keys, int index, Set<String> known) {
        List<Path> newer = new ArrayList<>();
        for (int i = index + 1; i < files.size(); i++) {
            Path each = files.get(i);
            if (!RotatedLog.isOlderByName(each, files.get(index))) {
                newer.add(each);
            } else if (!known.contains(keys.get(i))) {
                sayOnce(
                        "%s was written to after %s, but is older by its name: it is left out"
                                .formatted(each, files.get(index)));
            }
        }
        return newer;
    }

    private int indexOf(PartPosition last, List<Path> files, List<String> keys) throws IOException {
        int same = keys.indexOf(last.file());
        if (same >= 0) {
            return same;
        }
        Optional<Found> copy = findCopy(last, files);
        if (copy.isEmpty()) {
            return -1;
        }
        copy.get().file.close();
        return files.indexOf(copy.get().path);
    }

    private static List<String> keys(List<Path> files) throws IOException {
        List<String> keys = new ArrayList<>();
        for (Path file : files) {
            keys.add(TailedFile.keyOf(file));
        }
        return keys;
    }

    private static List<Found> without(Set<String> known, List<Found> found) throws IOException {
        List<Found> others = new ArrayList<>();
        for (Found each : found) {
            if (known.contains(each.file.key())) {
                each.file.close();
            } else {
                others.add(each);
            }
        }
        return others;
    }
}
