package io.weir.intake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.BiConsumer;
import org.apache.flink.api.connector.source.ReaderInfo;
import org.apache.flink.api.connector.source.SourceEvent;
import org.apache.flink.api.connector.source.SplitEnumerator;
import org.apache.flink.api.connector.source.SplitEnumeratorContext;
import org.apache.flink.api.connector.source.SplitsAssignment;
import org.apache.flink.connector.kafka.source.enumerator.KafkaSourceEnumState;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.metrics.groups.SplitEnumeratorMetricGroup;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Three readers; what the enumerator announces to idle ones. */
class WatermarkedEnumeratorTest {

    private static final int READERS = 3;

    private final Map<Integer, ReaderInfo> registered = new HashMap<>();
    private final List<String> announced = new ArrayList<>();
    private final List<String> passedOn = new ArrayList<>();
    private final WatermarkedEnumerator enumerator =
            new WatermarkedEnumerator(new Recorded(), new Context());

    WatermarkedEnumeratorTest() {
        for (int reader = 0; reader < READERS; reader++) {
            register(reader);
        }
        passedOn.clear();
    }

    @Test
    void anIdleReaderFollowsTheLeastOfTheOthers() {
        active(0, 100);
        active(1, 50);
        idle(2, 10);

        assertThat(announced).containsExactly("2 follows 50");
    }

    @Test
    void anIdleReaderIsNotHeardWithoutTheOthers() {
        idle(2, 10);
        active(0, 100);
        assertThat(announced).isEmpty();

        active(1, 50);
        idle(2, 10);

        assertThat(announced).containsExactly("2 follows 50");
    }

    @Test
    void whenAllAreIdleTheyFollowTheOneThatHasComeFarthest() {
        idle(0, 100);
        idle(1, 50);
        idle(2, 10);
        idle(1, 50);

        assertThat(announced).containsExactly("2 follows 100", "1 follows 100");
    }

    @Test
    void aReaderThatIsNotIdleIsToldNothing() {
        idle(0, 100);
        idle(1, 50);
        active(2, 10);

        assertThat(announced).isEmpty();
    }

    @Test
    void aReaderThatStartsAgainHoldsTheOthersUntilItReports() {
        active(0, 100);
        active(1, 50);
        register(1);
        idle(2, 10);
        assertThat(announced).isEmpty();

        active(1, Long.MIN_VALUE);
        idle(2, 10);

        assertThat(announced).containsExactly("2 follows " + Long.MIN_VALUE);
    }

    @Test
    void aReaderThatHasGoneIsToldNothing() {
        active(0, 100);
        active(1, 50);
        registered.remove(2);
        idle(2, 10);

        assertThat(announced).isEmpty();
    }

    @Test
    void allElseIsForTheEnumeratorOfTheSource() throws Exception {
        SourceEvent other = new SourceEvent() {};

        enumerator.start();
        enumerator.addReader(1);
        enumerator.handleSourceEvent(1, other);
        enumerator.handleSplitRequest(2, "host");
        enumerator.addSplitsBack(List.of(), 0);
        enumerator.snapshotState(7);
        enumerator.notifyCheckpointComplete(7);
        enumerator.notifyCheckpointAborted(8);
        enumerator.close();
        active(0, 100);

        assertThat(passedOn)
                .containsExactly(
                        "start",
                        "reader 1",
                        "event of 1",
                        "request of 2",
                        "back of 0",
                        "snapshot 7",
                        "complete 7",
                        "aborted 8",
                        "close");
    }

    private void register(int reader) {
        registered.put(reader, new ReaderInfo(reader, "host"));
        enumerator.addReader(reader);
    }

    private void active(int reader, long watermark) {
        enumerator.handleSourceEvent(reader, new ReaderWatermark(watermark, false));
    }

    private void idle(int reader, long watermark) {
        enumerator.handleSourceEvent(reader, new ReaderWatermark(watermark, true));
    }

    private final class Recorded
            implements SplitEnumerator<KafkaPartitionSplit, KafkaSourceEnumState> {

        @Override
        public void start() {
            passedOn.add("start");
        }

        @Override
        public void handleSplitRequest(int subtask, @Nullable String hostname) {
            passedOn.add("request of " + subtask);
        }

        @Override
        public void handleSourceEvent(int subtask, SourceEvent event) {
            passedOn.add("event of " + subtask);
        }

        @Override
        public void addSplitsBack(List<KafkaPartitionSplit> splits, int subtask) {
            passedOn.add("back of " + subtask);
        }

        @Override
        public void addReader(int subtask) {
            passedOn.add("reader " + subtask);
        }

        @Override
        public KafkaSourceEnumState snapshotState(long checkpointId) {
            passedOn.add("snapshot " + checkpointId);
            return new KafkaSourceEnumState(Set.of(), true);
        }

        @Override
        public void notifyCheckpointComplete(long checkpointId) {
            passedOn.add("complete " + checkpointId);
        }

        @Override
        public void notifyCheckpointAborted(long checkpointId) {
            passedOn.add("aborted " + checkpointId);
        }

        @Override
        public void close() {
            passedOn.add("close");
        }
    }

    private final class Context implements SplitEnumeratorContext<KafkaPartitionSplit> {

        @Override
        public void sendEventToSourceReader(int subtask, SourceEvent event) {
            announced.add(subtask + " follows " + ((CommonWatermark) event).millis());
        }

        @Override
        public int currentParallelism() {
            return READERS;
        }

        @Override
        public Map<Integer, ReaderInfo> registeredReaders() {
            return registered;
        }

        @Override
        public SplitEnumeratorMetricGroup metricGroup() {
            throw new UnsupportedOperationException();
        }

        @Override
        public void assignSplits(SplitsAssignment<KafkaPartitionSplit> assignment) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void signalNoMoreSplits(int subtask) {
            throw new UnsupportedOperationException();
        }

        @Override
        public <T> void callAsync(Callable<T> callable, BiConsumer<T, Throwable> handler) {
            throw new UnsupportedOperationException();
        }

        @Override
        public <T> void callAsync(
                Callable<T> callable, BiConsumer<T, Throwable> handler, long delay, long period) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void runInCoordinatorThread(Runnable task) {
            throw new UnsupportedOperationException();
        }
    }
}
