package io.weir.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ThroughputBenchmarkIT {

    /** The program itself checks that the rows hold every request; comparing takes longer. */
    @Test
    void countsWithTheWholeJobInAProcessOfItsOwn(@TempDir Path folder) throws Exception {
        Path json = folder.resolve("figures.json");
        Path profile = folder.resolve("weir.jfr");
        StringWriter out = new StringWriter();

        int exit =
                Benchmarks.commandLine()
                        .setOut(new PrintWriter(out, true))
                        .execute(
                                "bench",
                                "throughput",
                                "--only=weir",
                                "--requests=3000",
                                "--sites=7",
                                "--rounds=1",
                                "--heap=512m",
                                "--profile=" + profile,
                                "--json=" + json);

        assertThat(exit).isZero();
        assertThat(out.toString()).contains("medians of 1 rounds", "| weir |");
        assertThat(profile).isNotEmptyFile();
        JsonNode figures = new ObjectMapper().readTree(json.toFile());
        assertThat(figures.at("/million_events_per_second/weir/median").asDouble()).isPositive();
        assertThat(figures.get("ratios").fieldNames())
                .toIterable()
                .containsExactly("ceiling", "flink-sql", "flink-sql-same", "textbook", "tutorial");
        assertThat(figures.at("/workload/sites").asInt()).isEqualTo(7);
    }
}
