package io.weir.deduplicate;

import static io.weir.Samples.at;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.ledger.Tallies;
import io.weir.ledger.Tally;
import io.weir.request.DecodedRecord;
import io.weir.request.HttpRequest;
import io.weir.request.KafkaRecord;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.runtime.checkpoint.CheckpointOptions;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.runtime.state.memory.MemCheckpointStreamFactory;
import org.apache.flink.streaming.api.operators.OperatorSnapshotFinalizer;
import org.apache.flink.streaming.api.operators.OperatorSnapshotFutures;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;
import org.apache.flink.streaming.util.KeyedTwoInputStreamOperatorTestHarness;
import org.apache.flink.util.OutputTag;
import org.junit.jupiter.api.Test;

class DeduplicateRequestsTest {

    private static final OutputTag<DecodedRecord> LATE =
            new OutputTag<>("late", TypeInformation.of(DecodedRecord.class));
    private static final int MAX_PARALLELISM = 720;
    private static final IdGroups GROUPS = new IdGroups(MAX_PARALLELISM);
    private static final Duration SETTLE = Duration.ofMinutes(16);
    private static final Duration KEEP = Duration.ofMinutes(60);
    private static final Duration MAX_AHEAD = Duration.ofMinutes(5);

    /** What one of the copies here takes, which are empty records. */
    private static final long HELD_BYTES = 512;

    @Test
    void countsTheFirstCopyOnTime() throws Exception {
        try (Harness requests = opened()) {
            requests.onTime(1, "10:00:00");
            requests.onTime(2, "10:00:00");
            requests.onTime(1, "10:00:00");

            assertThat(requests.out()).containsExactly("1 10:00", "2 10:00", "1 10:00 duplicate");
        }
    }

    @Test
    void aCopyInTheMinuteBesideIsADuplicateWhereTheFirstWasCounted() throws Exception {
        try (Harness requests = opened()) {
            requests.onTime(1, "10:00:59.999");
            requests.onTime(1, "10:01:00");
            requests.onTime(2, "10:01:00");
            requests.onTime(2, "10:00:59.999");
            requests.onTime(3, "10:00:59.999");
            requests.onTime(3, "10:02:00");

            assertThat(requests.out())
                    .containsExactly(
                            "1 10:00",
                            "1 10:00 duplicate",
                            "2 10:01",
                            "2 10:01 duplicate",
                            "3 10:00",
                            "3 10:02");
        }
    }

    @Test
    void requestsWithoutIdentityPass() throws Exception {
        try (Harness requests = opened()) {
            requests.onTime(0, "10:00:00");
            requests.onTime(0, "10:00:00");
            requests.late(0, "10:00:00", "10:00:00");

            assertThat(requests.out()).containsExactly("0 10:00", "0 10:00");
            assertThat(requests.late()).containsExactly("0 10:00");
        }
    }

    @Test
    void aLateCopyIsADuplicateOfOneThatWasOnTimeBefore() throws Exception {
        try (Harness requests = opened()) {
            requests.onTime(1, "10:00:00");
            requests.late(1, "10:00:00", "10:12:00");
            requests.processBothWatermarks(new Watermark(at("10:30:00")));

            assertThat(requests.out()).containsExactly("1 10:00");
            assertThat(requests.late()).isEmpty();
        }
    }

    @Test
    void aLateCopyIsHeldAndIsADuplicateOfOneThatIsOnTimeAfterIt() throws Exception {
        try (Harness requests = opened()) {
            requests.late(1, "10:00:00", "10:12:00");
            requests.processBothWatermarks(new Watermark(at("10:16:59.999")));
            requests.onTime(1, "10:01:30");
            requests.processBothWatermarks(new Watermark(at("10:18:00")));

            assertThat(requests.out()).containsExactly("1 10:01");
            assertThat(requests.late()).isEmpty();
        }
    }

