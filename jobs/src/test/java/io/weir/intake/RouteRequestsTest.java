package io.weir.intake;

import static io.weir.Samples.TOPIC;
import static io.weir.Samples.at;
import static io.weir.Samples.rejected;
import static io.weir.Samples.valid;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.ledger.Tallies;
import io.weir.ledger.Tally;
import io.weir.request.DecodedRecord;
import io.weir.request.HttpRequest;
import io.weir.request.ReadRecord;
import io.weir.request.ReadRecords;
import io.weir.view.Views;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;
import org.junit.jupiter.api.Test;

class RouteRequestsTest {

    private static final Lateness LATENESS =
            Lateness.of(Duration.ofSeconds(10), Duration.ofMinutes(10), true);
    private static final Duration SETTLE = Duration.ofMinutes(16);

    @Test
    void sendsARequestOfAMinuteThatStillTakesRequestsOn() throws Exception {
        try (OneInputStreamOperatorTestHarness<ReadRecord, HttpRequest> route = opened()) {
            process(route, valid(0, at("10:11:09.999")));
            process(route, valid(0, at("10:00:00")));

            assertThat(eventTimes(route)).containsExactly(at("10:11:09.999"), at("10:00:00"));
            assertThat(side(route, RouteRequests.LATE)).isEmpty();
        }
    }

    @Test
    void parksALateRequestWholeAndLetsItCountIntoNothing() throws Exception {
        try (OneInputStreamOperatorTestHarness<ReadRecord, HttpRequest> route = opened()) {
            DecodedRecord late = valid(0, at("10:00:59.999"));
            process(route, valid(0, at("10:11:10")));
            process(route, late);

            assertThat(eventTimes(route)).containsExactly(at("10:11:10"));
            assertThat(side(route, RouteRequests.LATE))
                    .usingRecursiveFieldByFieldElementComparator()
                    .containsExactly(late);
        }
    }

    @Test
    void countsARequestsOwnArrivalIntoTheClockBeforeJudgingIt() throws Exception {
        try (OneInputStreamOperatorTestHarness<ReadRecord, HttpRequest> route = opened()) {
            DecodedRecord heldUp = valid(0, at("10:00:30"), at("10:11:10"));
            process(route, heldUp);

            assertThat(side(route, RouteRequests.LATE))
                    .usingRecursiveFieldByFieldElementComparator()
                    .containsExactly(heldUp);
        }
    }

    @Test
    void aLateRequestStillMovesItsPartitionsClock() throws Exception {
        try (OneInputStreamOperatorTestHarness<ReadRecord, HttpRequest> route = opened()) {
            process(route, valid(0, at("08:00:00"), at("10:11:10")));
            DecodedRecord next = valid(0, at("10:00:30"));
            process(route, next);

            assertThat(side(route, RouteRequests.LATE))
                    .usingRecursiveFieldByFieldElementComparator()
                    .hasSize(2)
                    .contains(next);
        }
    }

    @Test
    void aRejectedRecordMovesNoClock() throws Exception {
        try (OneInputStreamOperatorTestHarness<ReadRecord, HttpRequest> route = opened()) {
            DecodedRecord garbage = rejected(0, at("23:00:00"));
            process(route, garbage);
            process(route, valid(0, at("10:00:00")));

            assertThat(side(route, RouteRequests.REJECTED))
                    .usingRecursiveFieldByFieldElementComparator()
                    .containsExactly(garbage);
            assertThat(eventTimes(route)).containsExactly(at("10:00:00"));
        }
    }

    @Test
    void partitionsDoNotJudgeEachOther() throws Exception {
        try (OneInputStreamOperatorTestHarness<ReadRecord, HttpRequest> route = opened()) {
            process(route, valid(0, at("23:00:00")));
            process(route, valid(1, at("10:00:00")));

            assertThat(eventTimes(route)).containsExactly(at("23:00:00"), at("10:00:00"));
        }
    }

    @Test
    void anySubtaskKnowsThePartitionsClockAfterARescale() throws Exception {
        OperatorSubtaskState first;
        OperatorSubtaskState second;
        try (OneInputStreamOperatorTestHarness<ReadRecord, HttpRequest> route = opened()) {
            process(route, valid(0, at("23:00:00")));
            first = route.snapshot(1, 1);
        }
        try (OneInputStreamOperatorTestHarness<ReadRecord, HttpRequest> route = opened()) {
            process(route, valid(0, at("09:00:00")));
            process(route, valid(1, at("09:00:00")));
            second = route.snapshot(1, 1);
        }

        OperatorSubtaskState all = AbstractStreamOperatorTestHarness.repackageState(first, second);
        for (int subtask = 0; subtask < 3; subtask++) {
            try (OneInputStreamOperatorTestHarness<ReadRecord, HttpRequest> route =
                    harness(3, subtask)) {
                route.initializeState(
                        AbstractStreamOperatorTestHarness.repartitionOperatorState(
                                all, 720, 2, 3, subtask));
                route.open();
                process(route, valid(0, at("22:00:00")));
                process(route, valid(1, at("09:00:00")));

                assertThat(side(route, RouteRequests.LATE)).hasSize(1);
                assertThat(eventTimes(route)).containsExactly(at("09:00:00"));
            }
        }
    }

