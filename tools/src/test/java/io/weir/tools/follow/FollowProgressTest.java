package io.weir.tools.follow;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.tools.accesslog.LineRules;
import io.weir.tools.accesslog.LiveRecords;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class FollowProgressTest {

    private static final Instant NOW = Instant.parse("2026-10-25T12:00:00Z");

    private final StringWriter shown = new StringWriter();
    private long seconds = 100;

    @Test
    void saysThatItLivesWhereNothingComes() throws IOException {
        FollowProgress progress = progress(false);
        runFor(20, progress, 0);
        assertThat(shown.toString()).isEmpty();
        runFor(41, progress, 0);
        assertThat(shown.toString().lines())
                .containsExactly(
                        "idle | sent 0 | 0 rejected | 0 bytes behind, last request 0:00:05 ago",
                        "idle | sent 0 | 0 rejected | 0 bytes behind, last request 0:00:05 ago");
        progress.add(50);
        runFor(10, progress, 7);
        progress.add(1);
        runFor(31, progress, 0);
        assertThat(shown.toString().lines().skip(2))
                .containsExactly(
                        "sent 50 (5/s) | 0 rejected | 7 bytes behind, last request 0:00:05 ago",
                        "sent 51 (0/s) | 0 rejected | 0 bytes behind, last request 0:00:05 ago");
        runFor(10, progress, 0);
        assertThat(shown.toString().lines().skip(4))
                .containsExactly(
                        "idle | sent 51 | 0 rejected | 0 bytes behind, last request 0:00:05 ago");
    }

    @Test
    void drawsALineASecondOnATerminal() throws IOException {
        FollowProgress progress = progress(true);
        runFor(2, progress, 0);
        progress.say("a\u001b[31m sentence");
        String line = "sent 0 (0/s) | 0 rejected | 0 bytes behind, last request 0:00:05 ago";
        assertThat(shown.toString())
                .isEqualToNormalizingNewlines(
                        line + "\r\033[K" + line + "\r\033[Ka?[31m sentence\n");
        runFor(28, progress, 0);
        assertThat(shown.toString()).endsWith("\r\033[Kidle | " + line.replace(" (0/s)", ""));
    }

    private FollowProgress progress(boolean isTerminal) {
        return new FollowProgress(
                new PrintWriter(shown), isTerminal, () -> seconds * 1_000_000_000L);
    }

    /** Asks for it each second. */
    private void runFor(int more, FollowProgress progress, long unread) throws IOException {
        long largest = NOW.minusSeconds(5).toEpochMilli();
        try (LiveRecords records =
                LiveRecords.of(LineRules.DEFAULT, 1, List.of(), largest, () -> NOW)) {
            for (int i = 0; i < more; i++) {
                seconds++;
                progress.show(records, unread, NOW);
            }
        }
    }
}
