package io.weir.tools.logfile;

import static java.util.stream.Collectors.toSet;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The parts of one log, oldest first.
 *
 * <p>Files in the same folder are parts of one log if their names differ only in what rotation
 * adds: a number at the end ({@code access.log.2}: the larger, the older), a date at the end or
 * before {@code .log} ({@code access.log-20260131}, {@code access-2026-01-31.log}, also with an
 * hour or a time), and the ending of a compression. The one without number and date is the newest.
 *
 * @param name the path of the part without number and date, which need not exist
 */
public record RotatedLog(String name, List<Path> parts) {

    private static final Pattern COMPRESSED =
            Pattern.compile("(.+)\\.(gz|bz2|xz|zst|zstd)", Pattern.CASE_INSENSITIVE);
    private static final Pattern NUMBERED = Pattern.compile("(.+)\\.(\\d{1,3})");

    /** Plausible ones, so that a number of another kind is none. */
    private static final String DATE =
            "[-._]((?:19|20)\\d\\d-?(?:0[1-9]|1[0-2])(?:-?(?:0[1-9]|[12]\\d|3[01])(?:[-_T.]?\\d{2,10})?)?)";

    private static final Pattern DATED = Pattern.compile("(.+?)" + DATE + "(\\.log)?");

    public RotatedLog {
        parts = List.copyOf(parts);
    }

    /**
     * Finds the logs that files are parts of, in the order in which they are first named.
     *
     * @throws IOException when two files are the same part of a log
     */
    public static List<RotatedLog> of(List<Path> files) throws IOException {
        Map<String, List<Part>> logs = new LinkedHashMap<>();
        for (Path file : files) {
            Part part = Part.of(file);
            logs.computeIfAbsent(part.log, log -> new ArrayList<>()).add(part);
        }
        List<RotatedLog> rotated = new ArrayList<>();
        for (Map.Entry<String, List<Part>> log : logs.entrySet()) {
            List<Part> parts = log.getValue();
            parts.sort(Part.OLDEST_FIRST);
            for (int i = 1; i < parts.size(); i++) {
                requireDistinct(parts.get(i - 1), parts.get(i));
            }
            rotated.add(new RotatedLog(log.getKey(), parts.stream().map(Part::file).toList()));
        }
        return List.copyOf(rotated);
    }

    /**
     * The files in the folder of a log that rotation has put aside, in the order in which they were
     * last written to; of those written to at the same time, the oldest by name first. One that is
     * there as it was and compressed, is there once.
     *
     * @param log the file that is written to, which need not exist
     */
    public static List<Path> putAside(Path log) throws IOException {
        Path folder = log.toAbsolutePath().normalize().getParent();
        if (folder == null || !Files.isDirectory(folder)) {
            return List.of();
        }
        Part present = Part.of(log);
        List<Written> written = new ArrayList<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : (Iterable<Path>) files::iterator) {
                Part part = Part.of(file);
                if (part.log.equals(present.log)
                        && Part.OLDEST_FIRST.compare(part, present) != 0
                        && Files.isRegularFile(file)) {
                    written.add(new Written(part, Files.getLastModifiedTime(file)));
                }
            }
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
        Set<Path> files = written.stream().map(each -> each.part.file).collect(toSet());
        return written.stream()
                .sorted(Written.ORDER)
                .map(each -> each.part.file)
                .filter(file -> !files.contains(uncompressed(file)))
                .toList();
    }

    /** Whether the one of two parts of a log is the older one by its name. */
    public static boolean isOlderByName(Path one, Path other) {
        return Part.OLDEST_FIRST.compare(Part.of(one), Part.of(other)) < 0;
    }

    /** What the file was called before it was compressed; null if it is not. */
    private static @Nullable Path uncompressed(Path file) {
        Matcher compressed = COMPRESSED.matcher(file.toString());
        return compressed.matches() ? Path.of(compressed.group(1)) : null;
    }

    /** The name of a file's log, without its folder. */
    static String nameOf(Path file) {
        return String.valueOf(Path.of(Part.of(file).log).getFileName());
    }

    private static void requireDistinct(Part one, Part other) throws IOException {
        if (Part.OLDEST_FIRST.compare(one, other) == 0) {
            throw new IOException(
                    "%s and %s are the same part of one log: name one of them"
                            .formatted(one.file, other.file));
        }
    }

    /**
     * A file by its name.
     *
     * @param log the name without what rotation adds
     * @param date as in the name, empty where there is none
     * @param number 0 where there is none
     */
    private record Part(Path file, String log, String date, int number) {

        /** Dated ones, numbered ones from the largest on, and the one that is written to. */
        static final Comparator<Part> OLDEST_FIRST =
                Comparator.comparing((Part part) -> part.date.isEmpty())
                        .thenComparing(Part::date)
                        .thenComparing(Part::number, Comparator.reverseOrder());

        static Part of(Path file) {
            Path fileName = file.getFileName();
            if (file.equals(LogFile.STANDARD_INPUT) || fileName == null) {
                return new Part(file, file.toString(), "", 0);
            }
            Path folder = file.toAbsolutePath().normalize().getParent();
            String name = fileName.toString();
            Matcher compressed = COMPRESSED.matcher(name);
            if (compressed.matches()) {
                name = compressed.group(1);
            }
            Matcher numbered = NUMBERED.matcher(name);
            if (numbered.matches()) {
                int number = Integer.parseInt(numbered.group(2));
                return new Part(file, in(folder, numbered.group(1)), "", number);
            }
            Matcher dated = DATED.matcher(name);
            if (dated.matches()) {
                String suffix = dated.group(3) == null ? "" : dated.group(3);
                return new Part(file, in(folder, dated.group(1) + suffix), dated.group(2), 0);
            }
            return new Part(file, in(folder, name), "", 0);
        }

        private static String in(@Nullable Path folder, String name) {
            return folder == null ? name : folder.resolve(name).toString();
        }
    }

    private record Written(Part part, FileTime time) {

        static final Comparator<Written> ORDER =
                Comparator.comparing(Written::time)
                        .thenComparing(Written::part, Part.OLDEST_FIRST)
                        .thenComparing(written -> written.part.file);
    }
}
