package io.weir.tools.letters;

import static io.weir.tools.letters.LetterSamples.header;
import static io.weir.tools.letters.LetterSamples.letter;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.tools.letters.LetterReader.Reading;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ShownLettersTest {

    /** Escape, CSI of one byte, right-to-left override, line break, bell. */
    private static final String HOSTILE = "a\u001b[2J\u009b1m\u202eb\r\nc\u0007";

    private static final String HARMLESS = "a?[2J?1m?b??c?";

    @Test
    void showsHeadersAndValue() {
        assertThat(ShownLetters.shown(letter("{\"ü\":1}", header("source", "x.log")), true))
                .isEqualToNormalizingNewlines(
                        """
                        http_requests, partition 3, offset 5000, 2026-03-01T09:46:41Z, replayed
                          reason   wrong_type
                          message  status_code is "200"
                          key      k
                          header   source: x.log
                          value    8 bytes
                          {"ü":1}
                        """);
    }

    @Test
    void ofALineOfALogTheParsersReasonIsShown() {
        assertThat(
                        ShownLetters.shown(
                                letter("a line", header("reason", "no bracketed time")), false))
                .contains(
                        "  reason   no bracketed time (wrong_type)",
                        "  message  expected [dd/Mon/yyyy:HH:mm:ss +hhmm]");
        assertThat(ShownLetters.shown(letter("{}", header("reason", "anything")), false))
                .contains("  reason   wrong_type", "  message  status_code is \"200\"");
    }

    @Test
    void nothingThatATerminalObeysIsShown() {
        String shown = ShownLetters.shown(letter(HOSTILE, header(HOSTILE, HOSTILE)), false);

        assertThat(shown.replace(System.lineSeparator(), "|"))
                .contains("|  header   " + HARMLESS + ": " + HARMLESS + "|")
                .endsWith("|  " + HARMLESS + "|")
                .doesNotContainPattern("[\\p{Cntrl}\\u0080-\\u009f\\u202a-\\u202e]");
    }

    @Test
    void aLongValueIsShownInPart() {
        assertThat(ShownLetters.shown(letter("é".repeat(2_001)), false))
                .contains("value    4,002 bytes", "\n  " + "é".repeat(2_000) + "...\n");
        assertThat(ShownLetters.shown(letter("é".repeat(2_000)), false)).doesNotContain("...");
    }

    @Test
    void saysHowManyMoreMatch() {
        ShownLetters shown = new ShownLetters(1);
        assertThat(shown.shown(new Reading(9, Map.of(), 0))).startsWith("0 letters match");
        shown.add(letter("first"));
        assertThat(shown.shown(new Reading(9, Map.of(), 0))).contains("1 letter matches\n");
        shown.add(letter("second"));
        shown.add(letter("third"));

        assertThat(shown.matching()).isEqualTo(3);
        assertThat(shown.shown(new Reading(9, Map.of(), 0)))
                .contains("  first\n", "3 letters match, 2 more than --limit")
                .doesNotContain("second");
    }

    @Test
    void aSummaryIsHarmlessToo() {
        LetterSummary summary = new LetterSummary();
        summary.add(letter(HOSTILE));

        assertThat(summary.shown(new Reading(1, Map.of(), 2)))
                .contains("\n  http_requests-3-5000: " + HARMLESS + "\n")
                .endsWith("1 letter, and 2 records that Weir did not write\n");
    }
}
