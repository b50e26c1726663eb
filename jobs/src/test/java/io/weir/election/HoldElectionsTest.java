package io.weir.election;

import static io.weir.Samples.at;
import static io.weir.election.MemoryStore.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** When elections are held, and what starts, restores and changed settings do to them. */
class HoldElectionsTest {

    private static final long SETTLE = ElectionRun.SETTLE.toMillis();
    private static final long DAY = Duration.ofDays(1).toMillis();

    // When

    @Test
    void anElectionIsHeldWhenItsMinutesCanNoLongerChange() throws Exception {
        try (ElectionRun run = new ElectionRun(MemoryStore.usual(), 2)) {
            run.minute(1, at("09:10:00"), 100).until(at("10:00:00") + SETTLE - 1);
            assertThat(run.boundaries()).isEmpty();
            run.until(at("10:00:00") + SETTLE);

            assertThat(run.boundaries()).containsExactly("15T10:00");
        }
    }

    @Test
    void everyElectionOfALongGapIsHeld() throws Exception {
        try (ElectionRun run = new ElectionRun(MemoryStore.usual(), 1)) {
            run.minute(1, at("09:10:00"), 100).until(at("09:11:00"));
            run.minute(1, at("09:10:00") + 3 * DAY, 100).until(at("10:00:00") + 3 * DAY + SETTLE);

            assertThat(run.elections()).hasSize(3 * 24 + 1);
            assertThat(run.elections()).filteredOn(each -> each.candidates() == 0).hasSize(71 - 1);
        }
    }

    @Test
    void whenTheInputEndsNoneIsHeldBeyondTheFirstAfterTheLastTraffic() throws Exception {
        try (ElectionRun run = new ElectionRun(MemoryStore.usual(), 2)) {
            run.minute(1, at("09:10:00"), 100).minute(2, at("11:59:00"), 1).toTheEnd();

            assertThat(run.boundaries()).containsExactly("15T10:00", "15T11:00", "15T12:00");
        }
    }

    @Test
    void onlyElectionsThatAreHeldHaveCandidates() throws Exception {
        try (ElectionRun run = new ElectionRun(MemoryStore.usual(), 2)) {
            run.minute(1, at("09:10:00"), 100).toTheEnd();

            assertThat(run.boundaries()).containsExactly("15T10:00");
            assertThat(run.elected())
                    .extracting(TopSite::boundaryMillis)
                    .containsExactly(at("10:00:00"));
        }
    }

    @Test
    void theFirstElectionIsTheOneAfterTheEarliestTrafficOfAnySubtask() throws Exception {
        try (ElectionRun run = new ElectionRun(MemoryStore.usual(), 3)) {
            for (int site = 1; site <= 12; site++) {
                run.minute(site, at("11:10:00"), 100);
            }
            run.minute(7, at("09:10:00"), 100).toTheEnd();

            assertThat(run.boundaries()).containsExactly("15T10:00", "15T11:00", "15T12:00");
        }
    }

    @Test
    void anElectionWhoseWindowWasNotCountedFromItsStartIsSkippedAndCounted() throws Exception {
        try (ElectionRun run =
                new ElectionRun(MemoryStore.usual(), 2, at("09:00:00"), new Random(1))) {
            run.minute(1, at("09:10:00"), 100).minute(1, at("10:10:00"), 1).toTheEnd();

            assertThat(run.boundaries()).containsExactly("15T11:00");
            assertThat(run.skipped()).isEqualTo(1);
            assertThat(run.site(1).totalHits()).isEqualTo(101);
            assertThat(run.elected())
                    .filteredOn(each -> each.boundaryMillis() == at("10:00:00"))
                    .isEmpty();
        }
    }

    // Starts

    @Test
    void aStartWithoutStateGoesOnWithTheHistoryOfTheTable() throws Exception {
        MemoryStore store = MemoryStore.usual();
        TopSite listed =
                new TopSite(
                        1,
                        5_000,
                        70,
                        40,
                        at("02:00:00"),
                        at("09:10:00"),
                        at("10:00:00"),
                        null,
                        at("10:00:00"));
        TopSite left =
                new TopSite(
                        2,
                        600,
                        60,
                        4,
                        at("03:00:00"),
                        at("09:05:00"),
                        at("10:00:00"),
                        at("10:00:00"),
                        at("10:00:00"));
        store.remember(new ElectionStore.Past(at("10:00:00"), List.of(listed, left)));
        try (ElectionRun run = new ElectionRun(store, 1)) {
            run.minute(1, at("09:10:00"), 70).minute(2, at("09:05:00"), 60);
            run.minute(1, at("10:20:00"), 3).minute(2, at("10:30:00"), 4).toTheEnd();

            assertThat(run.boundaries()).as("not held again").containsExactly("15T11:00");
            assertThat(run.skipped()).isZero();
            assertThat(run.site(1))
                    .isEqualTo(
                            new TopSite(
                                    1,
                                    5_003,
                                    73,
                                    41,
                                    at("02:00:00"),
                                    at("10:20:00"),
                                    at("11:00:00"),
                                    null,
                                    at("11:00:00")));
            assertThat(run.site(2).totalHits()).isEqualTo(4);
            assertThat(run.site(2).firstSeenMillis()).isEqualTo(at("10:30:00"));
        }
    }

