package io.weir.window;

import static io.weir.Samples.at;
import static io.weir.Samples.request;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.traffic.Grain;
import io.weir.traffic.Traffic;
import io.weir.traffic.TrafficPartial;
import io.weir.traffic.TrafficRow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.api.operators.KeyedProcessOperator;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedOneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

class AggregateTrafficTest {

    private static final ProvisionalIntervals INTERVALS =
            ProvisionalIntervals.of(Grain::provisionalInterval);
    private static final Duration SETTLE = Duration.ofMinutes(16);

    @Test
    void emitsAProvisionalRowOfEachGrainAtItsInterval() throws Exception {
        try (Harness windows = opened()) {
            windows.add(1, at("10:00:00"), 3);
            windows.setProcessingTime(5_000);
            assertThat(windows.rows()).containsExactly("1min 10:00 site 1: 3 whole");
            windows.setProcessingTime(30_000);
            assertThat(windows.rows()).containsExactly("1hour 10:00 site 1: 3 whole");
            windows.setProcessingTime(300_000);
            assertThat(windows.rows()).containsExactly("1day 00:00 site 1: 3 whole");
        }
    }

    @Test
    void spreadsTheRowsOfManySitesOverTheInterval() throws Exception {
        try (Harness windows = opened()) {
            for (int site = 1; site <= 1_000; site++) {
                windows.add(site, at("10:00:00"), 1);
            }
            int inAll = 0;
            for (int second = 1; second <= 5; second++) {
                windows.setProcessingTime(second * 1_000L);
                int rows = windows.minuteRows();
                assertThat(rows).isBetween(180, 220);
                inAll += rows;
            }
            assertThat(inAll).isEqualTo(1_000);
        }
    }

    @Test
    void emitsNothingWhereNothingChanged() throws Exception {
        try (Harness windows = opened()) {
            windows.add(1, at("10:00:00"), 3);
            windows.setProcessingTime(300_000);
            windows.rows();
            windows.setProcessingTime(600_000);

            assertThat(windows.rows()).isEmpty();
        }
    }

    @Test
    void emitsAFinalRowWhenTheWatermarkReachesTheEnd() throws Exception {
        try (Harness windows = opened()) {
            windows.add(1, at("10:00:00"), 3);
            windows.processWatermark(new Watermark(at("10:00:59.999")));
            assertThat(windows.rows()).isEmpty();
            windows.processWatermark(new Watermark(at("10:01:00")));
            assertThat(windows.rows()).containsExactly("1min 10:00 site 1: 3 whole final");
        }
    }

    @Test
    void emitsACorrectionForWhatIsAddedAfterTheEnd() throws Exception {
        try (Harness windows = opened()) {
            windows.add(1, at("10:00:00"), 3);
            windows.processWatermark(new Watermark(at("10:01:00")));
            windows.rows();
            windows.add(1, at("10:00:00"), 2);
            windows.setProcessingTime(5_000);

            assertThat(windows.rows()).containsExactly("1min 10:00 site 1: 5 whole final");
        }
    }

    @Test
    void anEndedHourAndItsMinutesAreCorrectedTogether() throws Exception {
        try (Harness windows = opened()) {
            windows.add(1, at("10:58:00"), 3);
            windows.add(1, at("11:01:00"), 1);
            windows.processWatermark(new Watermark(at("11:01:00")));
            windows.rows();
            windows.add(1, at("10:58:00"), 2);
            windows.add(1, at("10:59:00"), 4);
            windows.setProcessingTime(4_999);
            assertThat(windows.rows()).isEmpty();
            windows.setProcessingTime(5_000);

            assertThat(windows.rows())
                    .containsExactlyInAnyOrder(
                            "1min 10:58 site 1: 5 whole final",
                            "1min 10:59 site 1: 4 whole",
                            "1min 11:01 site 1: 1 whole",
                            "1hour 10:00 site 1: 9 whole final");
        }
    }

