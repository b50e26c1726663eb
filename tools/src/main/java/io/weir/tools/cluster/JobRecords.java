package io.weir.tools.cluster;

import io.weir.tools.connect.CommandException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The records of a cluster's jobs, a file for each, and the jars that they name. */
public final class JobRecords {

    private static final int HASH_DIGITS = 12;
    private static final String JAR = ".jar";
    private static final String JSON = ".json";

    private final ClusterFolder folder;

    public JobRecords(ClusterFolder folder) {
        this.folder = folder;
    }

    Optional<JobRecord> find(String job) throws IOException {
        return file(job).read();
    }

    /** What was submitted last under this name. */
    public Optional<Release> release(String job) throws IOException {
        return find(job).map(record -> record.current().release());
    }

    /** The record of the job that has this id in Flink. */
    Optional<JobRecord> ofId(String id) throws IOException {
        return all().stream()
                .filter(
                        record ->
                                record.current().id().equals(id)
                                        || record.next() != null && record.next().id().equals(id))
                .findFirst();
    }

    List<JobRecord> all() throws IOException {
        List<JobRecord> records = new ArrayList<>();
        if (Files.isDirectory(folder.jobs())) {
            try (Stream<Path> files = Files.list(folder.jobs())) {
                for (Path file : files.sorted().toList()) {
                    if (file.toString().endsWith(JSON)) {
                        new JsonFile<>(file, JobRecord.class).read().ifPresent(records::add);
                    }
                }
            }
        }
        return records;
    }

    /** Keeps the record and returns it. */
    JobRecord write(JobRecord record) throws IOException {
        file(record.job()).write(record);
        return record;
    }

    private JsonFile<JobRecord> file(String job) {
        String name = job.replaceAll("[^A-Za-z0-9]+", "-");
        return new JsonFile<>(folder.jobs().resolve(name + JSON), JobRecord.class);
    }

    /**
     * Keeps a copy of a jar.
     *
     * @return its name there
     * @throws CommandException when it cannot be read, or is no jar
     */
    public String keep(Path jar) throws IOException {
        if (!jar.toString().endsWith(JAR) || !Files.isReadable(jar) || Files.isDirectory(jar)) {
            throw CommandException.wrongUsage(
                    "--jar: %s is no jar that can be read: name the job's jar, weir-jobs-VERSION.jar"
                            .formatted(jar));
        }
        Files.createDirectories(folder.jars());
        Path copy = folder.jars().resolve("copy.new");
        String hash = copyAndHash(jar, copy);
        String name = jar.getFileName().toString().replaceAll("[^A-Za-z0-9._-]", "_");
        String kept = hash.substring(0, HASH_DIGITS) + "-" + name;
        Files.move(copy, path(kept), StandardCopyOption.REPLACE_EXISTING);
        return kept;
    }

    private static String copyAndHash(Path jar, Path copy) throws IOException {
        try {
            MessageDigest hash = MessageDigest.getInstance("SHA-256");
            try (InputStream content = new DigestInputStream(Files.newInputStream(jar), hash)) {
                Files.copy(content, copy, StandardCopyOption.REPLACE_EXISTING);
            }
            return HexFormat.of().formatHex(hash.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // every JDK has it
        }
    }

    /** The kept copy. */
    Path path(String jar) {
        return folder.jars().resolve(jar);
    }

    /** Deletes the copies that no record names. */
    void deleteOldJars() throws IOException {
        Set<String> needed = all().stream().flatMap(JobRecord::jars).collect(Collectors.toSet());
        try (Stream<Path> files = Files.list(folder.jars())) {
            files.filter(file -> !needed.contains(file.getFileName().toString()))
                    .forEach(JobRecords::delete);
        }
    }

    private static void delete(Path file) {
        try {
            Files.delete(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