    /** The job begins at 10:30 beside another that has held all elections so far. */
    private static ElectionRun secondJob(MemoryStore store) throws Exception {
        store.remember(
                new ElectionStore.Past(at("10:00:00"), List.of(listed(1, 300, 1, "10:00:00"))));
        ElectionRun run = new ElectionRun(store, 2, at("10:30:00"), new Random(1));
        return run.minute(1, at("10:40:00"), 20)
                .minute(1, at("11:40:00"), 50)
                .minute(1, at("12:40:00"), 70)
                .minute(1, at("13:40:00"), 11)
                .until(at("12:00:00") + SETTLE);
    }

    private static TopSite listed(int siteId, long totalHits, int timesElected, String election) {
        return new TopSite(
                siteId,
                totalHits,
                60,
                timesElected,
                at("09:05:00"),
                at(election) - 60_000,
                at(election),
                null,
                at(election));
    }

    @Test
    void aSecondJobGoesOnFromElectionsThatTheFirstHeldAndItSkipped() throws Exception {
        MemoryStore store = MemoryStore.usual();
        try (ElectionRun run = secondJob(store)) {
            assertThat(run.skipped()).isEqualTo(2);
            // 10:00 to 12:00 by the first job, which knows more of 10:00 to 11:00 than this one
            store.remember(
                    new ElectionStore.Past(
                            at("12:00:00"), List.of(listed(1, 300 + 90 + 50, 3, "12:00:00"))));
            run.toTheEnd();

            assertThat(run.boundaries()).containsExactly("15T13:00", "15T14:00");
            assertThat(run.site(1).totalHits()).isEqualTo(300 + 90 + 50 + 70 + 11);
            assertThat(run.site(1).timesElected()).isEqualTo(5);
            assertThat(run.site(1).firstSeenMillis()).isEqualTo(at("09:05:00"));
        }
    }

    @Test
    void aSecondJobDoesNotHoldAgainWhatTheFirstHasHeldMeanwhile() throws Exception {
        MemoryStore store = MemoryStore.usual();
        try (ElectionRun run = secondJob(store)) {
            store.remember(
                    new ElectionStore.Past(
                            at("13:00:00"), List.of(listed(1, 300 + 160 + 50, 4, "13:00:00"))));
            run.toTheEnd();

            assertThat(run.boundaries()).containsExactly("15T14:00");
            assertThat(run.site(1).totalHits()).isEqualTo(300 + 160 + 50 + 11);
            assertThat(run.site(1).timesElected()).isEqualTo(5);
        }
    }

    @Test
    void aSecondJobThatIsAheadOfTheFirstGoesOnFromWhatItKnows() throws Exception {
        MemoryStore store = MemoryStore.usual();
        try (ElectionRun run = secondJob(store)) {
            run.toTheEnd();

            assertThat(run.boundaries()).containsExactly("15T13:00", "15T14:00");
            assertThat(run.site(1).totalHits())
                    .as("those of the window of 13:00 from 11:00 on")
                    .isEqualTo(300 + 50 + 70 + 11);
        }
    }

    @Test
    void restartsAndRescalesBetweenBoundaryAndElectionChangeNothing() throws Exception {
        try (ElectionRun calm = new ElectionRun(limitedTo(6), 1);
                ElectionRun shaken = new ElectionRun(limitedTo(6), 1)) {
            for (ElectionRun run : List.of(calm, shaken)) {
                for (int site = 1; site <= 12; site++) {
                    run.minute(site, at("09:10:00") + site * 60_000L, 5L + site);
                }
                run.until(at("10:05:00"));
                restart(run, run == shaken, 3);
                run.minute(3, at("09:59:00"), 30).until(at("10:00:00") + SETTLE);
                restart(run, run == shaken, 2);
                for (int site = 1; site <= 12; site += 2) {
                    run.minute(site, at("10:10:00") + site * 60_000L, 5L + site);
                }
                run.toTheEnd();
            }
            assertThat(shaken.table()).isEqualTo(calm.table());
            assertThat(shaken.boundaries()).isEqualTo(calm.boundaries()).hasSize(2);
        }
    }

