package io.weir.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class Rfc3339Test {
    @Test
    void knowsEveryDayOfEightThousandYears() {
        LocalDate last = LocalDate.of(9999, 12, 31);
        for (LocalDate day = LocalDate.EPOCH; !day.isAfter(last); day = day.plusDays(1)) {
            long expected = day.atStartOfDay().toInstant(ZoneOffset.UTC).toEpochMilli();

            if (millis(day + "T00:00:00Z") != expected) {
                assertThat(millis(day + "T00:00:00Z")).as(day.toString()).isEqualTo(expected);
            }
        }
    }

    @Test
    void readsWhatJavaWrites() {
        Random random = new Random(3);
        for (int i = 0; i < 100_000; i++) {
            OffsetDateTime time =
                    Instant.ofEpochSecond(
                                    random.nextLong(86_400, 4_102_444_800L),
                                    random.nextInt(1_000_000_000))
                            .atOffset(ZoneOffset.ofTotalSeconds(60 * random.nextInt(-1080, 1081)));
            // OffsetDateTime.toString leaves out seconds of zero, which RFC 3339 asks for.
            String text = time.withSecond(1 + random.nextInt(59)).toString();

            assertThat(millis(text))
                    .as(text)
                    .isEqualTo(OffsetDateTime.parse(text).toInstant().toEpochMilli());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2026-02-29T00:00:00Z",
                "2100-02-29T00:00:00Z",
                "2026-00-01T00:00:00Z",
                "2026-13-01T00:00:00Z",
                "2026-04-31T00:00:00Z",
                "2026-01-00T00:00:00Z",
                "2026-01-32T00:00:00Z",
                "2026-01-01T24:00:00Z",
                "2026-01-01T23:60:00Z",
                "2016-12-31T23:59:60Z",
                "2026-01-01T00:00:00+24:00",
                "2026-01-01T00:00:00+00:60",
                "1969-12-31T23:59:59Z",
                "1969-12-31T23:59:59.9999Z",
                "0000-01-01T00:00:00Z",
                "1970-01-01T00:00:00+00:01",
                "9999-12-31T23:59:59-00:01"
            })
    void aTimeThatDoesNotExistOrIsTooFarAwayIsOutOfRange(String text) {
        assertThat(millis(text)).isEqualTo(Rfc3339.OUT_OF_RANGE);
    }

    @ParameterizedTest
    @CsvSource({
        "1970-01-01T00:00:00Z, 0",
        "1969-12-31T23:59:00-00:01, 0",
        "2000-02-29T12:00:00Z, 951825600000",
        "9999-12-31T23:59:59.999999Z, 253402300799999"
    })
    void readsTheEndsOfTheRange(String text, long expected) {
        assertThat(millis(text)).isEqualTo(expected);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "2026",
                "2026-01-01",
                "2026-01-01T00:00Z",
                "2026-01-01T00:00:00",
                "2026-01-01T00:00:00.5",
                "2026-01-01T00:00:00.Z",
                "2026-01-01T00:00:00,5Z",
                "2026-01-01T00:00:00.5.5Z",
                "2026-01-01T00:00:00ZZ",
                "2026-01-01T00:00:00Z ",
                " 2026-01-01T00:00:00Z",
                "2026-01-01T00:00:00+0000",
                "2026-01-01T00:00:00+00",
                "2026-01-01T00:00:00+00:0",
                "2026-01-01T00:00:00+00:000",
                "2026-01-01T00:00:00+00:00Z",
                "2026-01-01T00:00:00 +00:00",
                "2026-01-01T00:00:00\u221200:00",
                "2026-01-01T00:00:00UTC",
                "2026-01-01_00:00:00Z",
                "2026/01/01T00:00:00Z",
                "26-01-01T00:00:00.000Z",
                "+2026-01-01T00:00:00Z",
                "-026-01-01T00:00:00Z",
                "2026-1-01T00:00:00.00Z",
                "2026-W01-1T00:00:00Z",
                "2026-001T00:00:00.000Z",
                "20260101T000000.00000Z",
                "2026-01-01T0a:00:00Z",
                "\u0662026-01-01T00:00:00Z",
                "Thu, 01 Jan 2026 00:00:00 GMT"
            })
    void textInAnotherFormIsNoTime(String text) {
        assertThat(millis(text)).isEqualTo(Rfc3339.NOT_A_TIME);
    }

    private static long millis(String text) {
        byte[] bytes = ('"' + text + '"').getBytes(StandardCharsets.UTF_8);
        return Rfc3339.millis(bytes, 1, bytes.length - 1);
    }
}
