package io.weir.tools.cluster;

import io.weir.tools.cluster.FlinkJobs.Completed;
import io.weir.tools.cluster.JobRecord.Started;
import io.weir.tools.connect.CommandException;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Where a job that has ended can go on: what it was stopped with, or else its last checkpoint that
 * is kept, by what Flink still knows or by what lies in its folders.
 */
final class ResumePoint {

    private static final Pattern CHECKPOINT = Pattern.compile("chk-[0-9]{1,18}");

    /** Flink names a savepoint {@code savepoint-} and the first digits of the job's id. */
    private static final int DIGITS_OF_SAVEPOINTS = 6;

    private final FlinkJobs flink;
    private final ClusterFolder folder;

    ResumePoint(FlinkJobs flink, ClusterFolder folder) {
        this.flink = flink;
        this.folder = folder;
    }

    /**
     * The savepoint or checkpoint, null if there never was one: then it is without state.
     *
     * @throws CommandException when there was one that is not found
     */
    @Nullable String find(Started ended) throws IOException, InterruptedException {
        if (ended.stoppedWith() != null) {
            return ended.stoppedWith();
        }
        Optional<String> found = Optional.empty();
        if (flink.find(ended.id()).isPresent()) {
            found = flink.latest(ended.id()).map(Completed::path);
        }
        if (found.isEmpty()) {
            found = inFolders(ended);
        }
        if (found.isEmpty() && ended.checkpoints() != null) {
            throw new CommandException(
                    "where job %s can go on from is not known here: look into %s and name the newest chk-N, or a savepoint, by 'weir cluster submit --from PATH' ('--without-state' begins anew)"
                            .formatted(ended.id(), ended.checkpoints()));
        }
        return found.orElse(ended.from());
    }

    private Optional<String> inFolders(Started ended) throws IOException {
        Path checkpoints =
                ended.checkpoints() == null
                        ? folder.checkpoints().resolve(ended.id())
                        : localFolder(ended.checkpoints());
        Optional<Path> checkpoint = newest(checkpoints, CHECKPOINT);
        if (checkpoint.isEmpty()) {
            String digits = ended.id().substring(0, DIGITS_OF_SAVEPOINTS);
            checkpoint =
                    newest(folder.savepoints(), Pattern.compile("savepoint-" + digits + "-.*"));
        }
        return checkpoint.map(found -> found.toUri().toString());
    }

    /** Only what is a file to this machine, too, can be looked at. */
    private static @Nullable Path localFolder(String uri) {
        return uri.startsWith("file:") ? Path.of(URI.create(uri)) : null;
    }

    /** The newest of what is complete: the metadata is written last. */
    private static Optional<Path> newest(@Nullable Path folder, Pattern name) throws IOException {
        if (folder == null || !Files.isDirectory(folder)) {
            return Optional.empty();
        }
        try (Stream<Path> entries = Files.list(folder)) {
            return entries.filter(entry -> name.matcher(entry.getFileName().toString()).matches())
                    .filter(entry -> Files.isReadable(metadata(entry)))
                    .max(Comparator.comparing(entry -> metadata(entry).toFile().lastModified()));
        }
    }

    private static Path metadata(Path checkpoint) {
        return checkpoint.resolve("_metadata");
    }
}
