package io.weir.exactness;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.rig.FlinkCluster;
import io.weir.rig.Run;
import io.weir.rig.Stack;
import io.weir.tools.send.GeneratedRequests;
import io.weir.traffic.Grain;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.apache.flink.api.common.JobID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hours and days made again from finer rows are those that the job made, byte for byte. */
class RebuildJobIT {

    private static final Instant END = GeneratedRequests.END_OF_SEEDED;
    private static final Duration SPAN = Duration.ofHours(6);
    private static final String MOMENT = "moment => '" + END.plus(Duration.ofDays(2)) + "'";

    @Test
    void whatTheJobWroteAgreesAndIsMadeAgainTheSame(@TempDir Path folder) throws Exception {
        try (Stack stack = Stack.start(folder);
                FlinkCluster flink = FlinkCluster.start(folder, 2)) {
            Run run = new Run(stack, "rebuilt", 4, END.minus(SPAN), END);
            run.send(new GeneratedRequests(30_000, 20, SPAN, 1, END));
            JobID job = flink.run(run.options(), 2);
            flink.awaitConsumed(stack, run.options());
            flink.drain(job);
            List<String> hours = stack.rows("rebuilt", Grain.HOUR);
            List<String> days = stack.rows("rebuilt", Grain.DAY);
            assertThat(hours).hasSizeGreaterThanOrEqualTo(100);

            assertThat(stack.query("select detail from rebuilt.audit(" + MOMENT + ")")).isEmpty();
            assertThat(rebuilt(stack, "hours")).isZero();
            assertThat(rebuilt(stack, "days")).isZero();

            for (Grain grain : List.of(Grain.HOUR, Grain.DAY)) {
                stack.query(
                        "with gone as (delete from rebuilt."
                                + grain.table()
                                + " returning 1) select count(*) from gone");
            }
            assertThat(rebuilt(stack, "hours")).isEqualTo(hours.size());
            assertThat(rebuilt(stack, "days")).isEqualTo(days.size());
            assertThat(stack.rows("rebuilt", Grain.HOUR)).isEqualTo(hours);
            assertThat(stack.rows("rebuilt", Grain.DAY)).isEqualTo(days);
        }
    }

    private static int rebuilt(Stack stack, String grain) throws Exception {
        return Integer.parseInt(
                stack.query(
                                "select rebuilt.rebuild_%s('-infinity', 'infinity', %s)"
                                        .formatted(grain, MOMENT))
                        .get(0));
    }
}
