package io.weir.election;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.flink.runtime.checkpoint.OperatorSubtaskState;
import org.apache.flink.runtime.state.KeyGroupRangeAssignment;
import org.apache.flink.streaming.api.watermark.Watermark;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.AbstractStreamOperatorTestHarness;

/**
 * The two steps of the election one after the other, with any number of subtasks in the first.
 *
 * <p>Input lies in a queue for each subtask until {@link #flow} lets the subtasks take turns at
 * random; the second step sees the least of their watermarks.
 */
final class ElectionRun implements AutoCloseable {

    static final Duration SETTLE = Duration.ofMinutes(16);

    private final ElectionStore store;
    private final long wholeFrom;
    private final Random turns;
    private final List<Election> elections = new ArrayList<>();
    private final List<Candidate> candidates = new ArrayList<>();
    private final Map<Integer, TopSite> table = new TreeMap<>();
    private List<Subtask> subtasks = new ArrayList<>();
    private HoldHarness hold;
    private long watermark = Long.MIN_VALUE;
    private long skippedBefore;

    ElectionRun(ElectionStore store, int parallelism) throws Exception {
        this(store, parallelism, Long.MIN_VALUE, new Random(1));
    }

    ElectionRun(ElectionStore store, int parallelism, long wholeFrom, Random turns)
            throws Exception {
        this.store = store;
        this.wholeFrom = wholeFrom;
        this.turns = turns;
        for (int i = 0; i < parallelism; i++) {
            Subtask subtask = new Subtask(new NominateHarness(store, SETTLE, parallelism, i));
            subtask.nominate.open();
            subtasks.add(subtask);
        }
        hold = new HoldHarness(store, SETTLE);
        hold.open();
    }

    ElectionRun minute(int siteId, long minute, long hits) {
        subtaskOf(siteId).input.add(new MinuteHits(siteId, minute, hits, wholeFrom));
        return this;
    }

    ElectionRun version(ElectionSettings version) throws Exception {
        subtasks.forEach(subtask -> subtask.input.add(version));
        return this;
    }

    /** Advances to the instant and processes everything before it. */
    ElectionRun until(long millis) throws Exception {
        watermark(millis);
        flow();
        return this;
    }

    ElectionRun toTheEnd() throws Exception {
        return until(Long.MAX_VALUE);
    }

    void watermark(long millis) {
        subtasks.forEach(subtask -> subtask.input.add(new Watermark(millis)));
    }

    void flow() throws Exception {
        List<Subtask> busy = new ArrayList<>(subtasks);
        while (!busy.isEmpty()) {
            Subtask next = busy.get(turns.nextInt(busy.size()));
            if (next.isDone()) {
                busy.remove(next);
            } else {
                turn(next);
            }
        }
    }

    private void turn(Subtask subtask) throws Exception {
        boolean hasOutput = !subtask.nominate.getOutput().isEmpty();
        if (hasOutput && (subtask.input.isEmpty() || turns.nextBoolean())) {
            deliver(subtask, subtask.nominate.getOutput().poll());
            return;
        }
        Object input = subtask.input.remove();
        if (input instanceof MinuteHits minute) {
            subtask.nominate.processElement(new StreamRecord<>(minute));
        } else if (input instanceof ElectionSettings version) {
            subtask.nominate.processBroadcastElement(new StreamRecord<>(version));
            hold.processBroadcastElement(new StreamRecord<>(version));
        } else {
            subtask.nominate.advance(((Watermark) input).getTimestamp());
        }
    }

    private void deliver(Subtask subtask, Object output) throws Exception {
        if (output instanceof Watermark mark) {
            subtask.watermark = mark.getTimestamp();
            long least = subtasks.stream().mapToLong(each -> each.watermark).min().orElseThrow();
            if (least > watermark) {
                watermark = least;
                hold.advance(least);
            }
        } else {
            ElectionInput input = (ElectionInput) ((StreamRecord<?>) output).getValue();
            if (input.candidate() != null) {
                candidates.add(input.candidate());
            }
            hold.processElement(new StreamRecord<>(input));
        }
        collect();
    }

