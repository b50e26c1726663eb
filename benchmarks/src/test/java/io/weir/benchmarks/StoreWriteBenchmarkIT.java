package io.weir.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testing.EmbeddedCitus;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

class StoreWriteBenchmarkIT {

    /** The program itself checks that every row arrived. */
    @Test
    void writesToEveryStoreAndSaysHowFast(@TempDir Path folder) throws Exception {
        EmbeddedCitus.missing()
                .ifPresent(
                        reason ->
                                LoggerFactory.getLogger(getClass())
                                        .warn("NOT TESTED ON CITUS, BUT PLAIN: {}", reason));
        Path json = folder.resolve("figures.json");
        StringWriter out = new StringWriter();

        int exit =
                Benchmarks.commandLine()
                        .setOut(new PrintWriter(out, true))
                        .execute(
                                "bench",
                                "store-write",
                                "--rows=1,50",
                                "--shards=4",
                                "--rounds=1",
                                "--json=" + json);

        assertThat(exit).isZero();
        List<String> stores =
                EmbeddedCitus.missing().isEmpty()
                        ? List.of("citus, 4 shards", "plain")
                        : List.of("plain");
        for (String store : stores) {
            assertThat(out.toString()).contains("| 1 | " + store + " |", "| 50 | " + store + " |");
        }
        assertThat(Files.readAllLines(json)).hasSize(2 + 2 * stores.size());
    }

    @Test
    void refusesMoreRowsThanThereAreSites() {
        StringWriter err = new StringWriter();

        int exit =
                Benchmarks.commandLine()
                        .setErr(new PrintWriter(err, true))
                        .execute("bench", "store-write", "--rows=20001");

        assertThat(exit).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString()).contains("--rows must be at most 20000: 20001");
    }
}
