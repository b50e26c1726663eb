package io.weir.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

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

    /** A number of sites is not a list of them elsewhere, nor a heap in other units. */
    @Test
    void anOptionTakesTheSameInAllBenchmarks() {
        Map<String, Set<String>> takes = new TreeMap<>();
        CommandLine bench =
                Objects.requireNonNull(Benchmarks.commandLine().getSubcommands().get("bench"));
        for (CommandLine benchmark : bench.getSubcommands().values()) {
            for (OptionSpec option : benchmark.getCommandSpec().options()) {
                takes.computeIfAbsent(option.longestName(), name -> new TreeSet<>())
                        .add(option.paramLabel());
            }
        }

        assertThat(takes).isNotEmpty().allSatisfy((name, kinds) -> assertThat(kinds).hasSize(1));
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
                "bench throughput --only textbook --requests-form generated",
                "bench throughput --requests-form generated --zipf 0",
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