    @Test
    void lateCopiesWithoutOneOnTimeAreAllLate() throws Exception {
        try (Harness requests = opened()) {
            requests.late(1, "10:00:00", "10:12:00");
            requests.late(1, "10:00:00", "10:13:00");
            requests.processBothWatermarks(new Watermark(at("10:17:59.999")));
            assertThat(requests.late()).isEmpty();
            requests.processBothWatermarks(new Watermark(at("10:18:00")));
            requests.late(1, "10:00:00", "10:19:00");

            assertThat(requests.late()).containsExactly("1 10:00", "1 10:00", "1 10:00");
        }
    }

    @Test
    void aCopyThatCameAfterKeepIsTakenForAnOriginal() throws Exception {
        try (Harness requests = opened()) {
            requests.onTime(1, "10:00:00");
            requests.processBothWatermarks(new Watermark(at("11:00:00")));
            requests.late(1, "10:00:00", "11:00:59.999");
            assertThat(requests.late()).isEmpty();
            requests.late(1, "10:00:00", "11:01:00");

            assertThat(requests.late()).containsExactly("1 10:00");
        }
    }

    @Test
    void countedAndHeldRequestsAreKnownAfterARestore() throws Exception {
        OperatorSubtaskState state;
        try (Harness requests = opened()) {
            requests.onTime(1, "10:00:00");
            requests.late(2, "10:00:00", "10:12:00");
            requests.late(3, "10:00:00", "10:12:00");
            state = requests.snapshot();
        }
        try (Harness requests = new Harness(1, 0, SETTLE, KEEP)) {
            requests.initializeState(state);
            requests.open();
            requests.onTime(1, "10:00:00");
            requests.onTime(2, "10:00:00");
            requests.processBothWatermarks(new Watermark(at("10:18:00")));

            assertThat(requests.out()).containsExactly("1 10:00 duplicate", "2 10:00");
            assertThat(requests.late()).containsExactly("3 10:00");
        }
    }

    /** A snapshot is written while the operator goes on with the same sets. */
    @Test
    void whatComesWhileASnapshotIsWrittenIsNotInIt() throws Exception {
        OperatorSubtaskState state;
        try (Harness requests = opened()) {
            for (int id = 1; id <= 1_000; id++) {
                requests.onTime(id, "10:00:00");
            }
            OperatorSnapshotFutures writing = requests.beginSnapshot();
            for (int id = 1_001; id <= 2_000; id++) {
                requests.onTime(id, "10:00:00");
            }
            state = OperatorSnapshotFinalizer.create(writing).getJobManagerOwnedState();
        }
        try (Harness requests = new Harness(1, 0, SETTLE, KEEP)) {
            requests.initializeState(state);
            requests.open();
            for (int id = 1; id <= 2_000; id++) {
                requests.onTime(id, "10:00:00");
            }

            assertThat(requests.out().stream().filter(out -> out.endsWith("duplicate")))
                    .hasSize(1_000);
        }
    }

    @Test
    void eachSubtaskKnowsItsShareAfterARescale() throws Exception {
        OperatorSubtaskState state;
        try (Harness requests = opened()) {
            for (int id = 1; id <= 1_000; id++) {
                requests.onTime(id, "10:00:00");
            }
            state = requests.snapshot();
        }
        List<Integer> shares = new ArrayList<>();
        for (int subtask = 0; subtask < 3; subtask++) {
            try (Harness requests = new Harness(3, subtask, SETTLE, KEEP)) {
                requests.initializeState(
                        AbstractStreamOperatorTestHarness.repartitionOperatorState(
                                state, MAX_PARALLELISM, 1, 3, subtask));
                requests.open();
                for (int id = 1; id <= 1_000; id++) {
                    if (Harness.subtaskOf(id, 3) == subtask) {
                        requests.onTime(id, "10:00:00");
                    }
                }
                List<String> out = requests.out();
                shares.add(out.size());
                assertThat(out).allMatch(each -> each.endsWith("duplicate"));
            }
        }
        assertThat(shares).allMatch(share -> share > 280 && share < 390);
    }

