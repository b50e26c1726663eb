package io.weir.intake;

import static io.weir.Samples.at;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class LatenessTest {

    private static final Lateness LATENESS =
            Lateness.of(Duration.ofSeconds(10), Duration.ofMinutes(10), true);

    @Test
    void isLateFromTheInstantWhenTheClockReachesTheMinutesEndPlusTheAllowedLateness() {
        assertThat(LATENESS.isLate(at("10:10:59.999"), at("10:00:00"))).isFalse();
        assertThat(LATENESS.isLate(at("10:10:59.999"), at("10:00:59.999"))).isFalse();
        assertThat(LATENESS.isLate(at("10:11:00"), at("10:00:00"))).isTrue();
        assertThat(LATENESS.isLate(at("10:11:00"), at("10:00:59.999"))).isTrue();
        assertThat(LATENESS.isLate(at("10:11:00"), at("10:01:00"))).isFalse();
    }

    @Test
    void theClockFollowsTheLargerOfEventTimeAndRecordTimestampLessTheOutOfOrderness() {
        assertThat(LATENESS.advance(Lateness.UNSET_CLOCK, at("10:00:30"), at("10:00:20")))
                .isEqualTo(at("10:00:20"));
        assertThat(LATENESS.advance(Lateness.UNSET_CLOCK, at("10:00:20"), at("10:00:30")))
                .isEqualTo(at("10:00:20"));
    }

    @Test
    void theClockNeverGoesBack() {
        assertThat(LATENESS.advance(at("12:00:00"), at("10:00:00"), at("10:00:00")))
                .isEqualTo(at("12:00:00"));
    }

    @Test
    void withoutTheArrivalClockRecordTimestampsDoNotCount() {
        Lateness byEventTimeOnly =
                Lateness.of(Duration.ofSeconds(10), Duration.ofMinutes(10), false);

        assertThat(byEventTimeOnly.advance(Lateness.UNSET_CLOCK, at("10:00:20"), at("23:00:00")))
                .isEqualTo(at("10:00:10"));
    }

    @Test
    void refusesNegativeDurationsByName() {
        assertThatThrownBy(() -> new Lateness(-1, 0, true))
                .hasMessageContaining("event-time.out-of-orderness");
    }
}
