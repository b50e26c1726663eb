package io.weir.tools.recount;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class DifferenceTest {

    @Test
    void showsShortValuesWhole() {
        assertThat(cells("12", "13"))
                .containsExactly("7", "2026-11-20T10:00:00Z", "minute", "column", "12", "13");
    }

    @Test
    void showsTheOneDifferenceOfLongValues() {
        String start = "01234567".repeat(20);
        assertThat(cells(start + "a" + start, start + "b"))
                .endsWith("...01234567a" + start.substring(0, 31) + "...", "...01234567b");
    }

    @Test
    void showsNothingThatATerminalObeys() {
        assertThat(cells("{\"\u001b[2J\u009b\":1}", "{}")).endsWith("{\"?[2J?\":1}", "{}");
    }

    private static List<String> cells(String stored, String counted) {
        RowKey key = new RowKey(7, Instant.parse("2026-11-20T10:00:00Z").toEpochMilli());
        return new Difference(RowTable.MINUTES, key, "column", stored, counted).cells();
    }
}
