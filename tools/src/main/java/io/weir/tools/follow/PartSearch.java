package io.weir.tools.follow;

import io.weir.tools.logfile.LineMark;
import io.weir.tools.logfile.RotatedLog;
import io.weir.tools.logfile.TailedFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/** Finds files of a log that rotation has given another name, or copied and cut. */
final class PartSearch {

    /** Files get other names while they are looked for. */
    private static final int MAX_ATTEMPTS = 5;

    private final Path log;
    private final Consumer<String> say;

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
        TailedFile file = TailedFile.open(path);
        try {
            LineMark mark = position.mark();
            if (mark == null ? file.key().equals(position.file()) : file.has(mark)) {
                return Optional.of(new Found(path, file));
            }
        } catch (IOException e) {
            say.accept("cannot look into %s: %s".formatted(path, e.getMessage()));
        }
        file.close();
        return Optional.empty();
    }

    /**
     * The files that were put aside after one, oldest first; nothing where that one, or a copy of
     * it, is not found.
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
                for (int i = index + 1; index >= 0 && i < files.size(); i++) {
                    found.add(new Found(files.get(i), TailedFile.open(files.get(i))));
                }
                if (keys(RotatedLog.putAside(log)).equals(keys)) {
                    return index < 0 ? Optional.empty() : Optional.of(without(known, found));
                }
            } catch (NoSuchFileException e) {
                if (attempt == MAX_ATTEMPTS) {
                    throw e;
                }
            }
            for (Found each : found) {
                each.file.close();
            }
        }
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
