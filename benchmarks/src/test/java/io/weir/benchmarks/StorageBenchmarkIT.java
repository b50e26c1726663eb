package io.weir.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.embedded.EmbeddedPostgres;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StorageBenchmarkIT {

    /**
     * 600 rows of a request of 24 bytes of header, 89 of numbers and flags, and four small values.
     */
    @Test
    void measuresEveryGrainAndComputesWhatAllTake(@TempDir Path folder) throws Exception {
        Path json = folder.resolve("figures.json");
        StringWriter out = new StringWriter();
        try (EmbeddedPostgres server = EmbeddedPostgres.start(folder.resolve("data"))) {
            int exit =
                    Benchmarks.commandLine()
                            .setOut(new PrintWriter(out, true))
                            .execute(
                                    "bench",
                                    "storage",
                                    "--jdbc-url=" + server.jdbcUrl(),
                                    "--requests-per-minute=1",
                                    "--buckets=3",
                                    "--sites=10",
                                    "--json=" + json);
            assertThat(exit).isZero();
        }

        JsonNode figures = new ObjectMapper().readTree(Files.readString(json));
        assertThat(figures).hasSize(3);
        assertThat(figures.findValuesAsText("grain")).containsExactly("1min", "1hour", "1day");
        assertThat(figures.findValuesAsText("requests")).containsExactly("1", "60", "1440");
        for (JsonNode row : figures) {
            assertThat(row.get("rows").asInt()).isEqualTo(600);
            assertThat(row.get("columnar").isNull()).isTrue();
            // a page for the whole table at most besides what the row and its pointers are
            assertThat(row.get("dense").asDouble()).isGreaterThan(row.get("data").asDouble());
            assertThat(row.get("heap").asDouble() + row.get("toast").asDouble())
                    .isGreaterThan(row.get("data").asDouble());
            // 13 versions of it, of which all but one are dead
            assertThat(row.get("unvacuumed").asDouble()).isGreaterThan(row.get("dense").asDouble());
        }
        assertThat(figures.get(0).get("data").asDouble()).isBetween(180.0, 220.0);
        assertThat(out.toString()).contains("Computed from these bytes a row", "| 10 | never | ");
    }
}
