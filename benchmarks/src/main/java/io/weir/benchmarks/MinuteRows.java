package io.weir.benchmarks;

import io.weir.request.HttpRequest;
import io.weir.store.TrafficKey;
import io.weir.traffic.Grain;
import io.weir.traffic.Traffic;
import io.weir.traffic.TrafficRow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Minute rows as the job makes them: some sites have few requests a minute and some have many.
 *
 * <p>A batch holds one minute of as many sites as it has rows, which is what a minute's end brings.
 */
final class MinuteRows {

    static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");
    static final int MINUTES = (int) Duration.ofDays(3).toMinutes();
    static final int SITES = 20_000;

    private static final int SHAPES = 2_000;

    /** A median of 20 requests a minute; one site in a hundred has 500 and more. */
    private static final double LOG_REQUESTS = Math.log(20);

    private static final double SPREAD = 1.4;
    private static final int MAX_REQUESTS = 5_000;

    private static final String[] COUNTRIES = {
        "BR", "US", "DE", "IN", "JP", "FR", "GB", "MX", "AR", "PT", "ES", "IT", "CA", "NL", "ZZ"
    };
    private static final int[] STATUSES = {200, 200, 200, 200, 200, 200, 304, 301, 404, 503};

    private final List<Traffic> shapes = new ArrayList<>();

    /** The same rows for the same seed. */
    MinuteRows(long seed) {
        Random random = new Random(seed);
        for (int shape = 0; shape < SHAPES; shape++) {
            double requests = 1 + Math.exp(LOG_REQUESTS + SPREAD * random.nextGaussian());
            shapes.add(traffic(random, (int) Math.min(MAX_REQUESTS, requests), 54_600, 1));
        }
    }

    /** When a minute begins, counted from {@link #FIRST}. */
    static Instant start(int minute) {
        return FIRST.plus(Duration.ofMinutes(minute));
    }

    /**
     * A batch of one minute.
     *
     * @param isFinal whether the minute has passed; the rows are the same otherwise
     * @throws IllegalStateException when there is no such minute
     */
    SortedMap<TrafficKey, TrafficRow> batch(int minute, int rows, boolean isFinal) {
        if (minute >= MINUTES) {
            throw new IllegalStateException("more than " + MINUTES + " batches: fewer rounds");
        }
        long bucketMillis = start(minute).toEpochMilli();
        SortedMap<TrafficKey, TrafficRow> batch = new TreeMap<>();
        for (int i = 0; i < rows; i++) {
            int site = 1 + (minute * 7_919 + i) % SITES;
            batch.put(
                    new TrafficKey(Grain.MINUTE, site, bucketMillis),
                    new TrafficRow(
                            Grain.MINUTE,
                            site,
                            bucketMillis,
                            shapes.get((site * 31 + minute) % SHAPES),
                            true,
                            isFinal,
                            bucketMillis + 60_000));
        }
        return batch;
    }

    /** A minute with this many requests, their response times log-normal around a median. */
    static Traffic traffic(Random random, int requests, long medianMicros, double spread) {
        Traffic traffic = new Traffic();
        for (int i = 0; i < requests; i++) {
            traffic.add(
                    new HttpRequest(
                            1,
                            FIRST.toEpochMilli(),
                            STATUSES[random.nextInt(STATUSES.length)],
                            random.nextLong(),
                            (long) (medianMicros * Math.exp(spread * random.nextGaussian())),
                            random.nextInt(100_000),
                            COUNTRIES[
                                    (int) (COUNTRIES.length * Math.pow(random.nextDouble(), 3))]));
        }
        return traffic;
    }
}
