package io.weir.intake;

import static io.weir.Samples.at;
import static io.weir.Samples.valid;
import static org.assertj.core.api.Assertions.assertThat;

import io.weir.request.DecodedRecord;
import java.util.List;
import org.junit.jupiter.api.Test;

class AwaitingCheckpointTest {

    private static final DecodedRecord FIRST = valid(0, at("10:00:01"));
    private static final DecodedRecord SECOND = valid(0, at("10:00:02"));
    private static final DecodedRecord THIRD = valid(0, at("10:00:03"));

    private final AwaitingCheckpoint awaiting = new AwaitingCheckpoint(Long.MAX_VALUE);

    @Test
    void aRecordIsHeldUntilACheckpointThatHoldsItHasCompleted() {
        awaiting.add(FIRST);
        assertThat(awaiting.snapshot(7)).containsExactly(FIRST);
        awaiting.add(SECOND);
        assertThat(awaiting.snapshot(8)).containsExactly(FIRST, SECOND);
        awaiting.add(THIRD);
        assertThat(awaiting.take()).isEmpty();

        awaiting.completed(7);
        assertThat(awaiting.take()).containsExactly(FIRST);
        awaiting.completed(8);
        assertThat(awaiting.take()).containsExactly(SECOND);
        assertThat(awaiting.take()).isEmpty();
    }

    @Test
    void aCheckpointThatDidNotCompleteIsMadeUpForByTheNext() {
        awaiting.add(FIRST);
        awaiting.snapshot(7);
        awaiting.add(SECOND);
        awaiting.snapshot(8);
        awaiting.completed(8);

        assertThat(awaiting.take()).containsExactly(FIRST, SECOND);
        awaiting.completed(7);
        awaiting.add(THIRD);
        assertThat(awaiting.take()).isEmpty();
        assertThat(awaiting.takeAll()).containsExactly(THIRD);
    }

    @Test
    void whatWasRestoredIsInACheckpoint() {
        awaiting.restore(List.of(FIRST));
        awaiting.add(SECOND);

        assertThat(awaiting.take()).containsExactly(FIRST);
        assertThat(awaiting.snapshot(1)).containsExactly(SECOND);
    }

    @Test
    void theOldestAreNotWaitedForWhenThereIsNoRoom() {
        AwaitingCheckpoint small = new AwaitingCheckpoint(2 * FIRST.record().memoryBytes() + 1);
        small.add(FIRST);
        small.add(SECOND);
        assertThat(small.take()).isEmpty();
        small.snapshot(1);
        small.add(THIRD);

        assertThat(small.take()).containsExactly(FIRST);
        small.completed(1);
        assertThat(small.take()).containsExactly(SECOND);
        assertThat(small.take()).isEmpty();
    }
}
