package io.weir.tools.recount;

import java.util.StringJoiner;

/**
 * Response times by bucket: bucket 0 holds up to 1 microsecond, bucket i those of (g^(i-1), g^i]
 * microseconds, with g = 41/39, which is (1 + 2.5 %) / (1 - 2.5 %).
 */
final class ResponseTimes {

    /** The logarithm of g. */
    private static final double LOG_G = Math.log1p(2.0 / 39);

    private final KeyedNumbers counts = new KeyedNumbers();

    void add(long micros) {
        counts.add(bucketOf(micros), 1);
    }

    void merge(ResponseTimes other) {
        other.counts.forEach(counts::add);
    }

    /** Exact: no power of g comes as close to a whole number as the logarithms are wrong. */
    static int bucketOf(long micros) {
        return micros <= 1 ? 0 : (int) Math.ceil(Math.log((double) micros) / LOG_G);
    }

    /**
     * The array from the first bucket that holds something to the last, as PostgreSQL prints it.
     */
    String text() {
        if (counts.size() == 0) {
            return "{}";
        }
        Gapless gapless = new Gapless();
        counts.forEach(gapless::put);
        return gapless.text();
    }

    /** Fills the gaps between buckets with zeros. */
    private static final class Gapless {

        private final StringJoiner numbers = new StringJoiner(",", "{", "}");
        private int first = -1;
        private int last;

        void put(int bucket, long count) {
            if (first < 0) {
                first = bucket;
            } else {
                for (int gap = last + 1; gap < bucket; gap++) {
                    numbers.add("0");
                }
            }
            last = bucket;
            numbers.add(Long.toString(count));
        }

        /** PostgreSQL leaves out the bounds of an array that begins at 1. */
        String text() {
            return first == 1 ? numbers.toString() : "[%d:%d]=%s".formatted(first, last, numbers);
        }
    }
}
