package io.weir.benchmarks.throughput;

import io.weir.tools.send.GeneratedRequests;
import io.weir.tools.send.TimeSpan;
import java.time.Duration;
import java.time.Instant;

/**
 * The requests that every contestant counts. The same parameters always give the same ones.
 *
 * @param zipf the site at place n has n to the power of minus this of the busiest one's traffic;
 *     generated requests always have 1
 * @param isHot whether one site has nine requests in ten
 * @param bytes the length of a plain request
 */
public record Workload(
        Form form,
        int events,
        int sites,
        double zipf,
        boolean isHot,
        Density density,
        int bytes,
        Compression compression) {

    /** The other fields of a plain request at their longest, and a short URL. */
    public static final int MIN_BYTES = 220;

    static final long SEED = 1;

    /** What records look like. */
    public enum Form {
        /** Epoch milliseconds, always the same fields, no headers; all are counted. */
        PLAIN,
        /** As {@code ./weir generate} sends them, late and invalid ones included. */
        GENERATED
    }

    /** How much event time the requests cover. */
    public enum Density {
        /** What 500 GB of logs a day are on average: 26,667 requests a second. */
        LIVE,
        /** Five requests a site and minute: many quiet sites that are caught up with. */
        SPARSE;

        private Duration span(int events, int sites) {
            long millis =
                    this == LIVE
                            ? Math.round(events / LIVE_A_MILLI)
                            : 60_000L * events / (SPARSE_A_MINUTE * sites);
            return Duration.ofMillis(Math.max(1, millis));
        }
    }

    /** Kafka's, of whole batches. */
    public enum Compression {
        LZ4,
        ZSTD,
        NONE
    }

    private static final double LIVE_A_MILLI = 26.667;
    private static final long SPARSE_A_MINUTE = 5;

    Duration span() {
        return density.span(events, sites);
    }

    static Instant end() {
        return GeneratedRequests.END_OF_SEEDED;
    }

    /** Holds the event time of every request. */
    public TimeSpan eventTimes() {
        return new TimeSpan(end().minus(span()), end());
    }
}
