package io.weir.tools.recount;

import io.weir.request.HttpRequest;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The requests of a slice that count, by site and minute. For several threads: here meet the
 * partitions, each of which has decided for itself what is late.
 */
final class SliceCounts {

    private final TimeRange slice;
    private final @Nullable Integer site;
    private final ConcurrentHashMap<RowKey, Tally> minutes = new ConcurrentHashMap<>();
    private final LongAdder counted = new LongAdder();

    /**
     * @param site the only one that is counted, null for all
     */
    SliceCounts(TimeRange slice, @Nullable Integer site) {
        this.slice = slice;
        this.site = site;
    }

    TimeRange slice() {
        return slice;
    }

    /** Counts a request that is not late, if it is one of the slice. */
    void add(HttpRequest request) {
        if (!slice.contains(request.eventTimeMillis())
                || site != null && site != request.siteId()) {
            return;
        }
        RowKey key =
                new RowKey(request.siteId(), RowTable.MINUTES.bucketOf(request.eventTimeMillis()));
        Tally tally = minutes.computeIfAbsent(key, absent -> new Tally());
        synchronized (tally) {
            tally.add(request);
        }
        counted.increment();
    }

    long counted() {
        return counted.sum();
    }

    /** When all threads have ended. */
    Map<RowKey, Tally> minutes() {
        return minutes;
    }
}
