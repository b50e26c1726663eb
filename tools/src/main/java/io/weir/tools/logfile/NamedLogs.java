package io.weir.tools.logfile;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/** The files that people name: one by one, several with commas between them, or by their folder. */
public final class NamedLogs {

    private NamedLogs() {}

    /**
     * The files, in the order in which they are named, those of a folder by name.
     *
     * <p>A folder stands for the files in it, not in folders within, whose names end in {@code
     * .log}, {@code _log} or {@code access}, apart from what {@link RotatedLog rotation} adds.
     * Names that have {@code error} in them or begin with a dot are left out.
     *
     * @throws IOException when one is missing, or named twice by whatever name, or a folder has
     *     none
     */
    public static List<Path> of(List<String> arguments) throws IOException {
        List<Path> files = new ArrayList<>();
        for (String argument : arguments) {
            for (String name : split(argument)) {
                Path path = Path.of(name);
                if (Files.isDirectory(path)) {
                    files.addAll(logsIn(path));
                } else {
                    files.add(path);
                }
            }
        }
        requireDistinct(files);
        return List.copyOf(files);
    }

    /**
     * The files that are to be followed, in the order in which they are named. Those that do not
     * exist yet are taken as they are named.
     *
     * @throws IOException when one cannot be followed: a folder, the standard input, a pipe, a
     *     compressed file; or one is named twice, or is a part of the log of another
     */
    public static List<Path> toFollow(List<String> arguments) throws IOException {
        List<Path> files = new ArrayList<>();
        for (String argument : arguments) {
            for (String name : split(argument)) {
                Path file = Path.of(name);
                requireFollowable(file);
                files.add(file.toAbsolutePath().normalize());
            }
        }
        for (RotatedLog log : RotatedLog.of(files)) {
            if (log.parts().size() > 1) {
                throw new IOException(
                        "%s and %s are parts of one log: name the one that is written to, the others are found"
                                .formatted(log.parts().get(0), log.parts().get(1)));
            }
        }
        requireDistinct(files.stream().filter(Files::exists).toList());
        return List.copyOf(files);
    }

    private static void requireFollowable(Path file) throws IOException {
        if (file.equals(LogFile.STANDARD_INPUT)) {
            throw new IOException("the standard input cannot be followed: name a file");
        }
        if (Files.isDirectory(file)) {
            throw new IOException(file + " is a folder: name the logs in it that are written to");
        }
        if (!Files.exists(file)) {
            return;
        }
        if (!Files.isRegularFile(file)) {
            throw new IOException(file + " is a pipe or a device: only files can be followed");
        }
        if (!Files.isReadable(file)) {
            throw new IOException("no permission to read the access log " + file);
        }
        try (TailedFile opened = TailedFile.open(file)) {
            if (opened.isCompressed()) {
                throw new IOException(
                        file + " is compressed, so nothing is appended to it: name the log itself");
            }
        }
    }

    /** At the commas, unless they are part of a file's name. */
    private static List<String> split(String argument) {
        return Files.exists(Path.of(argument))
                ? List.of(argument)
                : Stream.of(argument.split(",", -1)).filter(name -> !name.isEmpty()).toList();
    }

    private static List<Path> logsIn(Path folder) throws IOException {
        if (!Files.isReadable(folder)) {
            throw new IOException("no permission to list the folder " + folder);
        }
        try (Stream<Path> files = Files.list(folder)) {
            List<Path> logs =
                    files.filter(NamedLogs::isLog).filter(Files::isRegularFile).sorted().toList();
            if (logs.isEmpty()) {
                throw new IOException(
                        "no access log in the folder %s: of a folder, files are read whose names end in .log, _log or access, but for rotation, and do not have error in them"
                                .formatted(folder));
            }
            return logs;
        }
    }

    private static boolean isLog(Path file) {
        String name = RotatedLog.nameOf(file).toLowerCase(Locale.ROOT);
        return (name.endsWith(".log") || name.endsWith("_log") || name.endsWith("access"))
                && !name.contains("error")
                && !name.startsWith(".");
    }

    private static void requireDistinct(List<Path> files) throws IOException {
        Map<Object, Path> known = new HashMap<>();
        for (Path file : files) {
            Path same = known.putIfAbsent(key(file), file);
            if (same != null) {
                throw new IOException(
                        same.equals(file)
                                ? file + " is named twice"
                                : "%s and %s are the same file: name one of them"
                                        .formatted(same, file));
            }
        }
    }

    /** The same for each name of a file, where the file system can tell. */
    private static Object key(Path file) throws IOException {
        if (file.equals(LogFile.STANDARD_INPUT)) {
            return file;
        }
        if (!Files.exists(file)) {
            throw new IOException("there is no access log " + file);
        }
        Object key = Files.readAttributes(file, BasicFileAttributes.class).fileKey();
        return key == null ? file.toRealPath() : key;
    }
}
