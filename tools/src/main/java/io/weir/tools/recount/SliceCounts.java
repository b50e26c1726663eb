package io.weir.tools.recount;

import io.weir.request.HttpRequest;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The requests of a slice that count, by site and minute. For several threads: here meet the
 * partitions, each of which has decided for itself what is late.
 */
final class SliceCounts {

    private static final long MINUTE_MILLIS = Duration.ofMinutes(1).toMillis();

    private final TimeRange slice;
    private final @Nullable Integer site;
    private final ConcurrentHashMap<RowKey, Tally> minutes = new ConcurrentHashMap<>();
    private final Set<Copy> known = ConcurrentHashMap.newKeySet();
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

    /** Counts a request that is not late, if it is one of the slice and no copy of it was. */
    void add(HttpRequest request) {
        if (site != null && site != request.siteId()) {
            return;
        }
        long minute = RowTable.MINUTES.bucketOf(request.eventTimeMillis());
        long countedIn = request.isIdentified() ? minuteCounted(minute, request) : minute;
        // of minutes beside the slice, too
        boolean isFirst = !request.isIdentified() || known.add(new Copy(request, countedIn));
        if (!slice.contains(countedIn)) {
            return;
        }
        RowKey key = new RowKey(request.siteId(), countedIn);
        Tally tally = minutes.computeIfAbsent(key, absent -> new Tally());
        synchronized (tally) {
            if (isFirst) {
                tally.add(request);
            } else {
                tally.addDuplicate();
            }
        }
        if (isFirst) {
            counted.increment();
        }
    }

    /** Where a copy is known: its own minute or one beside it. */
    private long minuteCounted(long minute, HttpRequest request) {
        for (long beside : new long[] {minute - MINUTE_MILLIS, minute + MINUTE_MILLIS}) {
            if (known.contains(new Copy(request, beside))) {
                return beside;
            }
        }
        return minute;
    }

    private record Copy(long idHigh, long idLow, long minute) {
        Copy(HttpRequest request, long minute) {
            this(request.idHigh(), request.idLow(), minute);
        }
    }

    long counted() {
        return counted.sum();
    }

    /** When all threads have ended. */
    Map<RowKey, Tally> minutes() {
        return minutes;
    }
}
