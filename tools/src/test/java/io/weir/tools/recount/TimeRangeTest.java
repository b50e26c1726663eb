package io.weir.tools.recount;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.config.EventTimeOptions;
import io.weir.request.RequestDecoder;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TimeRangeTest {

    @Test
    void isCutAtWholeHours() {
        assertThat(range("10:30", "13:00").slices(Duration.ofHours(1)))
                .containsExactly(
                        range("10:30", "11:00"), range("11:00", "12:00"), range("12:00", "13:00"));
        assertThat(range("10:30", "10:45").slices(Duration.ofHours(1)))
                .containsExactly(range("10:30", "10:45"));
    }

    @Test
    void isOfWholeMinutes() {
        assertThatThrownBy(() -> new TimeRange(60_000, 60_000))
                .hasMessageContaining("not a range of whole minutes");
        assertThatThrownBy(() -> new TimeRange(60_000, 120_001))
                .hasMessageContaining("not a range of whole minutes");
    }

    /** 10 s and 5 min come on top of the allowed lateness. */
    @ParameterizedTest
    @CsvSource({"PT10M, PT1H", "PT54M50S, PT1H", "PT54M51S, PT2H", "PT24H, PT25H"})
    void aSliceIsAsLongAsItsReadingGoesOnAfterIt(Duration lateness, Duration slice) {
        EventTimeOptions options =
                new EventTimeOptions(
                        Duration.ofSeconds(10),
                        lateness,
                        null,
                        null,
                        Duration.ofMinutes(5),
                        null,
                        true);

        assertThat(
                        new RecountSettings(
                                        options,
                                        () -> new RequestDecoder(Duration.ZERO, null),
                                        range("10:00", "11:00"),
                                        null,
                                        1)
                                .sliceLength())
                .isEqualTo(slice);
    }

    private static TimeRange range(String from, String to) {
        return new TimeRange(at(from), at(to));
    }

    private static long at(String time) {
        return Instant.parse("2026-11-20T" + time + ":00Z").toEpochMilli();
    }
}