    @Test
    void aDayEndsTogetherWithTheCorrectionsOfItsHoursAndMinutes() throws Exception {
        try (Harness windows = opened()) {
            windows.add(1, at("22:59:00"), 3);
            windows.add(1, at("23:50:00"), 3);
            windows.add(1, at("23:58:00"), 3);
            windows.processWatermark(new Watermark(at("23:59:00")));
            windows.rows();
            windows.add(1, at("23:50:00"), 1);
            windows.add(1, at("23:58:00"), 2);
            windows.processWatermark(new Watermark(at("23:59:59.999") + 1));

            assertThat(windows.rows())
                    .containsExactlyInAnyOrder(
                            "1min 23:50 site 1: 4 whole final",
                            "1min 23:58 site 1: 5 whole final",
                            "1hour 23:00 site 1: 9 whole final",
                            "1day 00:00 site 1: 12 whole final");
        }
    }

    /** A restore forgets the watermark, so the new minute has not ended yet, but its hour has. */
    @Test
    void anEndedHourIsEmittedWithAMinuteThatIsNewAfterARestore() throws Exception {
        OperatorSubtaskState state;
        try (Harness windows = opened()) {
            windows.add(1, at("10:58:00"), 3);
            windows.processWatermark(new Watermark(at("11:00:00")));
            state = windows.snapshot(1, 1);
        }
        ProvisionalIntervals slowMinutes =
                ProvisionalIntervals.of(
                        grain -> Duration.ofSeconds(grain == Grain.MINUTE ? 60 : 7));
        try (Harness windows =
                new Harness(new AggregateTraffic(slowMinutes, SETTLE, Long.MIN_VALUE), 1, 0)) {
            windows.initializeState(state);
            windows.open();
            windows.add(1, at("10:57:00"), 1);
            windows.setProcessingTime(7_000);

            assertThat(windows.rows())
                    .containsExactlyInAnyOrder(
                            "1min 10:57 site 1: 1 whole",
                            "1hour 10:00 site 1: 4 whole final",
                            "1day 00:00 site 1: 4 whole");
        }
    }

    @Test
    void emitsAMinuteThatOnlyGotRequestsAfterItsEndAtTheNextWatermark() throws Exception {
        try (Harness windows = opened()) {
            windows.processWatermark(new Watermark(at("10:05:00")));
            windows.add(1, at("10:00:00"), 2);
            windows.processWatermark(new Watermark(at("10:05:00.001")));

            assertThat(windows.rows()).containsExactly("1min 10:00 site 1: 2 whole final");
        }
    }

    @Test
    void emitsAPendingCorrectionWhenTheMinuteIsClosed() throws Exception {
        try (Harness windows = opened()) {
            windows.add(1, at("10:00:00"), 3);
            windows.processWatermark(new Watermark(at("10:01:00")));
            windows.rows();
            windows.add(1, at("10:00:00"), 2);
            windows.processWatermark(new Watermark(at("10:16:59.999")));
            assertThat(windows.rows()).isEmpty();
            windows.processWatermark(new Watermark(at("10:17:00")));

            assertThat(windows.rows()).containsExactly("1min 10:00 site 1: 5 whole final");
        }
    }

    @Test
    void aChangeIsEmittedThoughTheIntervalWasChangedAfterIt() throws Exception {
        OperatorSubtaskState state;
        try (Harness windows = opened()) {
            windows.add(1, at("10:00:00"), 3);
            state = windows.snapshot(1, 1);
        }
        ProvisionalIntervals changed =
                ProvisionalIntervals.of(
                        grain ->
                                grain == Grain.MINUTE
                                        ? Duration.ofSeconds(7)
                                        : Duration.ofMinutes(1));
        try (Harness windows =
                new Harness(new AggregateTraffic(changed, SETTLE, Long.MIN_VALUE), 1, 0)) {
            windows.initializeState(state);
            windows.open();
            windows.setProcessingTime(5_000);
            assertThat(windows.rows()).isEmpty();
            windows.setProcessingTime(7_000);

            assertThat(windows.rows()).containsExactly("1min 10:00 site 1: 3 whole");
        }
    }

