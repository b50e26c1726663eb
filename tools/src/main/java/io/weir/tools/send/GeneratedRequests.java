package io.weir.tools.send;

import java.time.Duration;
import java.time.Instant;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/**
 * Made-up requests; the same parameters always give the same bytes.
 *
 * <p>Send times are spread evenly over the span. Event times lie within the span too, mostly a
 * little before the send time, sometimes so far that the request is late. One record in a thousand
 * is no valid request, and three have the size that is just allowed, just not, and twice that.
 */
public final class GeneratedRequests implements RecordSource {

    public static final String SOURCE = "generated";
    public static final Duration DEFAULT_SPAN = Duration.ofHours(3);

    /** Where the span ends when a seed was asked for, so that a seed stands for a result. */
    public static final Instant END_OF_SEEDED = Instant.parse("2026-01-15T12:00:00Z");

    private static final int ONE_DAMAGED_IN = 1_000;
    private static final long MIN_REQUESTS_WITH_LARGE_RECORDS = 1_000;
    private static final int MAX_VALID_BYTES = 1 << 20;

    private final long requests;
    private final long seed;
    private final long startMillis;
    private final long spanMillis;
    private final RequestDraw requestDraw;
    private final @Nullable Ledger ledger;

    /**
     * @param requests how many records to make up
     * @param sites how many websites they go to, site 1 to this one
     * @param span the time that they cover
     * @param seed another seed gives other requests
     * @param end where the span ends; no event time lies at or after it
     */
    public GeneratedRequests(long requests, int sites, Duration span, long seed, Instant end) {
        requireAtLeastOne("requests", requests);
        requireAtLeastOne("sites", sites);
        requireAtLeastOne("span in milliseconds", span.toMillis());
        this.requests = requests;
        this.seed = seed;
        this.spanMillis = span.toMillis();
        this.startMillis = end.toEpochMilli() - spanMillis;
        this.requestDraw =
                new RequestDraw(new Sites(seed, sites), requests, startMillis, end.toEpochMilli());
        this.ledger = null;
    }

    private GeneratedRequests(GeneratedRequests same, Ledger ledger) {
        this.requests = same.requests;
        this.seed = same.seed;
        this.startMillis = same.startMillis;
        this.spanMillis = same.spanMillis;
        this.requestDraw = same.requestDraw;
        this.ledger = ledger;
    }

    @Override
    public Iterator<OutgoingRecord> iterator() {
        return new Records();
    }

    /** The same records; those that an iterator hands out are entered in the ledger. */
    public RecordSource recordedIn(Ledger into) {
        return new GeneratedRequests(this, into);
    }

    @Override
    public Duration worstLag() {
        return Duration.ZERO;
    }

    @Override
    public TimeSpan eventTimes() {
        return new TimeSpan(
                Instant.ofEpochMilli(startMillis),
                Instant.ofEpochMilli(startMillis + spanMillis - 1));
    }

    @Override
    public long size() {
        return requests;
    }

    private static void requireAtLeastOne(String name, long value) {
        if (value < 1) {
            throw new IllegalArgumentException(name + " must be 1 or more: " + value);
        }
    }

    private final class Records implements Iterator<OutgoingRecord> {

        private final RequestJson requestJson = new RequestJson();
        private final DamagedRequests damagedRequests = new DamagedRequests();
        private long sequence;

        @Override
        public boolean hasNext() {
            return sequence < requests;
        }

        @Override
        public OutgoingRecord next() {
            if (!hasNext()) {
                throw new NoSuchElementException("all " + requests + " records are made");
            }
            long sendTime = startMillis + sendOffset();
            byte[] value = value(sendTime, Draws.of(seed, sequence));
            sequence++;
            return new OutgoingRecord(value, sendTime, SOURCE, sequence);
        }

        /** Even steps, without the product of span and sequence, which may be too large. */
        private long sendOffset() {
            long step = spanMillis / requests;
            long rest = spanMillis % requests;
            return step * sequence + (long) ((double) rest * sequence / requests);
        }

        private byte[] value(long sendTime, Draws draws) {
            GeneratedRequest request =
                    requestDraw.draw(sendTime, Draws.mix(seed ^ Draws.mix(sequence)), draws);
            if (requests >= MIN_REQUESTS_WITH_LARGE_RECORDS) {
                if (sequence == requests / 2) {
                    byte[] padded = requestJson.writePadded(request, MAX_VALID_BYTES, draws);
                    return valid(request, sendTime, padded);
                }
                if (sequence == requests / 3) {
                    return damaged(damagedRequests.tooLarge(request, MAX_VALID_BYTES + 1, draws));
                }
                if (sequence == requests / 4) {
                    return damaged(damagedRequests.tooLarge(request, 2 * MAX_VALID_BYTES, draws));
                }
            }
            if (draws.oneIn(ONE_DAMAGED_IN)) {
                return damaged(damagedRequests.draw(request, sendTime, draws));
            }
            return valid(request, sendTime, requestJson.write(request, draws));
        }

        private byte[] valid(GeneratedRequest request, long sendTime, byte[] value) {
            if (ledger != null) {
                ledger.enterRequest(
                        RecordSender.partitionOf(sequence, ledger.partitions()), sendTime, request);
            }
            return value;
        }

        private byte[] damaged(DamagedRequests.Damaged damaged) {
            if (ledger != null) {
                ledger.enterRejected(damaged.reason());
            }
            return damaged.value();
        }
    }
}
