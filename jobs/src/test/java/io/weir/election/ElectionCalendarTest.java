package io.weir.election;

import static io.weir.Samples.at;
import static io.weir.election.MemoryStore.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class ElectionCalendarTest {

    private static final ElectionSettings HOURLY =
            settings(1, Long.MIN_VALUE, "PT2H", "PT1H", 100, 1000, "P90D");
    private static final ElectionSettings QUARTERLY_FROM_TEN =
            settings(2, at("10:00:00"), "PT1H", "PT15M", 100, 1000, "P90D");

    @Test
    void theNextBoundaryOfABoundaryIsTheOneAfterIt() {
        ElectionCalendar calendar = ElectionCalendar.of(List.of(HOURLY));

        assertThat(calendar.nextBoundary(at("10:00:00"))).isEqualTo(at("11:00:00"));
        assertThat(calendar.nextBoundary(at("10:00:00") - 1)).isEqualTo(at("10:00:00"));
        assertThat(calendar.nextBoundary(at("10:59:59.999"))).isEqualTo(at("11:00:00"));
    }

    @Test
    void theLastBoundaryOfABoundaryIsItself() {
        ElectionCalendar calendar = ElectionCalendar.of(List.of(HOURLY));

        assertThat(calendar.lastBoundary(at("10:00:00"))).isEqualTo(at("10:00:00"));
        assertThat(calendar.lastBoundary(at("10:00:00") - 1)).isEqualTo(at("09:00:00"));
    }

    @Test
    void boundariesBeforeTheEpochAreMultiplesToo() {
        ElectionCalendar calendar = ElectionCalendar.of(List.of(HOURLY));

        assertThat(calendar.lastBoundary(-1)).isEqualTo(-3_600_000);
        assertThat(calendar.nextBoundary(-1)).isZero();
    }

    @Test
    void aVersionHoldsFromItsFirstBoundaryOn() {
        ElectionCalendar calendar = ElectionCalendar.of(List.of(QUARTERLY_FROM_TEN, HOURLY));

        assertThat(calendar.at(at("09:00:00")).version()).isEqualTo(1);
        assertThat(calendar.at(at("10:00:00") - 1).version()).isEqualTo(1);
        assertThat(calendar.at(at("10:00:00")).version()).isEqualTo(2);
        assertThat(calendar.nextBoundary(at("09:00:00"))).isEqualTo(at("10:00:00"));
        assertThat(calendar.nextBoundary(at("10:00:00"))).isEqualTo(at("10:15:00"));
        assertThat(calendar.lastBoundary(at("09:59:00"))).isEqualTo(at("09:00:00"));
    }

    @Test
    void aLongerIntervalBeginsAtABoundaryOfBoth() {
        ElectionSettings slower = settings(3, at("12:00:00"), "PT8H", "PT4H", 100, 1000, "P90D");
        ElectionCalendar calendar =
                ElectionCalendar.of(List.of(HOURLY, QUARTERLY_FROM_TEN, slower));

        assertThat(calendar.nextBoundary(at("11:45:00"))).isEqualTo(at("12:00:00"));
        assertThat(calendar.nextBoundary(at("12:00:00"))).isEqualTo(at("16:00:00"));
    }

    @Test
    void intervalsOfWhichNeitherDividesTheOtherMeetAtTheirCommonBoundary() {
        ElectionSettings twoHourly = settings(1, Long.MIN_VALUE, "PT2H", "PT2H", 1, 1, "P1D");
        ElectionSettings threeHourly = settings(2, at("12:00:00"), "PT3H", "PT3H", 1, 1, "P1D");
        ElectionCalendar calendar = ElectionCalendar.of(List.of(twoHourly, threeHourly));

        assertThat(calendar.nextBoundary(at("10:00:00"))).isEqualTo(at("12:00:00"));
        assertThat(calendar.nextBoundary(at("12:00:00"))).isEqualTo(at("15:00:00"));
    }

    @Test
    void aVersionTakesThePlaceOfThoseThatWouldHoldFromTheSameBoundaryOrLater() {
        ElectionSettings later = settings(3, at("11:00:00"), "PT5H", "PT1H", 7, 7, "P7D");
        ElectionSettings corrected = settings(4, at("10:00:00"), "PT3H", "PT1H", 9, 9, "P9D");
        ElectionCalendar calendar =
                ElectionCalendar.of(List.of(corrected, later, QUARTERLY_FROM_TEN, HOURLY));

        assertThat(calendar.at(at("09:00:00")).version()).isEqualTo(1);
        assertThat(calendar.at(at("10:00:00")).version()).isEqualTo(4);
        assertThat(calendar.at(at("11:00:00")).version()).isEqualTo(4);
        assertThat(calendar.nextBoundary(at("10:00:00"))).isEqualTo(at("11:00:00"));
    }

    @Test
    void aWindowThatWasMadeWiderFillsAsTimeGoes() {
        ElectionSettings wider = settings(2, at("10:00:00"), "PT6H", "PT1H", 1, 1, "P1D");
        ElectionCalendar calendar = ElectionCalendar.of(List.of(HOURLY, wider));

        assertThat(calendar.windowStart(at("09:00:00"))).isEqualTo(at("07:00:00"));
        assertThat(calendar.windowStart(at("10:00:00"))).isEqualTo(at("08:00:00"));
        assertThat(calendar.windowStart(at("11:00:00"))).isEqualTo(at("08:00:00"));
        assertThat(calendar.windowStart(at("14:00:00"))).isEqualTo(at("08:00:00"));
        assertThat(calendar.windowStart(at("15:00:00"))).isEqualTo(at("09:00:00"));
    }

    @Test
    void aWindowThatWasNarrowForAMomentForgetsWhatItDidNotReach() {
        ElectionSettings narrow = settings(2, at("10:00:00"), "PT1H", "PT1H", 1, 1, "P1D");
        ElectionSettings wide = settings(3, at("11:00:00"), "PT4H", "PT1H", 1, 1, "P1D");
        ElectionCalendar calendar = ElectionCalendar.of(List.of(HOURLY, narrow, wide));

        assertThat(calendar.windowStart(at("10:00:00"))).isEqualTo(at("09:00:00"));
        assertThat(calendar.windowStart(at("11:00:00"))).isEqualTo(at("10:00:00"));
        assertThat(calendar.windowStart(at("14:00:00"))).isEqualTo(at("10:00:00"));
        assertThat(calendar.windowStart(at("15:00:00"))).isEqualTo(at("11:00:00"));
    }

    @Test
    void aSupersededVersionLimitsNoWindow() {
        ElectionSettings narrow = settings(2, at("10:00:00"), "PT15M", "PT15M", 1, 1, "P1D");
        ElectionSettings instead = settings(3, at("10:00:00"), "PT2H", "PT1H", 1, 1, "P1D");
        ElectionCalendar calendar = ElectionCalendar.of(List.of(HOURLY, narrow, instead));

        assertThat(calendar.windowStart(at("11:00:00"))).isEqualTo(at("09:00:00"));
    }

    @Test
    void cutsAreTheStartAndEveryBoundaryInside() {
        ElectionCalendar calendar = ElectionCalendar.of(List.of(HOURLY, QUARTERLY_FROM_TEN));

        assertThat(calendar.cuts(at("08:30:00"), at("10:30:00")))
                .containsExactly(at("08:30:00"), at("09:00:00"), at("10:00:00"), at("10:15:00"));
        assertThat(calendar.cuts(at("09:00:00"), at("10:00:00"))).containsExactly(at("09:00:00"));
    }

    @Test
    void thereMustBeAVersionThatHoldsAlways() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ElectionCalendar.of(List.of()))
                .withMessageContaining("top_site_config");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> ElectionCalendar.of(List.of(QUARTERLY_FROM_TEN)))
                .withMessageContaining("-infinity");
    }
}