    @Test
    void aMinuteOnceClosedStaysClosedWhenTheAllowedLatenessIsRaised() throws Exception {
        OperatorSubtaskState savepoint;
        try (OneInputStreamOperatorTestHarness<ReadRecord, HttpRequest> route = opened()) {
            process(route, valid(0, at("10:11:10")));
            savepoint = route.snapshot(1, 1);
        }
        Lateness raised = Lateness.of(Duration.ofSeconds(10), Duration.ofMinutes(30), true);
        try (OneInputStreamOperatorTestHarness<ReadRecord, HttpRequest> route =
                harness(raised, 1, 0)) {
            route.initializeState(savepoint);
            route.open();
            DecodedRecord closed = valid(0, at("10:00:59.999"));
            process(route, closed);
            process(route, valid(0, at("10:01:00")));
            process(route, valid(0, at("10:31:10")));
            process(route, valid(0, at("10:01:30")));

            assertThat(side(route, RouteRequests.LATE))
                    .usingRecursiveFieldByFieldElementComparator()
                    .containsExactly(closed);
            assertThat(eventTimes(route))
                    .containsExactly(at("10:01:00"), at("10:31:10"), at("10:01:30"));
        }
    }

    @Test
    void parksWhatTheWindowsHaveClosedThoughThePartitionWouldTakeIt() throws Exception {
        OperatorSubtaskState savepoint;
        try (OneInputStreamOperatorTestHarness<ReadRecord, HttpRequest> route = opened()) {
            process(route, valid(0, at("10:17:10")));
            route.processWatermark(new Watermark(at("10:17:00")));
            DecodedRecord closed = valid(1, at("10:00:59.999"));
            process(route, closed);
            process(route, valid(1, at("10:01:00")));
            savepoint = route.snapshot(1, 1);
            route.notifyOfCompletedCheckpoint(1);
            route.getOneInputOperator().prepareSnapshotPreBarrier(2);

            assertThat(side(route, RouteRequests.LATE))
                    .usingRecursiveFieldByFieldElementComparator()
                    .containsExactly(closed);
            assertThat(eventTimes(route)).containsExactly(at("10:17:10"), at("10:01:00"));
        }
        try (OneInputStreamOperatorTestHarness<ReadRecord, HttpRequest> route = harness(1, 0)) {
            route.initializeState(savepoint);
            route.open();
            process(route, valid(2, at("10:00:30")));
            process(route, valid(2, at("10:01:00")));
            route.getOneInputOperator().finish();

            assertThat(side(route, RouteRequests.LATE)).hasSize(2);
            assertThat(eventTimes(route)).containsExactly(at("10:01:00"));
        }
    }

    /** The job fails, reads the records again, and the other partition waits for the request. */
    @Test
    void aRequestThatTheWindowsHaveClosedIsNotParkedBeforeACheckpointHoldsThat() throws Exception {
        OperatorSubtaskState before;
        OperatorSubtaskState after;
        DecodedRecord closed = valid(1, at("10:00:59.999"));
        try (OneInputStreamOperatorTestHarness<ReadRecord, HttpRequest> route = opened()) {
            before = route.snapshot(1, 1);
            route.notifyOfCompletedCheckpoint(1);
            route.processWatermark(new Watermark(at("10:17:00")));
            process(route, closed);
            route.getOneInputOperator().prepareSnapshotPreBarrier(2);
            after = route.snapshot(2, 2);
            route.getOneInputOperator().prepareSnapshotPreBarrier(3);

            assertThat(side(route, RouteRequests.LATE)).isEmpty();
            assertThat(tallies(route))
                    .containsExactly(new Tally(TOPIC, 1, 0, 0, 1, 0, 0, 1, 0, Map.of()));
        }
        try (OneInputStreamOperatorTestHarness<ReadRecord, HttpRequest> route = harness(1, 0)) {
            route.initializeState(before);
            route.open();
            process(route, closed);
            route.getOneInputOperator().finish();

            assertThat(eventTimes(route)).containsExactly(at("10:00:59.999"));
            assertThat(side(route, RouteRequests.LATE)).isEmpty();
        }
        try (OneInputStreamOperatorTestHarness<ReadRecord, HttpRequest> route = harness(1, 0)) {
            route.initializeState(after);
            route.open();
            route.getOneInputOperator().prepareSnapshotPreBarrier(3);

            assertThat(side(route, RouteRequests.LATE))
                    .usingRecursiveFieldByFieldElementComparator()
                    .containsExactly(closed);
            assertThat(tallies(route))
                    .containsExactly(
                            new Tally(
                                    TOPIC,
                                    1,
                                    Tally.NO_FIRST,
                                    Tally.NO_LAST,
                                    0,
                                    0,
                                    0,
                                    -1,
                                    0,
                                    Map.of()));
        }
    }