    private void collect() {
        for (Object output : hold.getOutput()) {
            if (output instanceof StreamRecord<?> record) {
                Election election = (Election) record.getValue();
                elections.add(election);
                for (TopSite site : election.changed()) {
                    table.put(site.siteId(), site);
                }
            }
        }
        hold.getOutput().clear();
    }

    /** Ends the job with a snapshot, and starts it from there with another number of subtasks. */
    ElectionRun restart(int parallelism) throws Exception {
        return restart(parallelism, SETTLE);
    }

    ElectionRun restart(int parallelism, Duration settle) throws Exception {
        flow();
        OperatorSubtaskState[] states = new OperatorSubtaskState[subtasks.size()];
        for (int i = 0; i < states.length; i++) {
            states[i] = subtasks.get(i).nominate.snapshot(1, 1);
            subtasks.get(i).nominate.close();
        }
        OperatorSubtaskState all = AbstractStreamOperatorTestHarness.repackageState(states);
        List<Subtask> restarted = new ArrayList<>();
        for (int i = 0; i < parallelism; i++) {
            Subtask subtask = new Subtask(new NominateHarness(store, settle, parallelism, i));
            subtask.nominate.initializeState(
                    AbstractStreamOperatorTestHarness.repartitionOperatorState(
                            all, NominateHarness.MAX_PARALLELISM, states.length, parallelism, i));
            subtask.nominate.open();
            restarted.add(subtask);
        }
        subtasks = restarted;
        OperatorSubtaskState held = hold.snapshot(1, 1);
        skippedBefore += hold.skipped();
        hold.close();
        hold = new HoldHarness(store, settle);
        hold.initializeState(held);
        hold.open();
        watermark = Long.MIN_VALUE;
        return this;
    }

    List<Election> elections() {
        return elections;
    }

    /** What the first step sent to the second, of elections that are held or not. */
    List<Candidate> candidates() {
        return candidates;
    }

    /** The rows of the table top_site_candidate. */
    List<TopSite> elected() {
        return elections.stream()
                .flatMap(election -> Stream.of(election.changed()))
                .filter(TopSite::isCandidate)
                .toList();
    }

    /** The rows of the table top_site. */
    Map<Integer, TopSite> table() {
        return table;
    }

    TopSite site(int siteId) {
        return Objects.requireNonNull(table.get(siteId));
    }

    /** Ids of the sites in the list. */
    List<Integer> list() {
        return table.values().stream()
                .filter(site -> site.leftAtMillis() == null)
                .map(TopSite::siteId)
                .toList();
    }

    /** Times of the elections, as {@code 15T10:00}. */
    List<String> boundaries() {
        return elections.stream().map(ElectionRun::boundary).toList();
    }

    static String boundary(Election election) {
        return Instant.ofEpochMilli(election.boundaryMillis()).toString().substring(8, 16);
    }

    long skipped() {
        return skippedBefore + hold.skipped();
    }

    int entriesOfSites() {
        return subtasks.stream().mapToInt(subtask -> subtask.nominate.entries()).sum();
    }

    int timersOfSites() {
        return subtasks.stream().mapToInt(subtask -> subtask.nominate.timers()).sum();
    }

    private Subtask subtaskOf(int siteId) {
        return subtasks.get(
                KeyGroupRangeAssignment.assignKeyToParallelOperator(
                        siteId, NominateHarness.MAX_PARALLELISM, subtasks.size()));
    }

    @Override
    public void close() throws Exception {
        for (Subtask subtask : subtasks) {
            subtask.nominate.close();
        }
        hold.close();
    }

    private static final class Subtask {

        private final NominateHarness nominate;
        private final Queue<Object> input = new ArrayDeque<>();
        private long watermark = Long.MIN_VALUE;

        Subtask(NominateHarness nominate) {
            this.nominate = nominate;
        }

        boolean isDone() {
            return input.isEmpty() && nominate.getOutput().isEmpty();
        }
    }
}
