package io.weir.tools.letters;

import static io.weir.tools.letters.LetterSamples.header;
import static io.weir.tools.letters.LetterSamples.letter;
import static io.weir.tools.letters.LetterSamples.letterHeaders;
import static io.weir.tools.letters.LetterSamples.record;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LetterTopicRecordTest {

    @Test
    void aLetterSaysWhichRecordItWas() {
        Letter letter = letter("{}", header("source", "access.log"));

        assertThat(letter.origin()).isEqualTo(new RecordPosition("http_requests", 3, 5000));
        assertThat(letter.origin()).hasToString("http_requests-3-5000");
        assertThat(letter.timestampMillis()).isEqualTo(LetterSamples.TIMESTAMP);
        assertThat(letter.reason()).isEqualTo("wrong_type");
        assertThat(letter.message()).isEqualTo("status_code is \"200\"");
        assertThat(letter.partition()).isEqualTo(2);
        assertThat(letter.key()).isEqualTo("k".getBytes(UTF_8));
        assertThat(letter.isCut()).isFalse();
        assertThat(letter.replays()).isZero();
        assertThat(letter.ownHeaders()).containsExactly(header("source", "access.log"));
    }

    @Test
    void aSenderCannotPassItsHeadersForOnesOfWeir() {
        Letter letter =
                letter(
                        "{}",
                        header("weir.topic", "secrets"),
                        header("weir.partition", "0"),
                        header("weir.offset", "0"),
                        header("weir.length", "2000000"),
                        header("weir.replayed", "1"));

        assertThat(letter.origin()).hasToString("http_requests-3-5000");
        assertThat(letter.isCut()).isFalse();
        assertThat(read(record("{}", letterHeaders(header("weir.replayed", "1")))).isMark())
                .isFalse();
    }

    @Test
    void aMarkIsNoLetter() {
        LetterTopicRecord mark =
                read(
                        record(
                                "",
                                header("weir.topic", "http_requests"),
                                header("weir.partition", "3"),
                                header("weir.offset", "5000"),
                                header("weir.replayed", "1772358401000")));

        assertThat(mark.isMark()).isTrue();
        assertThat(mark.origin()).hasToString("http_requests-3-5000");
    }

    @ParameterizedTest
    @CsvSource({"x, 1", "1, x", "4294967296, 1", "1, 9999999999999999999999", "'', 1"})
    void whatHasNoPositionIsNotOfWeir(String partition, String offset) {
        assertThat(
                        LetterTopicRecord.of(
                                record(
                                        "{}",
                                        header("weir.topic", "http_requests"),
                                        header("weir.partition", partition),
                                        header("weir.offset", offset))))
                .isNull();
        assertThat(LetterTopicRecord.of(record("{}"))).isNull();
    }

    private static LetterTopicRecord read(ConsumerRecord<byte[], byte[]> record) {
        return Objects.requireNonNull(LetterTopicRecord.of(record));
    }
}
