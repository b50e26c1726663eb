package io.weir.election;

import static io.weir.Samples.at;
import static io.weir.election.MemoryStore.settings;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/** What becomes a candidate, and what is kept for it. */
class NominateSitesTest {

    private static final long SETTLE = ElectionRun.SETTLE.toMillis();

    @Test
    void aSiteBelowTheThresholdOfHitsIsNoCandidate() throws Exception {
        try (ElectionRun run = new ElectionRun(MemoryStore.usual(), 1)) {
            run.minute(1, at("09:01:00"), 4).minute(1, at("09:02:00"), 5);
            run.minute(2, at("09:01:00"), 4).minute(2, at("09:02:00"), 6).toTheEnd();

            assertThat(run.candidates()).extracting(Candidate::siteId).containsOnly(2);
        }
    }

    @Test
    void aNewerRowOfAMinuteReplacesItAndDoesNotAdd() throws Exception {
        try (ElectionRun run = new ElectionRun(MemoryStore.usual(), 1)) {
            run.minute(1, at("09:01:00"), 20).minute(1, at("09:01:00"), 25);
            run.until(at("10:00:00") + SETTLE);

            assertThat(run.candidates())
                    .usingRecursiveFieldByFieldElementComparator()
                    .containsExactly(
                            candidate(
                                    1,
                                    at("10:00:00"),
                                    25,
                                    at("09:01:00"),
                                    part(at("09:00:00"), at("09:01:00"), 25)));
        }
    }

    @Test
    void aCorrectionBetweenTheBoundaryAndItsElectionCounts() throws Exception {
        try (ElectionRun run = new ElectionRun(MemoryStore.usual(), 1)) {
            run.minute(1, at("09:59:00"), 9).until(at("10:00:00") + SETTLE - 1);
            assertThat(run.candidates()).isEmpty();
            run.minute(1, at("09:59:00"), 11).until(at("10:00:00") + SETTLE);

            assertThat(run.candidates()).extracting(Candidate::hits).containsExactly(11L);
        }
    }

    @Test
    void theWindowIncludesItsStartAndNotItsEnd() throws Exception {
        try (ElectionRun run = new ElectionRun(MemoryStore.usual(), 1)) {
            run.minute(1, at("07:59:00"), 100).minute(1, at("08:00:00"), 30);
            run.minute(1, at("09:59:00"), 3).minute(1, at("10:00:00"), 200);
            run.until(at("10:00:00") + SETTLE);

            assertThat(run.candidates())
                    .usingRecursiveFieldByFieldElementComparator()
                    .filteredOn(each -> each.boundaryMillis() == at("10:00:00"))
                    .containsExactly(
                            candidate(
                                    1,
                                    at("10:00:00"),
                                    33,
                                    at("09:59:00"),
                                    part(at("08:00:00"), at("08:00:00"), 30),
                                    part(at("09:00:00"), at("09:59:00"), 3)));
        }
    }

    @Test
    void theStateOfSilentSitesIsGone() throws Exception {
        int sites = 10_000;
        try (ElectionRun run = new ElectionRun(MemoryStore.usual(), 1)) {
            for (int site = 1; site <= sites; site++) {
                run.minute(site, at("09:59:00"), 1);
            }
            // [09:00, 11:00) is the last window with that minute
            run.until(at("11:00:00") + SETTLE - 1);
            assertThat(run.entriesOfSites()).isEqualTo(sites);
            run.until(at("11:00:00") + SETTLE);

            assertThat(run.entriesOfSites()).isZero();
            assertThat(run.timersOfSites()).isZero();
        }
    }

    @Test
    void timersEndWithTheInput() throws Exception {
        try (ElectionRun run = new ElectionRun(MemoryStore.usual(), 2)) {
            run.minute(1, at("09:59:00"), 50).minute(2, at("13:00:00"), 50).toTheEnd();

            assertThat(run.entriesOfSites()).isZero();
            assertThat(run.timersOfSites()).isZero();
        }
    }

    @Test
    void trafficIsToldOnceAMinuteAndNotOnceASite() throws Exception {
        try (NominateHarness nominate =
                new NominateHarness(MemoryStore.usual(), ElectionRun.SETTLE, 1, 0)) {
            nominate.open();
            for (int site = 1; site <= 100; site++) {
                nominate.processElement(new MinuteHits(site, at("09:05:00"), 1, Long.MIN_VALUE), 0);
                nominate.processElement(new MinuteHits(site, at("09:03:00"), 1, Long.MIN_VALUE), 0);
                nominate.processElement(new MinuteHits(site, at("09:04:00"), 1, Long.MIN_VALUE), 0);
            }
            assertThat(nominate.extractOutputValues())
                    .extracting(ElectionNews::minuteMillis)
                    .containsExactly(at("09:05:00"), at("09:03:00"));
        }
    }

    @Test
    void aVersionThatIsLearnedAfterTheFirstMinutesOfItsIntervalCountsThemInTime() throws Exception {
        MemoryStore store =
                MemoryStore.of(settings(1, Long.MIN_VALUE, "PT1H", "PT1H", 10, 9, "P1D"));
        try (ElectionRun run = new ElectionRun(store, 1)) {
            run.minute(1, at("10:05:00"), 50).until(at("10:06:00"));
            run.version(settings(2, at("10:00:00"), "PT15M", "PT15M", 10, 9, "P1D"));
            run.until(at("10:15:00") + SETTLE);

            assertThat(run.candidates())
                    .extracting(Candidate::boundaryMillis)
                    .containsExactly(at("10:15:00"));
            assertThat(run.boundaries()).containsExactly("15T10:15");
        }
    }

    @Test
    void aWiderWindowDoesNotBringBackWhatTheNarrowOneDidNotReach() throws Exception {
        MemoryStore store =
                MemoryStore.of(
                        settings(1, Long.MIN_VALUE, "PT1H", "PT1H", 10, 9, "P1D"),
                        settings(2, at("11:00:00"), "PT6H", "PT1H", 10, 9, "P1D"));
        try (ElectionRun run = new ElectionRun(store, 1)) {
            run.minute(1, at("09:30:00"), 100).minute(1, at("10:30:00"), 40).toTheEnd();

            assertThat(run.candidates())
                    .filteredOn(each -> each.boundaryMillis() == at("11:00:00"))
                    .extracting(Candidate::hits)
                    .containsExactly(40L);
        }
    }

    private static Candidate candidate(
            int siteId, long boundary, long hits, long lastMinute, HitsBetweenElections... parts) {
        return new Candidate(siteId, boundary, hits, lastMinute, parts);
    }

    private static HitsBetweenElections part(long from, long firstMinute, long hits) {
        return new HitsBetweenElections(from, firstMinute, hits);
    }
}
