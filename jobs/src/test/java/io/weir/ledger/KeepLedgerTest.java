package io.weir.ledger;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.OneInputStreamOperatorTestHarness;
import org.junit.jupiter.api.Test;

class KeepLedgerTest {

    private static final Tally READ =
            new Tally("t", 0, 5, 14, 10, 0, 0, 0, 0, Map.of("not_json", 2L));
    private static final Tally DECIDED =
            new Tally("t", 0, Tally.NO_FIRST, Tally.NO_LAST, 0, 4, 1, 1, 2, Map.of());

    @Test
    void emitsWhatAllOperatorsSaidBeforeEachCheckpointOnce() throws Exception {
        try (Harness ledger = opened()) {
            ledger.add(DECIDED);
            ledger.add(READ);
            ledger.add(new Tally("t", 1, 0, 0, 1, 1, 0, 0, 0, Map.of()));
            assertThat(ledger.rows()).isEmpty();

            ledger.checkpoint();
            assertThat(ledger.rows())
                    .containsExactlyInAnyOrder(
                            new Tally("t", 0, 5, 14, 10, 4, 1, 1, 2, Map.of("not_json", 2L)),
                            new Tally("t", 1, 0, 0, 1, 1, 0, 0, 0, Map.of()));

            ledger.add(new Tally("t", 0, 15, 15, 1, 0, 0, -1, 1, Map.of("not_json", 1L)));
            ledger.checkpoint();
            assertThat(ledger.rows())
                    .containsExactly(
                            new Tally("t", 0, 5, 15, 11, 4, 1, 0, 3, Map.of("not_json", 3L)));
            ledger.checkpoint();
            assertThat(ledger.rows()).isEmpty();
        }
    }

    @Test
    void saysNothingOfAPartitionOfWhichNothingWasRead() throws Exception {
        try (Harness ledger = opened()) {
            ledger.add(DECIDED);
            ledger.checkpoint();

            assertThat(ledger.rows()).isEmpty();
        }
    }

    @Test
    void goesOnAfterARestoreFromTheCheckpoint() throws Exception {
        OperatorSubtaskState state;
        try (Harness ledger = opened()) {
            ledger.add(READ);
            state = ledger.checkpoint();
            ledger.add(READ);
        }
        try (Harness ledger = new Harness()) {
            ledger.initializeState(state);
            ledger.open();
            ledger.add(DECIDED);
            ledger.checkpoint();

            assertThat(ledger.rows())
                    .containsExactly(
                            new Tally("t", 0, 5, 14, 10, 4, 1, 1, 2, Map.of("not_json", 2L)));
        }
    }

    /** What is emitted after the end of the input would fail the sink. */
    @Test
    void emitsTheRestWhenItFinishesAndNothingAfterThat() throws Exception {
        try (Harness ledger = opened()) {
            ledger.add(READ);
            ledger.getOneInputOperator().finish();
            assertThat(ledger.rows()).containsExactly(READ);

            ledger.checkpoint();
            assertThat(ledger.rows()).isEmpty();
        }
    }

    private static Harness opened() throws Exception {
        Harness harness = new Harness();
        harness.open();
        return harness;
    }

    private static final class Harness extends OneInputStreamOperatorTestHarness<Tally, Tally> {

        private long checkpoint;

        Harness() throws Exception {
            super(new KeepLedger());
        }

        void add(Tally tally) throws Exception {
            processElement(new StreamRecord<>(tally));
        }

        OperatorSubtaskState checkpoint() throws Exception {
            getOneInputOperator().prepareSnapshotPreBarrier(++checkpoint);
            return snapshot(checkpoint, checkpoint);
        }

        /** Since the last call. */
        List<Tally> rows() {
            List<Tally> rows = List.copyOf(extractOutputValues());
            getOutput().clear();
            return rows;
        }
    }
}