    @Test
    void theHourAndTheDayHoldWhatTheirMinutesHold() throws Exception {
        try (Harness windows = opened()) {
            windows.add(1, at("10:00:00"), 3);
            windows.add(1, at("10:59:00"), 4);
            windows.add(1, at("11:00:00"), 5);
            windows.processWatermark(Watermark.MAX_WATERMARK);

            assertThat(windows.rows())
                    .containsExactlyInAnyOrder(
                            "1min 10:00 site 1: 3 whole final",
                            "1min 10:59 site 1: 4 whole final",
                            "1min 11:00 site 1: 5 whole final",
                            "1hour 10:00 site 1: 7 whole final",
                            "1hour 11:00 site 1: 5 whole final",
                            "1day 00:00 site 1: 12 whole final");
        }
    }

    @Test
    void refusesAClosedMinuteAtEveryGrainEvenAfterARestore() throws Exception {
        OperatorSubtaskState state;
        try (Harness windows = opened()) {
            windows.add(1, at("10:00:00"), 3);
            windows.processWatermark(new Watermark(at("10:17:00")));
            state = windows.snapshot(1, 1);
        }
        try (Harness windows = restored(state)) {
            windows.add(2, at("10:00:00"), 7);
            windows.processWatermark(Watermark.MAX_WATERMARK);

            assertThat(windows.rows())
                    .containsExactlyInAnyOrder(
                            "1hour 10:00 site 1: 3 whole final",
                            "1day 00:00 site 1: 3 whole final");
            assertThat(windows.refused()).isEqualTo(7);
        }
    }

    /**
     * A copy that is on time in the minute after it, of a partition that was idle: nothing is lost
     * with it, since the request was counted.
     */
    @Test
    void aDuplicateOfARequestInAClosedMinuteIsNoRefusedRequest() throws Exception {
        try (Harness windows = opened()) {
            windows.add(1, at("10:00:00"), 3);
            windows.processWatermark(new Watermark(at("10:17:00")));
            windows.rows();
            windows.addDuplicate(1, at("10:01:00"), at("10:00:00"));
            windows.processWatermark(Watermark.MAX_WATERMARK);

            assertThat(windows.rows())
                    .containsExactly(
                            "1hour 10:00 site 1: 3 whole final",
                            "1day 00:00 site 1: 3 whole final");
            assertThat(windows.refused()).isZero();
        }
    }

    @Test
    void refusesEveryMinuteOfAClosedHour() throws Exception {
        try (Harness windows = opened()) {
            windows.add(1, at("10:00:00"), 3);
            windows.processWatermark(new Watermark(at("11:16:00")));
            windows.rows();
            windows.add(1, at("10:59:00"), 7);
            windows.processWatermark(new Watermark(at("11:16:01")));

            assertThat(windows.rows()).isEmpty();
            assertThat(windows.refused()).isEqualTo(7);
        }
    }

    @Test
    void anOpenMinuteGoesOnAfterARestoreAndStaysFinal() throws Exception {
        OperatorSubtaskState state;
        try (Harness windows = opened()) {
            windows.add(1, at("10:00:00"), 3);
            windows.processWatermark(new Watermark(at("10:01:00")));
            state = windows.snapshot(1, 1);
        }
        try (Harness windows = restored(state)) {
            windows.add(1, at("10:00:00"), 2);
            windows.setProcessingTime(5_000);

            assertThat(windows.rows()).containsExactly("1min 10:00 site 1: 5 whole final");
        }
    }

    @Test
    void allSubtasksKnowAfterARescaleWhatAnySubtaskClosed() throws Exception {
        OperatorSubtaskState first;
        OperatorSubtaskState second;
        try (Harness windows = new Harness(2, 0, SETTLE)) {
            windows.open();
            windows.processWatermark(new Watermark(at("10:17:00")));
            first = windows.snapshot(1, 1);
        }
        try (Harness windows = new Harness(2, 1, SETTLE)) {
            windows.open();
            int siteOfThisSubtask = siteOf(2, 1);
            windows.add(siteOfThisSubtask, at("10:00:00"), 1);
            windows.processWatermark(new Watermark(at("10:17:00")));
            second = windows.snapshot(1, 1);
        }
        OperatorSubtaskState all = AbstractStreamOperatorTestHarness.repackageState(first, second);
        for (int subtask = 0; subtask < 3; subtask++) {
            try (Harness windows = new Harness(3, subtask, SETTLE)) {
                windows.initializeState(
                        AbstractStreamOperatorTestHarness.repartitionOperatorState(
                                all, Harness.MAX_PARALLELISM, 2, 3, subtask));
                windows.open();
                windows.add(siteOf(3, subtask), at("10:00:00"), 7);

                assertThat(windows.refused()).isEqualTo(7);
            }
        }
    }

