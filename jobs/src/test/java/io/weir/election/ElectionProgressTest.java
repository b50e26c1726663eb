package io.weir.election;

import static io.weir.Samples.at;
import static io.weir.election.MemoryStore.settings;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which election is the next, and whether it can be held. */
class ElectionProgressTest {

    private static final ElectionCalendar CALENDAR =
            ElectionCalendar.of(
                    List.of(settings(1, Long.MIN_VALUE, "PT2H", "PT1H", 10, 1000, "P90D")));

    @Test
    void theFirstElectionIsTheOneAfterTheEarliestTraffic() {
        ElectionProgress progress = ElectionProgress.NONE;
        assertThat(progress.next(CALENDAR)).isNull();
        progress = progress.withTraffic(traffic("11:10:00", 0)).withTraffic(traffic("09:10:00", 0));

        assertThat(progress.next(CALENDAR)).isEqualTo(at("10:00:00"));
        assertThat(progress.passed(at("10:00:00")).next(CALENDAR)).isEqualTo(at("11:00:00"));
        assertThat(progress.isBeyondTraffic(at("12:00:00"), CALENDAR)).isFalse();
        assertThat(progress.isBeyondTraffic(at("13:00:00"), CALENDAR)).isTrue();
    }

    @Test
    void whatTheTableHoldsIsNotStillToCome() {
        ElectionProgress progress = ElectionProgress.NONE.passed(at("10:00:00"));

        assertThat(progress.isStillToCome(at("10:00:00"))).isFalse();
        assertThat(progress.isStillToCome(at("11:00:00"))).isTrue();
        assertThat(progress.next(CALENDAR)).as("without traffic").isNull();
        assertThat(progress.withTraffic(traffic("07:10:00", 0)).next(CALENDAR))
                .isEqualTo(at("11:00:00"));
    }

    @Test
    void aWindowIsWholeFromTheLatestStartThatWasReported() {
        ElectionProgress progress =
                ElectionProgress.NONE
                        .withTraffic(traffic("10:10:00", at("09:00:00")))
                        .withTraffic(traffic("10:11:00", at("08:00:00")));

        assertThat(progress.isWhole(at("10:00:00"), CALENDAR)).isFalse();
        assertThat(progress.isWhole(at("11:00:00"), CALENDAR)).isTrue();
    }

    @Test
    void theListIsReadAgainBetweenTheLastSkippedElectionAndTheFirstThatIsHeld() {
        ElectionProgress progress =
                ElectionProgress.NONE.withTraffic(traffic("08:10:00", at("08:30:00")));

        assertThat(progress.hasSkippedUpTo(at("11:00:00"), CALENDAR)).isFalse();
        progress = progress.passed(at("09:00:00"));
        assertThat(progress.hasSkippedUpTo(at("10:00:00"), CALENDAR)).isFalse();
        progress = progress.passed(at("10:00:00"));
        assertThat(progress.hasSkippedUpTo(at("11:00:00"), CALENDAR)).isTrue();
        progress = progress.passed(at("11:00:00"));
        assertThat(progress.hasSkippedUpTo(at("12:00:00"), CALENDAR)).isFalse();
    }

    @Test
    void onlyAListThatIsAsFarContinuesIt() {
        ElectionProgress progress = ElectionProgress.NONE.passed(at("10:00:00"));

        assertThat(progress.isContinuedBy(past(null))).isFalse();
        assertThat(progress.isContinuedBy(past(at("09:00:00")))).isFalse();
        assertThat(progress.isContinuedBy(past(at("10:00:00")))).isTrue();
        assertThat(ElectionProgress.NONE.isContinuedBy(past(null))).isTrue();
    }

    private static MinuteHits traffic(String minute, long wholeFrom) {
        return new MinuteHits(1, at(minute), 1, wholeFrom);
    }

    private static ElectionStore.Past past(@Nullable Long last) {
        return new ElectionStore.Past(last, List.of());
    }
}
