package io.weir.tools.text;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DurationTextTest {

    @ParameterizedTest
    @CsvSource({
        "PT0.25S, 250ms",
        "PT90S, 90s",
        "PT90M, 90min",
        "PT2H, 2h",
        "PT24H, 24h",
        "PT36H, 36h",
        "P7D, 7d"
    })
    void isInTheLargestUnitThatTellsItWhole(Duration duration, String text) {
        assertThat(DurationText.of(duration)).isEqualTo(text);
    }
}
