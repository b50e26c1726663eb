package io.weir.intake;

import io.weir.request.DecodedRecord;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Queue;
import java.util.TreeMap;

/**
 * Records in the order in which they came, each until a checkpoint that holds it has completed.
 *
 * <p>They are bounded: beyond a number of bytes the oldest are not waited for.
 */
final class AwaitingCheckpoint {

    private final long maxBytes;
    private final Queue<DecodedRecord> held = new ArrayDeque<>();

    /** By checkpoint, how many records had come before it. */
    private final TreeMap<Long, Long> comeBefore = new TreeMap<>();

    private long bytes;
    private long come;
    private long taken;
    private long safe;

    AwaitingCheckpoint(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    void add(DecodedRecord record) {
        held.add(record);
        bytes += record.record().memoryBytes();
        come++;
    }

    /** Adds what a checkpoint held that the job was restored from. */
    void restore(Iterable<DecodedRecord> records) {
        records.forEach(this::add);
        safe = come;
    }

    /** What a checkpoint must hold. */
    List<DecodedRecord> snapshot(long checkpoint) {
        comeBefore.put(checkpoint, come);
        return new ArrayList<>(held);
    }

    void completed(long checkpoint) {
        safe = Math.max(safe, comeBefore.getOrDefault(checkpoint, safe));
        comeBefore.headMap(checkpoint, true).clear();
    }

    /** Removes the records that are in a completed checkpoint, and those there is no room for. */
    List<DecodedRecord> take() {
        List<DecodedRecord> records = new ArrayList<>();
        while (taken < safe || bytes > maxBytes) {
            records.add(takeOldest());
        }
        return records;
    }

    List<DecodedRecord> takeAll() {
        safe = come;
        return take();
    }

    private DecodedRecord takeOldest() {
        DecodedRecord oldest = Objects.requireNonNull(held.poll());
        bytes -= oldest.record().memoryBytes();
        taken++;
        return oldest;
    }
}
