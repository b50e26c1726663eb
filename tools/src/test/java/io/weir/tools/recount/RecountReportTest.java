package io.weir.tools.recount;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RecountReportTest {

    private static final Instant FROM = Instant.parse("2026-11-20T10:00:00Z");
    private static final Instant TO = Instant.parse("2026-11-20T12:00:00Z");

    @Test
    void whenAllAgreesItIsOneLine() {
        assertThat(text(result(0, null, 0, 0, Map.of())))
                .isEqualTo(
                        "schema weir: recounted 2026-11-20T10:00:00Z to 2026-11-20T12:00:00Z of topic"
                                + " http_requests: read 2,000 records, counted 1,900 requests;"
                                + " compared 60 minutes, 1 hour, 0 days: all agree\n");
    }

    @Test
    void saysWhatItDoesNotShowAndWhatADifferenceCanMean() {
        assertThat(text(result(3, null, 0, 0, Map.of())))
                .startsWith("site  bucket                row     column     stored  counted")
                .contains("7     2026-11-20T10:00:00Z  minute  bytes_sum  12      13")
                .contains("\nand 2 more\n", "http_requests.late", "#recount", ": 3 differences\n");
    }

    @Test
    void saysWhatWasNotCompared() {
        assertThat(text(result(0, TO.minusSeconds(300), 2, 1, Map.of(RowTable.MINUTES, TO))))
                .contains(
                        "after 2026-11-20T11:55:00Z: of these only final rows were compared, and 2"
                                + " rows are left out. Give an earlier --to",
                        "1 row is not whole",
                        "--kafka.start-from 2026-11-20T10:00:00Z",
                        "Rows of minutes before 2026-11-20T12:00:00Z were not compared");
    }

    @Test
    void onlyWhatWasComparedIsProved() {
        assertThat(result(0, TO, 0, 0, Map.of(RowTable.MINUTES, TO)).isProof()).isTrue();
        assertThat(result(1, null, 0, 0, Map.of()).isProof()).isFalse();
        assertThat(result(0, TO, 1, 0, Map.of()).isProof()).isFalse();
        assertThat(result(0, null, 0, 1, Map.of()).isProof()).isFalse();
    }

    private static String text(RecountResult result) {
        TimeRange range = new TimeRange(FROM.toEpochMilli(), TO.toEpochMilli());
        return new RecountReport("weir", "http_requests", range, result).text();
    }

    private static RecountResult result(
            long differences,
            @Nullable Instant openFrom,
            long open,
            long notWhole,
            Map<RowTable, Instant> keptFrom) {
        Difference first =
                new Difference(
                        RowTable.MINUTES,
                        new RowKey(7, FROM.toEpochMilli()),
                        "bytes_sum",
                        "12",
                        "13");
        return new RecountResult(
                2_000,
                1_900,
                new TreeMap<>(Map.of(RowTable.MINUTES, 60L, RowTable.HOURS, 1L, RowTable.DAYS, 0L)),
                differences == 0 ? List.of() : List.of(first),
                differences,
                openFrom,
                open,
                notWhole,
                keptFrom);
    }
}
