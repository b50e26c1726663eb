package io.weir.election;

import static io.weir.Samples.at;
import static io.weir.election.MemoryStore.settings;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.util.List;
import java.util.Objects;
import org.apache.flink.api.common.state.ListStateDescriptor;
import org.apache.flink.api.common.state.MapStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.FunctionInitializationContext;
import org.apache.flink.util.Collector;
import org.junit.jupiter.api.Test;

/** When a site is nominated, and what is kept for it. */
class NominateSitesTest {

    private static final long SETTLE = ElectionRun.SETTLE.toMillis();

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
    void trafficIsReportedOnceAMinuteAndNotOnceASite() throws Exception {
        try (NominateHarness nominate =
                new NominateHarness(MemoryStore.usual(), ElectionRun.SETTLE, 1, 0)) {
            nominate.open();
            for (int site = 1; site <= 100; site++) {
                nominate.processElement(new MinuteHits(site, at("09:05:00"), 1, Long.MIN_VALUE), 0);
                nominate.processElement(new MinuteHits(site, at("09:03:00"), 1, Long.MIN_VALUE), 0);
                nominate.processElement(new MinuteHits(site, at("09:04:00"), 1, Long.MIN_VALUE), 0);
            }
            assertThat(nominate.extractOutputValues())
                    .extracting(input -> Objects.requireNonNull(input.traffic()).minuteMillis())
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
    void theStateOfEarlierVersionsThatNobodyReadsIsDropped() throws Exception {
        OperatorSubtaskState earlier;
        try (NominateHarness nominate = new NominateHarness(new Earlier(), 1, 0)) {
            nominate.open();
            earlier = nominate.snapshot(1, 1);
        }
        assertThat(entries(earlier, "election-whole-from")).isEqualTo(2);
        try (NominateHarness nominate =
                new NominateHarness(MemoryStore.usual(), ElectionRun.SETTLE, 1, 0)) {
            nominate.initializeState(earlier);
            nominate.open();
            assertThat(entries(nominate.snapshot(1, 1), "election-whole-from")).isZero();
        }
    }

    @Test
    void hitsThatEarlierVersionsKeptByMinuteCount() throws Exception {
        OperatorSubtaskState earlier;
        try (NominateHarness nominate = new NominateHarness(new Earlier(), 1, 0)) {
            nominate.open();
            nominate.processElement(new MinuteHits(1, at("09:01:00"), 20, Long.MIN_VALUE), 0);
            nominate.processElement(new MinuteHits(1, at("08:59:00"), 300, Long.MIN_VALUE), 0);
            earlier = nominate.snapshot(1, 1);
        }
        try (NominateHarness nominate =
                new NominateHarness(MemoryStore.usual(), ElectionRun.SETTLE, 1, 0)) {
            nominate.initializeState(earlier);
            nominate.open();
            nominate.processElement(new MinuteHits(1, at("09:02:00"), 4, Long.MIN_VALUE), 0);
            assertThat(nominate.entries()).as("hours of minutes").isEqualTo(1);
            nominate.advance(at("10:00:00") + SETTLE);

            assertThat(nominate.extractOutputValues())
                    .extracting(ElectionInput::candidate)
                    .filteredOn(Objects::nonNull)
                    .extracting(Candidate::hits, Candidate::lastMinuteMillis)
                    .containsExactly(tuple(300L, at("08:59:00")), tuple(324L, at("09:02:00")));
        }
    }

    private static int entries(OperatorSubtaskState state, String name) {
        return state.getManagedOperatorState().stream()
                .mapToInt(
                        handle ->
                                Objects.requireNonNull(
                                                handle.getStateNameToPartitionOffsets().get(name))
                                        .getOffsets()
                                        .length)
                .sum();
    }

    /** With the state that {@code candidates} once had. */
    private static final class Earlier extends ElectionStep<MinuteHits, ElectionInput> {

        private static final long serialVersionUID = 1;

        Earlier() {
            super(MemoryStore.usual(), ElectionRun.SETTLE);
        }

        @Override
        public void initializeState(FunctionInitializationContext context) throws Exception {
            super.initializeState(context);
            context.getOperatorStateStore()
                    .getUnionListState(new ListStateDescriptor<>("election-whole-from", Types.LONG))
                    .update(List.of(1L, 2L));
        }

        @Override
        public void processElement(
                MinuteHits minute, ReadOnlyContext context, Collector<ElectionInput> inputs)
                throws Exception {
            getRuntimeContext()
                    .getMapState(new MapStateDescriptor<>("hits-by-minute", Types.LONG, Types.LONG))
                    .put(minute.minuteMillis(), minute.hits());
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