    @Test
    void bucketsThatBeganBeforeTheStartAreNeitherWholeNorEverFinal() throws Exception {
        try (Harness windows = new Harness(1, 0, SETTLE, at("10:30:00"))) {
            windows.open();
            windows.add(1, at("10:29:00"), 3);
            windows.add(1, at("10:30:00"), 4);
            windows.processWatermark(Watermark.MAX_WATERMARK);

            assertThat(windows.rows())
                    .containsExactlyInAnyOrder(
                            "1min 10:29 site 1: 3",
                            "1min 10:30 site 1: 4 whole final",
                            "1hour 10:00 site 1: 7",
                            "1day 00:00 site 1: 7");
        }
    }

    @Test
    void theMarkOfTheFirstStartHoldsAfterARestore() throws Exception {
        OperatorSubtaskState state;
        try (Harness windows = new Harness(1, 0, SETTLE, at("10:30:00"))) {
            windows.open();
            state = windows.snapshot(1, 1);
        }
        try (Harness windows = restored(state)) {
            windows.add(1, at("10:29:00"), 3);
            windows.processWatermark(new Watermark(at("10:30:00")));

            assertThat(windows.rows()).containsExactly("1min 10:29 site 1: 3");
        }
    }

    @Test
    void leavesNothingInTheEnd() throws Exception {
        try (Harness windows = opened()) {
            windows.add(1, at("10:00:00"), 3);
            windows.add(2, at("10:00:00"), 3);
            windows.processWatermark(new Watermark(at("23:59:59.999") + 1 + SETTLE.toMillis() - 1));
            assertThat(windows.numKeyedStateEntries()).isEqualTo(2);
            windows.processWatermark(new Watermark(at("23:59:59.999") + 1 + SETTLE.toMillis()));
            windows.setProcessingTime(300_000);

            assertThat(windows.numKeyedStateEntries()).isZero();
            assertThat(windows.numEventTimeTimers()).isZero();
            assertThat(windows.numProcessingTimeTimers()).isZero();
        }
    }

    @Test
    void aLongerSettleAfterARestoreLeavesNothingBehind() throws Exception {
        OperatorSubtaskState state;
        try (Harness windows = opened()) {
            windows.add(1, at("10:00:00"), 3);
            windows.processWatermark(new Watermark(at("10:01:00")));
            state = windows.snapshot(1, 1);
        }
        try (Harness windows = new Harness(1, 0, SETTLE.plusHours(1))) {
            windows.initializeState(state);
            windows.open();
            windows.processWatermark(new Watermark(at("10:17:00")));
            windows.add(1, at("10:00:00"), 1);
            assertThat(windows.refused()).isZero();
            windows.processWatermark(Watermark.MAX_WATERMARK);
            windows.setProcessingTime(300_000);

            assertThat(windows.numKeyedStateEntries()).isZero();
        }
    }

    /** The old timers come for minutes that have another end of their settle time now. */
    @Test
    void aShorterSettleAfterARestoreLeavesNothingBehind() throws Exception {
        OperatorSubtaskState state;
        try (Harness windows = opened()) {
            windows.add(1, at("10:00:00"), 3);
            windows.add(1, at("10:01:00"), 4);
            windows.processWatermark(new Watermark(at("10:01:00")));
            windows.add(1, at("10:00:00"), 1);
            state = windows.snapshot(1, 1);
        }
        try (Harness windows = new Harness(1, 0, SETTLE.minusMinutes(1))) {
            windows.initializeState(state);
            windows.open();
            windows.processWatermark(new Watermark(at("10:17:00")));
            assertThat(windows.rows())
                    .containsExactlyInAnyOrder(
                            "1min 10:00 site 1: 4 whole final", "1min 10:01 site 1: 4 whole final");
            windows.processWatermark(Watermark.MAX_WATERMARK);
            windows.setProcessingTime(300_000);

            assertThat(windows.numKeyedStateEntries()).isZero();
            assertThat(windows.numEventTimeTimers()).isZero();
        }
    }

