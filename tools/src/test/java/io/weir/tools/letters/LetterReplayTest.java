package io.weir.tools.letters;

import static io.weir.tools.letters.LetterSamples.header;
import static io.weir.tools.letters.LetterSamples.letter;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.junit.jupiter.api.Test;

class LetterReplayTest {

    private static final Instant NOW = Instant.parse("2026-03-02T00:00:00Z");

    @Test
    void aRecordIsSentAsItWas() {
        ProducerRecord<byte[], byte[]> again =
                LetterReplay.again(letter("{\"a\":1}", header("source", "access.log")), 4, NOW);

        assertThat(again.topic()).isEqualTo("http_requests");
        assertThat(again.partition()).isEqualTo(3);
        assertThat(again.timestamp()).isEqualTo(LetterSamples.TIMESTAMP);
        assertThat(again.key()).isEqualTo("k".getBytes(UTF_8));
        assertThat(again.value()).isEqualTo("{\"a\":1}".getBytes(UTF_8));
        assertThat(again.headers())
                .containsExactly(
                        header("source", "access.log"),
                        header("weir.replayed-from", "http_requests-3-5000"),
                        header("weir.hosts-as-of", "1772409600000"),
                        header("weir.replays", "1"));
    }

    @Test
    void aPartitionThatIsGoneIsChosenByTheKey() {
        assertThat(LetterReplay.again(letter("{}"), 3, NOW).partition()).isNull();
    }

    @Test
    void aRecordThatWasReplayedBeforeSaysHowOften() {
        ProducerRecord<byte[], byte[]> again =
                LetterReplay.again(
                        letter(
                                "{}",
                                header("weir.replayed-from", "http_requests-3-17"),
                                header("weir.replays", "2")),
                        4,
                        NOW);

        assertThat(again.headers())
                .containsExactly(
                        header("weir.replayed-from", "http_requests-3-5000"),
                        header("weir.hosts-as-of", "1772409600000"),
                        header("weir.replays", "3"));
    }

    @Test
    void aRecordWithoutAddressesIsStillKnownAsOne() {
        ProducerRecord<byte[], byte[]> again =
                LetterReplay.again(letter("{}", header("weir.addresses-hidden", "true")), 4, NOW);

        assertThat(again.headers()).contains(header("weir.addresses-hidden", "true"));
    }

    @Test
    void aMarkLiesBesideItsLetter() {
        ProducerRecord<byte[], byte[]> mark =
                LetterReplay.mark("http_requests.rejected", letter("{}"), NOW);

        assertThat(mark.topic()).isEqualTo("http_requests.rejected");
        assertThat(mark.partition()).isEqualTo(2);
        assertThat(mark.value()).isEmpty();
        assertThat(mark.headers())
                .containsExactly(
                        header("weir.topic", "http_requests"),
                        header("weir.partition", "3"),
                        header("weir.offset", "5000"),
                        header("weir.reason", "wrong_type"),
                        header("weir.replayed", "1772409600000"));
    }
}
