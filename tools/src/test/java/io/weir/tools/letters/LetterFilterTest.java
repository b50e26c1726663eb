package io.weir.tools.letters;

import static io.weir.tools.letters.LetterSamples.header;
import static io.weir.tools.letters.LetterSamples.letter;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LetterFilterTest {

    /** Of the letter of the record at offset 5000 of partition 3, from 09:46:41. */
    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                "-, -, -, -, -, -, -, true",
                "wrong_type, http_requests, 3, 5000, 09:46:41, 09:46:42, käse, true",
                "not_json, -, -, -, -, -, -, false",
                "no client, -, -, -, -, -, -, true",
                "no host, -, -, -, -, -, -, false",
                "-, other, -, -, -, -, -, false",
                "-, -, 2, -, -, -, -, false",
                "-, -, -, 5001, -, -, -, false",
                "-, -, -, -, 09:46:42, -, -, false",
                "-, -, -, -, -, 09:46:41, -, false",
                "-, -, -, -, -, -, kase, false"
            })
    void eachPartIsCompared(
            @Nullable String reason,
            @Nullable String topic,
            @Nullable Integer partition,
            @Nullable Long offset,
            @Nullable String since,
            @Nullable String until,
            @Nullable String text,
            boolean isMeant) {
        LetterFilter filter =
                new LetterFilter(reason, topic, partition, offset, at(since), at(until), text);

        assertThat(filter.test(letter("{\"url\":\"/käse\"}", header("reason", "no client"))))
                .isEqualTo(isMeant);
    }

    private static @Nullable Instant at(@Nullable String time) {
        return time == null ? null : Instant.parse("2026-03-01T" + time + "Z");
    }
}
