package io.weir.exactness;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.rig.FlinkCluster;
import io.weir.rig.Run;
import io.weir.rig.Stack;
import io.weir.tools.send.OutgoingRecord;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.flink.api.common.JobID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** README's event becomes README's row. */
class ReadmeIT {

    private static final Pattern EVENT = Pattern.compile("```json\n(.*?)\n```", Pattern.DOTALL);
    private static final Pattern CELL = Pattern.compile("\\| `(\\w+)` \\| `(.*?)` \\|");
    private static final int COLUMNS = 15;

    @Test
    void theEventBecomesTheRow(@TempDir Path folder) throws Exception {
        String readme = Files.readString(Path.of("../README.md"));
        Matcher event = EVENT.matcher(readme);
        assertThat(event.find()).isTrue();
        Instant time = Instant.parse("2026-01-15T10:00:59Z");

        List<String> documented = new ArrayList<>();
        List<String> actual = new ArrayList<>();
        try (Stack stack = Stack.start(folder);
                FlinkCluster flink = FlinkCluster.start(folder, 1)) {
            Run run = new Run(stack, "readme", 1, time, time);
            run.send(
                    Run.of(
                            List.of(
                                    new OutgoingRecord(
                                            event.group(1).getBytes(StandardCharsets.UTF_8),
                                            time.toEpochMilli(),
                                            "README.md",
                                            1))));
            JobID job = flink.run(run.options(), 1);
            flink.awaitConsumed(stack, run.options());
            flink.drain(job);

            Matcher cell = CELL.matcher(readme);
            while (cell.find()) {
                documented.add(cell.group(1) + " = " + cell.group(2));
                actual.add(cell.group(1) + " = " + value(stack, cell.group(1)));
            }
        }

        assertThat(actual).hasSize(COLUMNS).isEqualTo(documented);
    }

    private static String value(Stack stack, String column) throws Exception {
        String text =
                switch (column) {
                    case "bucket" ->
                            "to_char(bucket at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')";
                    default -> column + "::text";
                };
        return stack.query("select " + text + " from readme.http_request_1min").get(0);
    }
}
