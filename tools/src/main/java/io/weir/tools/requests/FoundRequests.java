package io.weir.tools.requests;

import java.util.Comparator;
import java.util.List;
import java.util.TreeSet;

/** The earliest of the requests that match, and how many match. */
public final class FoundRequests {

    /** As much as the commands' heap has room for, whatever people send. */
    private static final long MAX_BYTES = 64L * 1024 * 1024;

    private final TreeSet<RawRequest> earliest =
            new TreeSet<>(
                    Comparator.comparingLong(
                                    (RawRequest found) -> found.request().eventTimeMillis())
                            .thenComparingInt(found -> found.record().partition())
                            .thenComparingLong(found -> found.record().offset()));
    private final int limit;
    private long bytes;
    private long matching;

    /**
     * @param limit how many are kept
     */
    FoundRequests(int limit) {
        this.limit = limit;
    }

    void add(RawRequest found) {
        matching++;
        earliest.add(found);
        bytes += found.record().memoryBytes();
        while (earliest.size() > limit || bytes > MAX_BYTES && earliest.size() > 1) {
            bytes -= earliest.last().record().memoryBytes();
            earliest.remove(earliest.last());
        }
    }

    /** By time; of requests of the same time by their place in the topic. */
    List<RawRequest> earliest() {
        return List.copyOf(earliest);
    }

    /** How many are kept. */
    public int shown() {
        return earliest.size();
    }

    /** How many there are. */
    public long matching() {
        return matching;
    }
}
