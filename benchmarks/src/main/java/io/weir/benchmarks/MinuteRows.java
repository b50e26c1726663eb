package io.weir.benchmarks;

import io.weir.request.HttpRequest;
import io.weir.traffic.Grain;
import io.weir.traffic.Measure;
import io.weir.traffic.Traffic;
import io.weir.traffic.TrafficRow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;

/**
 * Minute rows as the job makes them: some sites have few requests a minute and some have many.
 *
 * <p>A batch holds one minute of as many sites as it has rows, which is what a minute's end brings.
 * No two batches share a minute, so all keys of a batch are new to the table.
 */
final class MinuteRows {

    static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");
    static final int DAYS = 3;

    static final int SITES = 20_000;
    private static final int SHAPES = 2_000;
    private static final int MINUTES = (int) Duration.ofDays(DAYS).toMinutes();

    /** A median of 20 requests a minute; one site in a hundred has 500 and more. */
    private static final double LOG_REQUESTS = Math.log(20);

    private static final double SPREAD = 1.4;
    private static final int MAX_REQUESTS = 5_000;

    private static final String[] COUNTRIES = {
        "BR", "US", "DE", "IN", "JP", "FR", "GB", "MX", "AR", "PT", "ES", "IT", "CA", "NL", "ZZ"
    };
    private static final int[] STATUSES = {200, 200, 200, 200, 200, 200, 304, 301, 404, 503};

    private final List<TrafficRow> shapes = new ArrayList<>();
    private int minute;
    private int site;

    /** The same rows for the same seed. */
    MinuteRows(long seed) {
        Random random = new Random(seed);
        for (int shape = 0; shape < SHAPES; shape++) {
            shapes.add(shape(random));
        }
    }

    /**
     * The next batch, sorted by key.
     *
     * @throws IllegalStateException when there is no minute left
     */
    List<TrafficRow> next(int rows) {
        if (minute == MINUTES) {
            throw new IllegalStateException("more than " + MINUTES + " batches: fewer rounds");
        }
        long bucketMillis = FIRST.plus(Duration.ofMinutes(minute++)).toEpochMilli();
        TreeMap<Integer, TrafficRow> batch = new TreeMap<>();
        for (int i = 0; i < rows; i++) {
            site = (site + 1) % SITES;
            TrafficRow shape = shapes.get((site * 31 + minute) % SHAPES);
            batch.put(1 + site, with(shape, 1 + site, bucketMillis, false));
        }
        return List.copyOf(batch.values());
    }

    /** The rows as they are written when their minute has passed. */
    static List<TrafficRow> closed(List<TrafficRow> rows) {
        return rows.stream().map(row -> with(row, row.siteId(), row.bucketMillis(), true)).toList();
    }

    /** About how many bytes the values of a row have, on average. */
    long bytesPerRow() {
        long bytes = 0;
        for (TrafficRow row : shapes) {
            for (Measure measure : Measure.ALL) {
                Object value = measure.value().apply(row.traffic());
                bytes +=
                        value instanceof byte[] sketch
                                ? sketch.length
                                : value instanceof String text ? text.length() : Long.BYTES;
            }
            bytes += 2 * Long.BYTES;
        }
        return bytes / shapes.size();
    }

    private static TrafficRow shape(Random random) {
        int requests =
                (int)
                        Math.min(
                                MAX_REQUESTS,
                                1 + Math.exp(LOG_REQUESTS + SPREAD * random.nextGaussian()));
        Traffic traffic = new Traffic();
        for (int i = 0; i < requests; i++) {
            traffic.add(
                    new HttpRequest(
                            1,
                            FIRST.toEpochMilli(),
                            STATUSES[random.nextInt(STATUSES.length)],
                            random.nextLong(),
                            (long) (1_000 * Math.exp(4 + random.nextGaussian())),
                            random.nextInt(100_000),
                            COUNTRIES[skewed(random)]));
        }
        return new TrafficRow(Grain.MINUTE, 1, FIRST.toEpochMilli(), traffic, true, false, 0);
    }

    private static int skewed(Random random) {
        return (int) (COUNTRIES.length * Math.pow(random.nextDouble(), 3));
    }

    private static TrafficRow with(TrafficRow row, int siteId, long bucketMillis, boolean isFinal) {
        return new TrafficRow(
                row.grain(),
                siteId,
                bucketMillis,
                row.traffic(),
                true,
                isFinal,
                bucketMillis + 60_000);
    }
}
