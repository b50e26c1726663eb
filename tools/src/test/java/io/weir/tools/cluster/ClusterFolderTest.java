package io.weir.tools.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.tools.connect.CommandException;
import java.io.File;
import java.net.URI;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where a cluster's files are, and what of the class path its processes have. */
class ClusterFolderTest {

    @Test
    void everyClusterHasAFolderOfItsOwn() {
        Path own = ClusterFolder.ofUser(null).root();
        assertThat(own).endsWithRaw(Path.of("weir/cluster"));
        assertThat(ClusterFolder.ofUser(URI.create("http://flink:8081/")).root())
                .isEqualTo(own.resolveSibling("cluster-at-flink-8081"));
        assertThat(ClusterFolder.ofUser(URI.create("https://proxy/flink")).root())
                .isEqualTo(own.resolveSibling("cluster-at-proxy-flink"));
    }

    @Test
    void onlyOneCommandChangesAClusterAtATime(@TempDir Path folder) throws Exception {
        ClusterFolder cluster = new ClusterFolder(folder);
        try (FileChannel lock = cluster.lock()) {
            assertThat(lock.isOpen()).isTrue();
            assertThatThrownBy(cluster::lock)
                    .isInstanceOf(CommandException.class)
                    .hasMessage(
                            "another weir cluster command works on %s: wait for its end", folder);
        }
        cluster.lock().close();
    }

    @Test
    void theClusterHasFlinkAndNotTheJob() {
        String classPath =
                String.join(
                        File.pathSeparator,
                        "/lib/flink-runtime-2.2.1.jar",
                        "/lib/weir-tools-0.1.0.jar",
                        "/lib/plain-weir-jobs-0.1.0.jar",
                        "/lib/flink-connector-datagen-2.2.1.jar",
                        "/lib/flink-connector-kafka-5.0.0-2.2.jar",
                        "/lib/flink-connector-base-2.2.1.jar",
                        "/lib/kafka-clients-4.3.1.jar",
                        "/lib/postgresql-42.7.14.jar",
                        "/lib/log4j-slf4j-impl-2.26.1.jar",
                        "/lib/commons-lang3-3.20.0.jar",
                        "/weir/jobs/target/classes");
        assertThat(FlinkLibrary.jars(classPath))
                .containsExactly(
                        Path.of("/lib/flink-runtime-2.2.1.jar"),
                        Path.of("/lib/flink-connector-datagen-2.2.1.jar"),
                        Path.of("/lib/log4j-slf4j-impl-2.26.1.jar"),
                        Path.of("/lib/commons-lang3-3.20.0.jar"));
        assertThatThrownBy(() -> FlinkLibrary.jars("/lib/weir-tools-0.1.0.jar"))
                .isInstanceOf(CommandException.class)
                .hasMessageContaining("Flink's jars are not on the class path");
    }

    @Test
    void anotherProcessWithTheSameNumberIsNotTaken() throws Exception {
        Process process = new ProcessBuilder("sleep", "60").start();
        try {
            FlinkProcess started = FlinkProcess.of("jobmanager", "id", process.toHandle());
            assertThat(started.isAlive()).isTrue();
            assertThat(
                            new FlinkProcess(
                                            "jobmanager",
                                            "id",
                                            started.pid(),
                                            started.startedMillis() - 60_000)
                                    .isAlive())
                    .isFalse();
            started.end();
            assertThat(process.waitFor()).isNotZero();
            assertThat(started.isAlive()).isFalse();
        } finally {
            process.destroyForcibly();
        }
    }
}