    @Test
    void whatChangedBeforeARestoreIsEmittedWhenItsHourEnds() throws Exception {
        OperatorSubtaskState state;
        try (Harness windows = opened()) {
            windows.add(1, at("10:50:00"), 3);
            windows.processWatermark(new Watermark(at("10:51:00")));
            windows.rows();
            windows.add(1, at("10:50:00"), 2);
            state = windows.snapshot(1, 1);
        }
        try (Harness windows = restored(state)) {
            windows.processWatermark(new Watermark(at("11:00:00")));

            assertThat(windows.rows())
                    .containsExactlyInAnyOrder(
                            "1min 10:50 site 1: 5 whole final",
                            "1hour 10:00 site 1: 5 whole final");
        }
    }

    private static int siteOf(int parallelism, int subtask) {
        int site = 1;
        while (KeyGroupRangeAssignment.assignKeyToParallelOperator(
                        site, Harness.MAX_PARALLELISM, parallelism)
                != subtask) {
            site++;
        }
        return site;
    }

    private static Harness opened() throws Exception {
        Harness harness = new Harness(1, 0, SETTLE);
        harness.open();
        return harness;
    }

    private static Harness restored(OperatorSubtaskState state) throws Exception {
        Harness harness = new Harness(1, 0, SETTLE);
        harness.initializeState(state);
        harness.open();
        return harness;
    }

    private static final class Harness
            extends KeyedOneInputStreamOperatorTestHarness<Integer, TrafficPartial, TrafficRow> {

        private static final int MAX_PARALLELISM = 720;

        private final AggregateTraffic function;

        Harness(int parallelism, int subtask, Duration settle) throws Exception {
            this(parallelism, subtask, settle, Long.MIN_VALUE);
        }

        Harness(int parallelism, int subtask, Duration settle, long wholeFromMillis)
                throws Exception {
            this(new AggregateTraffic(INTERVALS, settle, wholeFromMillis), parallelism, subtask);
        }

        private Harness(AggregateTraffic function, int parallelism, int subtask) throws Exception {
            super(
                    new KeyedProcessOperator<>(function),
                    TrafficPartial::siteId,
                    Types.INT,
                    MAX_PARALLELISM,
                    parallelism,
                    subtask);
            this.function = function;
            setProcessingTime(1);
        }

        void add(int siteId, long minuteMillis, int requests) throws Exception {
            Traffic traffic = new Traffic();
            for (int i = 0; i < requests; i++) {
                traffic.add(request(siteId, minuteMillis));
            }
            processElement(
                    new StreamRecord<>(
                            new TrafficPartial(siteId, minuteMillis, traffic), minuteMillis));
        }

        /** A copy, which belongs to the minute where the first was counted. */
        void addDuplicate(int siteId, long eventTimeMillis, long countedMillis) throws Exception {
            Traffic traffic = new Traffic();
            traffic.add(request(siteId, eventTimeMillis).asDuplicateAt(countedMillis));
            processElement(
                    new StreamRecord<>(
                            new TrafficPartial(siteId, countedMillis, traffic), countedMillis));
        }

        long refused() {
            return function.refusedRequests();
        }

        /** How many rows of minutes came since the last call. */
        int minuteRows() {
            return (int) rows().stream().filter(row -> row.startsWith("1min")).count();
        }

        /** The rows since the last call. */
        List<String> rows() {
            List<String> rows = new ArrayList<>();
            for (TrafficRow row : extractOutputValues()) {
                rows.add(describe(row));
            }
            getOutput().clear();
            return rows;
        }

        private static String describe(TrafficRow row) {
            String time = Instant.ofEpochMilli(row.bucketMillis()).toString().substring(11, 16);
            return "%s %s site %d: %d%s%s"
                    .formatted(
                            row.grain().suffix(),
                            time,
                            row.siteId(),
                            row.requestCount(),
                            row.isWhole() ? " whole" : "",
                            row.isFinal() ? " final" : "");
        }
    }
}
