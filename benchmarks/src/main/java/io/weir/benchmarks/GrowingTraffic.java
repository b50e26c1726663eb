package io.weir.benchmarks;

import io.weir.request.HttpRequest;
import io.weir.traffic.Traffic;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Buckets of so many requests, each as its row is written: provisional with ever more of them, then
 * with all.
 *
 * <p>The requests are like those of {@code weir generate}: log-normal response times and a few slow
 * ones, 37 countries of which some are frequent, mostly 200, and {@link #REQUESTS_PER_VISITOR} of
 * each visitor. A bucket is put together from parts that were drawn beforehand, a part for each
 * write, so that no two rows are the same: columnar storage would compress copies to nothing.
 */
final class GrowingTraffic {

    static final int REQUESTS_PER_VISITOR = 5;

    /** Sites differ in how long their responses take. */
    private static final int CHARACTERS = 10;

    private static final int DRAWN_REQUESTS = 1_000_000;
    private static final int LEAST_PARTS = 3;
    private static final int MOST_PARTS = 1_000;

    private static final String[] COUNTRIES =
            ("US IN BR DE GB FR JP ID MX CA ES IT PL NL TR AR VN KR AU NG EG ZA CO SE CH PT UA PH"
                            + " TH KE NO CL PE AT BE ZZ XX")
                    .split(" ", -1);
    private static final int[] STATUSES = {301, 302, 204, 206, 404, 404, 403, 400, 429, 500, 503};

    private final Random random;

    /** By character, by write, and then any. */
    private final List<List<List<Traffic>>> parts = new ArrayList<>();

    /**
     * The same buckets for the same arguments.
     *
     * @param requests of a bucket
     * @param writes how often a row is written, the last time with all requests
     */
    GrowingTraffic(int requests, int writes) {
        random = new Random(requests);
        int count = Math.max(LEAST_PARTS, Math.min(MOST_PARTS, DRAWN_REQUESTS / requests));
        for (int character = 0; character < CHARACTERS; character++) {
            long medianMicros = 15_000L + random.nextInt(235_000);
            List<List<Traffic>> byWrite = new ArrayList<>();
            int drawn = 0;
            for (long write = 1; write <= writes; write++) {
                int until = (int) Math.max(1, requests * write / writes);
                byWrite.add(parts(count, until - drawn, medianMicros));
                drawn = until;
            }
            parts.add(byWrite);
        }
    }

    private List<Traffic> parts(int count, int requests, long medianMicros) {
        List<Traffic> drawn = new ArrayList<>();
        for (int part = 0; part < count; part++) {
            Traffic traffic = new Traffic();
            long visitor = random.nextLong();
            for (int i = 0; i < requests; i++) {
                if (random.nextInt(REQUESTS_PER_VISITOR) == 0) {
                    visitor = random.nextLong();
                }
                traffic.add(request(visitor, medianMicros));
            }
            drawn.add(traffic);
        }
        return drawn;
    }

    /** What the row of a bucket holds at each of its writes. */
    List<Traffic> bucketOf(int site) {
        List<Traffic> stages = new ArrayList<>();
        for (List<Traffic> ofWrite : parts.get(site % CHARACTERS)) {
            Traffic stage = new Traffic();
            if (!stages.isEmpty()) {
                stage.merge(stages.get(stages.size() - 1));
            }
            stage.merge(ofWrite.get(random.nextInt(ofWrite.size())));
            stages.add(stage);
        }
        return stages;
    }

    private HttpRequest request(long visitor, long medianMicros) {
        double slower = random.nextInt(200) == 0 ? 20 : 1;
        double frequent = (visitor >>> 40) / (double) (1L << 24);
        return new HttpRequest(
                1,
                MinuteRows.FIRST.toEpochMilli(),
                status(),
                visitor,
                (long) (medianMicros * slower * Math.exp(0.7 * random.nextGaussian())),
                random.nextInt(100_000),
                COUNTRIES[(int) (COUNTRIES.length * frequent * frequent)]);
    }

    private int status() {
        int percent = random.nextInt(100);
        if (percent < 85) {
            return 200;
        }
        return percent < 90 ? 304 : STATUSES[percent % STATUSES.length];
    }
}