    @Test
    void saysWhatBecameOfEveryRequestBeforeACheckpoint() throws Exception {
        try (Harness requests = opened()) {
            requests.onTime(1, "10:00:00");
            requests.onTime(1, "10:00:00");
            requests.onTime(2, "10:00:00");
            requests.late(1, "10:00:00", "10:12:00");
            requests.late(2, "10:00:00", "11:30:00");
            requests.late(3, "10:00:00", "10:12:00");
            requests.late(4, "10:00:00", "10:12:00");
            assertThat(requests.tallies()).isEmpty();
            requests.snapshot();
            assertThat(requests.tallies())
                    .containsExactly("counted 2, duplicate 2, held 2, late 1");

            requests.onTime(3, "10:00:00");
            requests.processBothWatermarks(new Watermark(at("10:18:00")));
            requests.getOperator().finish();
            assertThat(requests.tallies())
                    .containsExactly("counted 1, duplicate 1, held -2, late 1");
            requests.snapshot();
            assertThat(requests.tallies()).isEmpty();
        }
    }

    @Test
    void leavesNothingWhenItsTimeIsOver() throws Exception {
        try (Harness requests = opened()) {
            for (int id = 1; id <= 100; id++) {
                requests.onTime(id, "10:00:00");
                requests.late(-id, "10:00:00", "10:12:00");
            }
            requests.snapshot();
            requests.onTime(101, "10:00:00");
            requests.processBothWatermarks(new Watermark(at("11:07:59.999")));
            assertThat(requests.numKeyedStateEntries()).isPositive();
            requests.processBothWatermarks(new Watermark(at("11:08:00")));
            requests.snapshot();
            requests.processBothWatermarks(new Watermark(at("11:08:00.001")));

            assertThat(requests.numKeyedStateEntries()).isZero();
            assertThat(requests.numEventTimeTimers()).isZero();
        }
    }

    @Test
    void longerTimesAfterARestoreHold() throws Exception {
        OperatorSubtaskState state;
        try (Harness requests = opened()) {
            requests.onTime(1, "10:00:00");
            requests.late(2, "10:00:00", "10:12:00");
            state = requests.snapshot();
        }
        try (Harness requests = new Harness(1, 0, SETTLE.plusMinutes(10), KEEP.plusMinutes(10))) {
            requests.initializeState(state);
            requests.open();
            requests.processBothWatermarks(new Watermark(at("10:27:59.999")));
            assertThat(requests.late()).isEmpty();
            requests.processBothWatermarks(new Watermark(at("10:28:00")));
            assertThat(requests.late()).containsExactly("2 10:00");
            requests.processBothWatermarks(new Watermark(at("11:10:00")));
            requests.late(1, "10:00:00", "11:10:59");
            requests.processBothWatermarks(Watermark.MAX_WATERMARK);

            assertThat(requests.late()).isEmpty();
            assertThat(requests.numKeyedStateEntries()).isZero();
        }
    }

