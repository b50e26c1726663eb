package io.weir.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.weir.benchmarks.contestants.Contestants;
import io.weir.benchmarks.contestants.Effort;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ThroughputReportTest {

    private final ThroughputReport report = new ThroughputReport(1_000_000);

    /** A slow second round slows all of them, so it has the ratio of the first. */
    @Test
    void comparesWithinARoundAndTakesTheMedian() throws Exception {
        enter(2_000, 1_000, 8_000);
        enter(20_000, 10_000, 80_000);
        enter(2_000, 1_500, 10_000);

        JsonNode json = json();

        assertThat(json.at("/ratios/ceiling").asDouble()).isEqualTo(0.5);
        assertThat(json.at("/ratios_spread/ceiling/max").asDouble()).isEqualTo(0.75);
        assertThat(json.at("/ratios/textbook").asDouble()).isEqualTo(4);
        assertThat(json.at("/million_events_per_second/weir/median").asDouble()).isEqualTo(0.5);
        assertThat(json.at("/million_events_per_second/weir/min").asDouble()).isEqualTo(0.05);
        assertThat(json.at("/cpu_microseconds_per_event/weir/median").asDouble()).isEqualTo(3);
        assertThat(report.lines())
                .contains(
                        "| weir | 0.500 (0.050..0.500) | 3.00 (3.00..3.00) |  |",
                        "| textbook | 0.100 (0.013..0.125) | 3.00 (3.00..3.00) | 4.00 (4.00..5.00) |");
    }

    @Test
    void whatWasNotMeasuredIsNull() throws Exception {
        report.add(Map.of(Contestants.CEILING, effort(1_000)));

        JsonNode json = json();

        assertThat(json.get("ratios").fieldNames())
                .toIterable()
                .containsExactly("ceiling", "flink-sql", "flink-sql-same", "textbook", "tutorial");
        assertThat(json.get("ratios")).allMatch(JsonNode::isNull);
        assertThat(json.at("/million_events_per_second/ceiling/median").asDouble()).isEqualTo(1);
        assertThat(json.at("/million_events_per_second/tutorial").isNull()).isTrue();
    }

    private void enter(long weirMillis, long ceilingMillis, long textbookMillis) {
        report.add(
                Map.of(
                        Contestants.WEIR, effort(weirMillis),
                        Contestants.CEILING, effort(ceilingMillis),
                        Contestants.TEXTBOOK, effort(textbookMillis)));
    }

    private static Effort effort(long millis) {
        return new Effort(millis * 1_000_000, 3_000_000_000L, 1_000_000);
    }

    private JsonNode json() throws Exception {
        return new ObjectMapper().readTree(report.json("{}"));
    }
}