    private static void restart(ElectionRun run, boolean isWanted, int parallelism)
            throws Exception {
        if (isWanted) {
            run.restart(parallelism);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"PT2M", "PT15M", "PT17M", "PT3H"})
    void anotherSettleTimeAfterARestoreLosesNoCandidate(Duration settle) throws Exception {
        try (ElectionRun calm = new ElectionRun(limitedTo(6), 2);
                ElectionRun changed = new ElectionRun(limitedTo(6), 2)) {
            for (ElectionRun run : List.of(calm, changed)) {
                // of each pair one site is silent after the restore
                for (int site = 1; site <= 12; site++) {
                    run.minute(site, at("09:10:00") + site * 60_000L, 5L + site);
                }
                run.until(at("10:05:00"));
                if (run == changed) {
                    run.restart(3, settle).restart(1, Duration.ofMinutes(2));
                }
                for (int site = 1; site <= 12; site += 2) {
                    run.minute(site, at("10:10:00") + site * 60_000L, 5L + site);
                }
                run.until(at("10:14:00")).until(at("10:30:00"));
                run.minute(20, at("15:10:00"), 1).toTheEnd();
            }
            assertThat(changed.table()).isEqualTo(calm.table());
            assertThat(changed.boundaries()).isEqualTo(calm.boundaries()).hasSize(7);
        }
    }

    @Test
    void aSnapshotBetweenTheCandidatesAndTheirElectionKeepsThem() throws Exception {
        MemoryStore store = MemoryStore.usual();
        OperatorSubtaskState state;
        try (HoldHarness before = new HoldHarness(store, ElectionRun.SETTLE)) {
            before.open();
            before.processElement(
                    new ElectionInput(new MinuteHits(1, at("09:10:00"), 50, 0), null), 0);
            before.processElement(
                    new ElectionInput(
                            null,
                            new Candidate(
                                    1,
                                    at("10:00:00"),
                                    50,
                                    at("09:10:00"),
                                    new HitsBetweenElections[] {
                                        new HitsBetweenElections(at("09:00:00"), at("09:10:00"), 50)
                                    })),
                    0);
            state = before.snapshot(1, 1);
        }
        try (HoldHarness after = new HoldHarness(store, ElectionRun.SETTLE)) {
            after.initializeState(state);
            after.open();
            after.advance(at("10:00:00") + SETTLE);

            assertThat(after.extractOutputValues().get(0).changed())
                    .extracting(TopSite::totalHits)
                    .containsExactly(50L);
        }
    }

    // Settings

    @Test
    void aChangeWhileTheJobRunsHoldsFromItsBoundaryOnAllSubtasksAndAfterARestore()
            throws Exception {
        MemoryStore store = limitedTo(1000);
        try (ElectionRun run = new ElectionRun(store, 3)) {
            for (int site = 1; site <= 12; site++) {
                run.minute(site, at("09:10:00"), 10);
            }
            for (ElectionSettings version : store.readSettings()) {
                run.version(version);
            }
            run.version(settings(2, at("11:00:00"), "PT2H", "PT1H", 10, 3, "P90D"));
            run.until(at("10:00:00") + SETTLE);
            store.fail();
            run.restart(2).until(at("11:00:00") + SETTLE);

            assertThat(run.list()).containsExactly(1, 2, 3);
            assertThat(run.elections()).extracting(Election::version).containsExactly(1, 2);
        }
    }

    @Test
    void withoutAnySettingsItFailsAndSaysWhy() throws Exception {
        MemoryStore store = MemoryStore.usual();
        store.fail();
        try (NominateHarness nominate = new NominateHarness(store, ElectionRun.SETTLE, 1, 0)) {
            nominate.open();

            assertThatIOException()
                    .isThrownBy(
                            () ->
                                    nominate.processElement(
                                            new MinuteHits(1, at("09:00:00"), 1, Long.MIN_VALUE),
                                            0))
                    .withMessageContaining("settings")
                    .havingRootCause()
                    .withMessage("the database is unreachable");
        }
    }

    private static MemoryStore limitedTo(int entries) {
        return MemoryStore.of(settings(1, Long.MIN_VALUE, "PT2H", "PT1H", 5, entries, "P90D"));
    }
}
