package io.weir.tools.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.tools.cluster.JobRecord.Next;
import io.weir.tools.cluster.JobRecord.Previous;
import io.weir.tools.cluster.JobRecord.Started;
import io.weir.tools.connect.CommandException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is known of jobs, and kept over commands. */
class JobRecordsTest {

    private static final String JOB = "weir traffic, late";
    private static final String ID = "0123456789abcdef0123456789abcdef";

    @TempDir private Path folder;
    private JobRecords records = new JobRecords(new ClusterFolder(Path.of("")));

    @BeforeEach
    void inAFolder() {
        records = new JobRecords(new ClusterFolder(folder));
    }

    @Test
    void aRecordIsReadAsItWasWritten() throws Exception {
        JobRecord record =
                new JobRecord(
                        1,
                        JOB,
                        new Started(
                                release("b.jar"), ID, true, "file:/s1", "file:/c", "t", "file:/s2"),
                        new Next(true, false, release("a.jar"), null, "f" + ID.substring(1)),
                        new Previous(new Release("a.jar", new TreeMap<>(), 3), "file:/s0"));
        records.write(record);
        assertThat(records.find(JOB)).contains(record);
        assertThat(records.ofId(ID)).contains(record);
        assertThat(records.ofId("f" + ID.substring(1))).contains(record);
        assertThat(records.find("weir traffic")).isEmpty();
        assertThat(files("jobs")).containsExactly("weir-traffic-late.json");
    }

    @Test
    void aDamagedFileIsNamedWithWhatToDo() throws Exception {
        records.write(JobRecord.first(JOB, Started.now(release("a.jar"), ID, false, null)));
        Path file = folder.resolve("jobs/weir-traffic-late.json");
        Files.writeString(file, Files.readString(file).substring(0, 40));
        assertThatThrownBy(() -> records.find(JOB))
                .isInstanceOf(CommandException.class)
                .hasMessageStartingWith("cannot read " + file + ": it is damaged")
                .hasMessageContaining("move the file away");
    }

    @Test
    void aRecordOfAnotherVersionIsNotGuessedAt() throws Exception {
        records.write(JobRecord.first(JOB, Started.now(release("a.jar"), ID, false, null)));
        Path file = folder.resolve("jobs/weir-traffic-late.json");
        Files.writeString(
                file, Files.readString(file).replace("\"version\" : 1", "\"version\" : 2"));
        assertThatThrownBy(() -> records.find(JOB))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("version 2 is not 1");
    }

    @Test
    void jarsAreKeptByTheirContent() throws Exception {
        Path jar = Files.writeString(folder.resolve("weir-jobs-1.jar"), "one");
        String one = records.keep(jar);
        // sha256sum of "one"
        assertThat(one).isEqualTo("7692c3ad3540-weir-jobs-1.jar");
        assertThat(records.keep(jar)).isEqualTo(one);
        Files.writeString(jar, "built again");
        assertThat(records.keep(jar)).isNotEqualTo(one);
        assertThat(records.path(one)).hasContent("one");
    }

    @Test
    void whatIsNoJarIsRefused() {
        assertThatThrownBy(() -> records.keep(folder.resolve("nothing.jar")))
                .isInstanceOf(CommandException.class)
                .hasMessageStartingWith("--jar: " + folder.resolve("nothing.jar") + " is no jar");
    }

    @Test
    void onlyJarsThatMayBeStartedAgainStay() throws Exception {
        Files.createDirectories(folder.resolve("jars"));
        for (String jar : new String[] {"a.jar", "b.jar", "c.jar", "d.jar"}) {
            Files.writeString(folder.resolve("jars").resolve(jar), jar);
        }
        records.write(
                new JobRecord(
                        1,
                        JOB,
                        Started.now(release("b.jar"), ID, false, null),
                        new Next(false, false, release("c.jar"), null, ID),
                        new Previous(release("a.jar"), null)));
        records.deleteOldJars();
        assertThat(files("jars")).containsExactlyInAnyOrder("a.jar", "b.jar", "c.jar");
    }

    @Test
    void aReleaseIsTheArgumentsOfTheJob() {
        Release release =
                new Release(
                        "7692c3ad3540-weir-jobs-1.jar",
                        new TreeMap<>(Map.of("store.user", "me", "kafka.topic", "requests")),
                        null);
        assertThat(release.title()).isEqualTo("weir-jobs-1.jar (7692c3a)");
        assertThat(release.arguments(false))
                .containsExactly("--kafka.topic", "requests", "--store.user", "me");
    }

    @Test
    void twoThatReadBesideEachOtherShowTheirProgressInTwoGroups() {
        Map<String, String> settings =
                Map.of(
                        "kafka.bootstrap-servers", "broker:9092",
                        "store.url", "jdbc:postgresql://store/weir",
                        "store.user", "me");
        Release unnamed = new Release("a.jar", new TreeMap<>(settings), null);
        assertThat(unnamed.arguments(false)).doesNotContain("--kafka.group-id");
        assertThat(unnamed.arguments(true)).containsSequence("--kafka.group-id", "weir-2");
        TreeMap<String, String> named = new TreeMap<>(settings);
        named.put("kafka.group-id", "traffic");
        Release release = new Release("a.jar", named, null);
        assertThat(release.arguments(false)).containsSequence("--kafka.group-id", "traffic");
        assertThat(release.arguments(true)).containsSequence("--kafka.group-id", "traffic-2");
        assertThat(release.group(false)).isEqualTo("traffic");
        assertThat(release.group(true)).isEqualTo("traffic-2");
    }

    @Test
    void whatWasInterruptedIsSaidWithBothWaysOn() {
        JobRecord record =
                JobRecord.first(JOB, Started.now(release("0123456789ab-old.jar"), ID, false, null));
        assertThat(record.withNext(next(false, false, "123456789abc-new.jar")).unfinished())
                .isEqualTo(
                        "an upgrade to new.jar (1234567) of weir traffic, late was interrupted: 'weir cluster upgrade' with the same jar goes on with it, 'weir cluster rollback' returns to old.jar (0123456)");
        assertThat(record.withNext(next(true, false, "23456789abcd-older.jar")).unfinished())
                .isEqualTo(
                        "a rollback to older.jar (2345678) of weir traffic, late was interrupted: 'weir cluster rollback' goes on with it, 'weir cluster upgrade --jar JAR' goes on to another");
        assertThat(record.withNext(next(false, true, "123456789abc-new.jar")).unfinished())
                .isEqualTo(
                        "an upgrade by blue/green to new.jar (1234567) of weir traffic, late was interrupted: 'weir cluster upgrade --blue-green' with the same jar goes on with it, 'weir cluster rollback' returns to old.jar (0123456)");
        assertThat(record.withNext(next(true, true, "23456789abcd-older.jar")).unfinished())
                .contains("'weir cluster rollback --blue-green' goes on with it");
    }

    private static Next next(boolean isRollback, boolean isBlueGreen, String jar) {
        return new Next(isRollback, isBlueGreen, release(jar), null, ID);
    }

    private Stream<String> files(String name) throws Exception {
        try (Stream<Path> files = Files.list(folder.resolve(name))) {
            return files.map(file -> file.getFileName().toString()).toList().stream();
        }
    }

    private static Release release(String jar) {
        return new Release(jar, new TreeMap<>(Map.of("kafka.topic", "requests")), null);
    }
}
