package io.weir.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class BenchmarksTest {

    private final StringWriter out = new StringWriter();
    private final StringWriter err = new StringWriter();

    @Test
    void withoutANameTheBenchmarksAreListed() {
        assertThat(weir("bench")).isZero();
        assertThat(out.toString())
                .contains(
                        "Usage: weir bench",
                        "decode",
                        "deduplicate",
                        "election",
                        "micro",
                        "queries",
                        "recovery",
                        "storage",
                        "store-write",
                        "throughput");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bench --help",
                "bench decode --help",
                "bench deduplicate --help",
                "bench election --help",
                "bench micro --help",
                "bench queries --help",
                "bench recovery --help",
                "bench storage --help",
                "bench store-write --help",
                "bench throughput --help"
            })
    void everyBenchmarkHasHelp(String arguments) {
        assertThat(weir(arguments.split(" ", -1))).isZero();
        assertThat(out.toString()).contains("Usage: weir bench");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bench --nonsense",
                "bench nonsense",
                "bench decode --rounds many",
                "bench decode --rounds 0",
                "bench deduplicate --ids 0",
                "bench micro --include nonsense",
                "bench queries --ranges banana",
                "bench queries --sites 0",
                "bench recovery --rate 0",
                "bench recovery --checkpoints 0s",
                "bench recovery --rate 1000000 --rounds 10",
                "bench storage --buckets 301",
                "bench storage --grains week",
                "bench storage --requests 0",
                "bench storage --sites 0",
                "bench storage --events-per-day 0",
                "bench store-write --rows 0",
                "bench store-write --jdbc-url mysql://127.0.0.1/x",
                "bench throughput --only nobody",
                "bench throughput --only textbook --events-form generated",
                "bench throughput --events-form generated --zipf 0",
                "bench throughput --bytes 219",
                "bench throughput --heap much",
                "bench throughput --checkpoints 0s",
                "bench throughput --only ceiling --profile x.jfr"
            })
    void wrongUsageIsOneLineAndAHint(String arguments) {
        assertThat(weir(arguments.split(" ", -1))).isEqualTo(2);
        assertThat(err.toString().lines()).hasSize(2);
        assertThat(err.toString()).startsWith("weir: ").contains("Try 'weir bench", "--help'.");
    }

    private int weir(String... arguments) {
        return Benchmarks.commandLine()
                .setOut(new PrintWriter(out, true))
                .setErr(new PrintWriter(err, true))
                .execute(arguments);
    }
}
