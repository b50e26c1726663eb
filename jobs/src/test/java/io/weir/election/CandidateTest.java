package io.weir.election;

import static io.weir.Samples.at;
import static io.weir.election.MemoryStore.settings;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which minutes count for an election, and what becomes of them. */
class CandidateTest {

    private static final ElectionSettings HOURLY =
            settings(1, Long.MIN_VALUE, "PT2H", "PT1H", 10, 1000, "P90D");

    @Test
    void aSiteBelowTheThresholdOfHitsIsNoCandidate() {
        assertThat(nominate("10:00:00", Map.of(at("09:01:00"), 4L, at("09:02:00"), 5L))).isNull();
        assertThat(nominate("10:00:00", Map.of(at("09:01:00"), 4L, at("09:02:00"), 6L)))
                .extracting(Candidate::hits)
                .isEqualTo(10L);
    }

    @Test
    void theWindowIncludesItsStartAndNotItsEnd() {
        assertThat(
                        nominate(
                                "10:00:00",
                                Map.of(
                                        at("07:59:00"), 100L,
                                        at("08:00:00"), 30L,
                                        at("09:59:00"), 3L,
                                        at("10:00:00"), 200L)))
                .usingRecursiveComparison()
                .isEqualTo(
                        new Candidate(
                                1,
                                at("10:00:00"),
                                33,
                                at("09:59:00"),
                                new HitsBetweenElections[] {
                                    new HitsBetweenElections(at("08:00:00"), at("08:00:00"), 30),
                                    new HitsBetweenElections(at("09:00:00"), at("09:59:00"), 3)
                                }));
    }

    @Test
    void hitsAreCutAtEveryBoundaryOfEveryVersion() {
        ElectionSettings quarterly = settings(2, at("09:00:00"), "PT2H", "PT15M", 1, 1000, "P90D");
        Candidate candidate =
                Objects.requireNonNull(
                        nominate(
                                "09:30:00",
                                Map.of(
                                        at("07:40:00"), 1L,
                                        at("08:10:00"), 2L,
                                        at("08:50:00"), 4L,
                                        at("09:00:00"), 8L,
                                        at("09:14:00"), 16L,
                                        at("09:15:00"), 32L),
                                HOURLY,
                                quarterly));

        assertThat(candidate.parts())
                .containsExactly(
                        new HitsBetweenElections(at("07:30:00"), at("07:40:00"), 1),
                        new HitsBetweenElections(at("08:00:00"), at("08:10:00"), 6),
                        new HitsBetweenElections(at("09:00:00"), at("09:00:00"), 24),
                        new HitsBetweenElections(at("09:15:00"), at("09:15:00"), 32));
        assertThat(candidate.hitsFrom(at("09:00:00"))).isEqualTo(24 + 32);
        assertThat(candidate.hitsFrom(Long.MIN_VALUE)).isEqualTo(63);
        assertThat(candidate.firstMinuteFrom(at("09:00:00"))).isEqualTo(at("09:00:00"));
        assertThat(candidate.firstMinuteFrom(at("09:30:00"))).isEqualTo(at("07:40:00"));
    }

    @Test
    void aWiderWindowDoesNotBringBackWhatTheNarrowOneDidNotReach() {
        Candidate candidate =
                Objects.requireNonNull(
                        nominate(
                                "11:00:00",
                                Map.of(at("09:30:00"), 100L, at("10:30:00"), 40L),
                                settings(1, Long.MIN_VALUE, "PT1H", "PT1H", 10, 9, "P1D"),
                                settings(2, at("11:00:00"), "PT6H", "PT1H", 10, 9, "P1D")));

        assertThat(candidate).extracting(Candidate::hits).isEqualTo(40L);
    }

    private static @Nullable Candidate nominate(String boundary, Map<Long, Long> hits) {
        return nominate(boundary, hits, HOURLY);
    }

    private static @Nullable Candidate nominate(
            String boundary, Map<Long, Long> hits, ElectionSettings... versions) {
        return Candidate.of(
                1, at(boundary), ElectionCalendar.of(List.of(versions)), hits.entrySet());
    }
}
