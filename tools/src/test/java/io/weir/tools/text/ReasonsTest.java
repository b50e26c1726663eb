package io.weir.tools.text;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ReasonsTest {

    @Test
    void showsTheMostFrequentFirstWithTheFirstExample() {
        Reasons reasons = new Reasons();
        reasons.add("rare", null, 0, "x".repeat(200).getBytes(UTF_8));
        reasons.add("frequent", "b.log", 1, "other file".getBytes(UTF_8));
        reasons.add("frequent", "a.log", 12, "later".getBytes(UTF_8));
        reasons.add("frequent", "a.log", 3, "\u001b[31mred\u0007".getBytes(UTF_8));

        assertThat(reasons.total()).isEqualTo(4);
        assertThat(reasons.shown())
                .containsExactly(
                        "  frequent            3   line 3 of a.log: ?[31mred?",
                        "  rare                1   " + "x".repeat(120) + "...");
    }

    @Test
    void showsNothingWithoutAny() {
        assertThat(new Reasons().shown()).isEmpty();
    }
}