    /** The windows' watermark is the least of all subtasks'. */
    @Test
    void theLeastWatermarkOfAllSubtasksHoldsAfterARestore() throws Exception {
        OperatorSubtaskState first;
        OperatorSubtaskState second;
        try (OneInputStreamOperatorTestHarness<ReadRecord, HttpRequest> route = opened()) {
            route.processWatermark(new Watermark(at("12:00:00")));
            first = route.snapshot(1, 1);
        }
        try (OneInputStreamOperatorTestHarness<ReadRecord, HttpRequest> route = opened()) {
            route.processWatermark(new Watermark(at("10:17:00")));
            second = route.snapshot(1, 1);
        }
        OperatorSubtaskState all = AbstractStreamOperatorTestHarness.repackageState(first, second);
        try (OneInputStreamOperatorTestHarness<ReadRecord, HttpRequest> route = harness(1, 0)) {
            route.initializeState(
                    AbstractStreamOperatorTestHarness.repartitionOperatorState(all, 720, 2, 1, 0));
            route.open();
            process(route, valid(0, at("10:00:30")));
            process(route, valid(0, at("10:01:00")));
            route.getOneInputOperator().finish();

            assertThat(side(route, RouteRequests.LATE)).hasSize(1);
            assertThat(eventTimes(route)).containsExactly(at("10:01:00"));
        }
    }

    /** Then whoever looks for duplicates says whether requests are counted or late. */
    @Test
    void saysOnlyWhatItDecidesItself() throws Exception {
        try (OneInputStreamOperatorTestHarness<ReadRecord, HttpRequest> route = opened()) {
            process(route, valid(0, at("10:30:00")));
            process(route, valid(0, at("10:00:00")));
            process(route, rejected(0, at("10:30:00")));
            route.getOneInputOperator().finish();

            assertThat(tallies(route))
                    .containsExactly(
                            new Tally(TOPIC, 0, 0, 0, 3, 0, 0, 0, 0, Map.of("not_json", 1L)));
        }
    }

    private static List<Tally> tallies(
            OneInputStreamOperatorTestHarness<ReadRecord, HttpRequest> route) {
        return route.getSideOutput(Tallies.TAG).stream().map(StreamRecord::getValue).toList();
    }

    /** A stop that drains ends in the last watermark; it closes no minute for good. */
    @Test
    void theLastWatermarkClosesNothing() throws Exception {
        try (OneInputStreamOperatorTestHarness<ReadRecord, HttpRequest> route = opened()) {
            route.processWatermark(Watermark.MAX_WATERMARK);
            process(route, valid(0, at("10:00:30")));

            assertThat(eventTimes(route)).containsExactly(at("10:00:30"));
        }
    }

    private static OneInputStreamOperatorTestHarness<ReadRecord, HttpRequest> opened()
            throws Exception {
        OneInputStreamOperatorTestHarness<ReadRecord, HttpRequest> harness = harness(1, 0);
        harness.open();
        return harness;
    }

    private static OneInputStreamOperatorTestHarness<ReadRecord, HttpRequest> harness(
            int parallelism, int subtask) throws Exception {
        return harness(LATENESS, parallelism, subtask);
    }

    private static OneInputStreamOperatorTestHarness<ReadRecord, HttpRequest> harness(
            Lateness lateness, int parallelism, int subtask) throws Exception {
        return new OneInputStreamOperatorTestHarness<>(
                new RouteToDeduplicate(lateness, SETTLE, TOPIC, Views.none()),
                720,
                parallelism,
                subtask);
    }

    private static void process(
            OneInputStreamOperatorTestHarness<ReadRecord, HttpRequest> harness,
            DecodedRecord record)
            throws Exception {
        harness.processElement(new StreamRecord<>(ReadRecords.of(record)));
    }

    private static List<Long> eventTimes(
            OneInputStreamOperatorTestHarness<ReadRecord, HttpRequest> harness) {
        return harness.extractOutputValues().stream().map(HttpRequest::eventTimeMillis).toList();
    }

    private static List<DecodedRecord> side(
            OneInputStreamOperatorTestHarness<ReadRecord, HttpRequest> harness,
            OutputTag<DecodedRecord> tag) {
        Queue<StreamRecord<DecodedRecord>> output = harness.getSideOutput(tag);
        return output == null ? List.of() : output.stream().map(StreamRecord::getValue).toList();
    }
}
