package io.weir.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.schema.NamedQuery;
import io.weir.testing.EmbeddedCitus;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;

class QueriesBenchmarkIT {

    @Test
    void tellsHowLongEveryQueryTakes() {
        EmbeddedCitus.missing()
                .ifPresent(
                        reason ->
                                LoggerFactory.getLogger(getClass())
                                        .warn("NOT TESTED ON CITUS, BUT PLAIN: {}", reason));
        StringWriter out = new StringWriter();

        int exit =
                Benchmarks.commandLine()
                        .setOut(new PrintWriter(out, true))
                        .execute(
                                "bench",
                                "queries",
                                "--sites=3",
                                "--history=1h",
                                "--ranges=1h",
                                "--rounds=1",
                                "--rounds-of-all=1",
                                "--limit=0");

        assertThat(exit).isZero();
        String[] lines = out.toString().split("\n");
        for (String name : NamedQuery.names()) {
            assertThat(lines)
                    .anyMatch(
                            line ->
                                    line.matches(
                                            "\\| "
                                                    + name
                                                    + " \\| (1h)? \\| [0-9.]+ \\| [0-9.]+ \\|.* [0-9]+ \\|"));
        }
        assertThat(lines)
                .anyMatch(
                        line -> line.matches("\\| requests \\| 1h \\|( [0-9.]+ \\|){4} 6[01] \\|"))
                .anyMatch(line -> line.matches("\\| alert_error_rate \\| .* 3 \\|"))
                .anyMatch(line -> line.matches("Over 0 ms for one site .*requests 1h.*"));
    }

    @Test
    void refusesAHistoryThatIsNotKept() {
        StringWriter err = new StringWriter();

        int exit =
                Benchmarks.commandLine()
                        .setErr(new PrintWriter(err, true))
                        .execute("bench", "queries", "--history=8d");

        assertThat(exit).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(err.toString()).contains("--history must be at most 7d: 8d");
    }
}