    /**
     * Copies on time and late in two partitions, in the order of each partition and any between
     * them, with snapshots and restores: an id is counted once exactly if a copy is on time, and
     * its late copies are late exactly if none is.
     */
    @Test
    void theOrderBetweenPartitionsDoesNotMatter() throws Exception {
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            List<List<Copy>> partitions = List.of(new ArrayList<>(), new ArrayList<>());
            for (int i = 0; i < 60; i++) {
                partitions
                        .get(random.nextInt(2))
                        .add(new Copy(1 + random.nextInt(25), random.nextInt(3) == 0));
            }
            List<Integer> counted = new ArrayList<>();
            List<Integer> late = new ArrayList<>();
            List<Copy> all = new ArrayList<>(partitions.get(0));
            all.addAll(partitions.get(1));
            for (int id = 1; id <= 25; id++) {
                int each = id;
                if (all.contains(new Copy(id, false))) {
                    counted.add(id);
                } else {
                    all.stream().filter(copy -> copy.id() == each).forEach(c -> late.add(each));
                }
            }

            Harness requests = opened();
            int[] next = {0, 0};
            List<String> out = new ArrayList<>();
            List<String> lateOut = new ArrayList<>();
            while (next[0] < partitions.get(0).size() || next[1] < partitions.get(1).size()) {
                int from = random.nextInt(2);
                if (next[from] < partitions.get(from).size()) {
                    requests.take(partitions.get(from).get(next[from]++));
                }
                if (random.nextInt(20) == 0) {
                    OperatorSubtaskState state = requests.snapshot();
                    out.addAll(requests.out());
                    lateOut.addAll(requests.late());
                    requests.close();
                    requests = new Harness(1, 0, SETTLE, KEEP);
                    requests.initializeState(state);
                    requests.open();
                }
            }
            requests.processBothWatermarks(new Watermark(at("10:18:00")));
            out.addAll(requests.out());
            lateOut.addAll(requests.late());
            requests.close();

            assertThat(out.stream().filter(each -> !each.endsWith("duplicate")))
                    .as("seed %d", seed)
                    .containsExactlyInAnyOrderElementsOf(
                            counted.stream().map(id -> id + " 10:00").toList());
            assertThat(lateOut)
                    .as("seed %d", seed)
                    .containsExactlyInAnyOrderElementsOf(
                            late.stream().map(id -> id + " 10:00").toList());
        }
    }

    /** Whoever sends late requests of minutes that never close, say of the year 2199. */
    @Test
    void lateCopiesThatAreTooManyAreSettledFromTheOldestMinuteOn() throws Exception {
        long room = 10 * HELD_BYTES;
        try (Harness requests = opened(room)) {
            requests.late(1, "10:01:00", "10:12:00");
            requests.onTime(1, "10:00:00");
            requests.late(2, "10:00:00", "10:12:00");
            for (int id = 101; id <= 108; id++) {
                requests.late(id, "10:05:00", "10:17:00");
            }
            assertThat(requests.late()).isEmpty();

            requests.late(109, "10:05:00", "10:17:00");
            requests.late(110, "10:05:00", "10:17:00");
            assertThat(requests.late()).containsExactly("2 10:00");
            for (int id = 111; id <= 1_000; id++) {
                requests.late(id, "10:05:00", "10:17:00");
            }

            List<String> early = requests.late();
            assertThat(early).hasSize(890);
            requests.processBothWatermarks(new Watermark(at("10:23:00")));
            assertThat(requests.late()).hasSize(10).doesNotContainAnyElementsOf(early);
            requests.getOperator().finish();
            assertThat(requests.tallies())
                    .containsExactly("counted 1, duplicate 1, held 0, late 901");
            assertThat(requests.settledEarly()).isEqualTo(892);
        }
    }

    @Test
    void whatIsHeldIsBoundedAfterARestore() throws Exception {
        OperatorSubtaskState state;
        try (Harness requests = opened()) {
            for (int id = 1; id <= 20; id++) {
                requests.late(id, id <= 5 ? "10:00:00" : "10:01:00", "10:12:00");
            }
            state = requests.snapshot();
        }
        try (Harness requests = new Harness(1, 0, SETTLE, KEEP, 16 * HELD_BYTES)) {
            requests.initializeState(state);
            requests.open();
            requests.late(21, "10:01:00", "10:12:00");

            assertThat(requests.late())
                    .containsExactlyInAnyOrder(
                            "1 10:00", "2 10:00", "3 10:00", "4 10:00", "5 10:00");
            requests.processBothWatermarks(new Watermark(at("10:19:00")));
            assertThat(requests.late()).hasSize(16);
            assertThat(requests.settledEarly()).isEqualTo(5);
        }
    }

    private record Copy(int id, boolean isLate) {}

    private static Harness opened(long maxHeldBytes) throws Exception {
        Harness harness = new Harness(1, 0, SETTLE, KEEP, maxHeldBytes);
        harness.open();
        return harness;
    }

    private static Harness opened() throws Exception {
        Harness harness = new Harness(1, 0, SETTLE, KEEP);
        harness.open();
        return harness;
    }

    private static final class Harness
            extends KeyedTwoInputStreamOperatorTestHarness<
                    Integer, HttpRequest, DecodedRecord, HttpRequest> {

        private long checkpoint;

        Harness(int parallelism, int subtask, Duration settle, Duration keep) throws Exception {
            this(parallelism, subtask, settle, keep, Long.MAX_VALUE);
        }

        Harness(int parallelism, int subtask, Duration settle, Duration keep, long maxHeldBytes)
                throws Exception {
            super(
                    new DeduplicateRequests(
                            "t", LATE, GROUPS, settle, keep, MAX_AHEAD, maxHeldBytes),
                    GROUPS,
                    late -> GROUPS.getKey(late.requireRequest()),
                    Types.INT,
                    MAX_PARALLELISM,
                    parallelism,
                    subtask);
        }

        static int subtaskOf(int id, int parallelism) {
            return KeyGroupRangeAssignment.assignKeyToParallelOperator(
                    GROUPS.getKey(request(id, at("10:00:00"))), MAX_PARALLELISM, parallelism);
        }

        void take(Copy copy) throws Exception {
            if (copy.isLate()) {
                late(copy.id(), "10:00:00", "10:12:00");
            } else {
                onTime(copy.id(), "10:00:00");
            }
        }

        void onTime(int id, String time) throws Exception {
            processElement1(new StreamRecord<>(request(id, at(time)), at(time)));
        }

        void late(int id, String time, String arrival) throws Exception {
            KafkaRecord record =
                    new KafkaRecord("t", 3, 0, at(arrival), null, new byte[0], List.of());
            processElement2(
                    new StreamRecord<>(
                            new DecodedRecord(record, request(id, at(time)), null), at(time)));
        }

        /** Up to where a task goes on; the rest is written when the futures are run. */
        OperatorSnapshotFutures beginSnapshot() throws Exception {
            getOperator().prepareSnapshotPreBarrier(++checkpoint);
            return getOperator()
                    .snapshotState(
                            checkpoint,
                            checkpoint,
                            CheckpointOptions.forCheckpointWithDefaultLocation(),
                            new MemCheckpointStreamFactory(1 << 20));
        }

        OperatorSubtaskState snapshot() throws Exception {
            getOperator().prepareSnapshotPreBarrier(++checkpoint);
            return snapshot(checkpoint, checkpoint);
        }

        /** What went on since the last call. */
        List<String> out() {
            List<String> out =
                    extractOutputValues().stream()
                            .map(
                                    request ->
                                            describe(request)
                                                    + (request.isDuplicate() ? " duplicate" : ""))
                            .toList();
            getOutput().clear();
            return out;
        }

        /** What was said since the last call, all of it of the one partition. */
        List<String> tallies() {
            Queue<StreamRecord<Tally>> tallies = getSideOutput(Tallies.TAG);
            if (tallies == null) {
                return List.of();
            }
            List<String> described =
                    tallies.stream()
                            .map(StreamRecord::getValue)
                            .map(
                                    tally ->
                                            "counted %d, duplicate %d, held %d, late %d"
                                                    .formatted(
                                                            tally.counted(),
                                                            tally.duplicate(),
                                                            tally.held(),
                                                            tally.late()))
                            .toList();
            tallies.clear();
            return described;
        }

        long settledEarly() {
            return ((DeduplicateRequests) getOperator()).settledEarly();
        }

        /** What was late since the last call. */
        List<String> late() {
            Queue<StreamRecord<DecodedRecord>> late = getSideOutput(LATE);
            if (late == null) {
                return List.of();
            }
            List<String> described =
                    late.stream().map(each -> describe(each.getValue().requireRequest())).toList();
            late.clear();
            return described;
        }

        /** The id as a number of the status' size, spread as a hash would be. */
        private static HttpRequest request(int id, long eventTimeMillis) {
            long hash = id * 0x9e3779b97f4a7c15L;
            return new HttpRequest(
                    1, eventTimeMillis, 200, null, id + 1_000, 0, "BR", 3, hash, hash, false);
        }

        private static String describe(HttpRequest request) {
            return request.responseTimeMicros()
                    - 1_000
                    + " "
                    + Objects.requireNonNull(
                            Instant.ofEpochMilli(request.eventTimeMillis())
                                    .toString()
                                    .substring(11, 16));
        }
    }
}
