package io.weir.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.weir.schema.SchemaMigration;
import io.weir.testing.EmbeddedCitus;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

/**
 * A worker of the Citus cluster dies.
 *
 * <p>The cluster is one of this machine, never of containers: the test stops its server. Kafka and
 * Flink are not there, which the doctor says too.
 */
class CitusDoctorIT {

    private static final String NOWHERE = "127.0.0.1:1";

    @TempDir private static Path folder;

    private String said = "";

    @Test
    void aDeadWorkerIsNamed() throws Exception {
        Optional<String> missing = EmbeddedCitus.missing();
        missing.ifPresent(
                reason ->
                        LoggerFactory.getLogger(CitusDoctorIT.class)
                                .warn("SKIPPED, NOT TESTED ON CITUS: {}", reason));
        assumeTrue(missing.isEmpty(), missing::toString);

        try (EmbeddedCitus citus = EmbeddedCitus.start(folder.resolve("citus"))) {
            new SchemaMigration(citus.jdbcUrl(), citus.user(), null, "weir").migrate();
            weir("maintain", "--jdbc-url", citus.jdbcUrl(), "--db-user", citus.user());
            doctor(citus);
            assertThat(said)
                    .doesNotContain("schema weir", "partitions", "rows")
                    .contains("Kafka at");

            citus.stopWorker(1);
            assertThat(doctor(citus)).isEqualTo(1);

            assertThat(said.lines())
                    .anySatisfy(
                            line ->
                                    assertThat(line)
                                            .matches("(?i).*node 127\\.0\\.0\\.1:\\d+: .*answer.*")
                                            .containsIgnoringCase("start it"));
        }
    }

    private int doctor(EmbeddedCitus citus) throws Exception {
        Path config = Path.of("..", "conf", "weir.properties");
        return weir(
                "doctor",
                "--config",
                config.toString(),
                "--set",
                "kafka.bootstrap-servers=" + NOWHERE,
                "--set",
                "store.url=" + citus.jdbcUrl(),
                "--set",
                "store.user=" + citus.user(),
                "--flink",
                "http://" + NOWHERE);
    }

    private int weir(String... arguments) {
        StringWriter out = new StringWriter();
        CommandLine command = Weir.commandLine();
        command.setOut(new PrintWriter(out));
        int code = command.execute(arguments);
        said = out.toString();
        return code;
    }
}
