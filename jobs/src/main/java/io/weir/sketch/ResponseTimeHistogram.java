package io.weir.sketch;

import io.weir.serialize.VariableLength;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.math.BigInteger;
import java.util.Arrays;

/**
 * Histogram of response times in log-spaced buckets: bucket 0 holds up to 1 microsecond, bucket i
 * holds (g^(i-1), g^i] microseconds with g = 1.025 / 0.975, so that a bucket's answer is within 2.5
 * % of every value in it. Exact under merging. Not thread-safe.
 *
 * <p>Source of the mapping: Masson, Rim and Lee, DDSketch (VLDB 2019), with relative accuracy 2.5
 * %.
 */
public final class ResponseTimeHistogram {

    /** The largest response time, microseconds: a day. */
    public static final long MAX_MICROS = 86_400_000_000L;

    private static final BigInteger NUMERATOR = BigInteger.valueOf(1025);
    private static final BigInteger DENOMINATOR = BigInteger.valueOf(975);

    /** The largest whole number of microseconds in each bucket. */
    private static final long[] UPPER_BOUNDS = upperBounds();

    /** Leaves the exponent and 5 bits of the fraction: a cell is narrower than any bucket. */
    private static final int CELL_SHIFT = 52 - 5;

    private static final long FIRST_CELL = Double.doubleToRawLongBits(1) >>> CELL_SHIFT;

    /** The bucket of the least number in each cell. */
    private static final int[] FIRST_BUCKETS = firstBuckets();

    /** Bucket of {@code counts[0]}; the first and the last count are not 0. */
    private int first;

    private long[] counts = {};

    private static long[] upperBounds() {
        long[] bounds = {1};
        for (int bucket = 1; bounds[bucket - 1] < MAX_MICROS; bucket++) {
            bounds = Arrays.copyOf(bounds, bucket + 1);
            bounds[bucket] = NUMERATOR.pow(bucket).divide(DENOMINATOR.pow(bucket)).longValueExact();
        }
        return bounds;
    }

    private static int[] firstBuckets() {
        int[] buckets = new int[cellOf(MAX_MICROS) + 1];
        int bucket = 0;
        for (int cell = 0; cell < buckets.length; cell++) {
            double least = Double.longBitsToDouble(FIRST_CELL + cell << CELL_SHIFT);
            while (UPPER_BOUNDS[bucket] < least) {
                bucket++;
            }
            buckets[cell] = bucket;
        }
        return buckets;
    }

    private static int cellOf(long micros) {
        return (int) ((Double.doubleToRawLongBits((double) micros) >>> CELL_SHIFT) - FIRST_CELL);
    }

    /** The bucket that holds the given number of microseconds, 0 to {@link #MAX_MICROS}. */
    public static int bucketOf(long micros) {
        if (micros < 0 || micros > MAX_MICROS) {
            throw new IllegalArgumentException("response time out of range: " + micros + " us");
        }
        if (micros <= 1) {
            return 0;
        }
        int bucket = FIRST_BUCKETS[cellOf(micros)];
        while (UPPER_BOUNDS[bucket] < micros) {
            bucket++;
        }
        return bucket;
    }

    public void add(long micros) {
        int bucket = bucketOf(micros);
        cover(bucket, bucket);
        counts[bucket - first]++;
    }

    public void merge(ResponseTimeHistogram other) {
        if (isEmpty()) {
            first = other.first;
            counts = other.counts.clone();
            return;
        }
        if (other.isEmpty()) {
            return;
        }
        cover(other.first, other.first + other.counts.length - 1);
        for (int i = 0; i < other.counts.length; i++) {
            int at = other.first + i - first;
            counts[at] = Math.addExact(counts[at], other.counts[i]);
        }
    }

    private boolean isEmpty() {
        return counts.length == 0;
    }

    private void cover(int from, int to) {
        if (isEmpty()) {
            first = from;
            counts = new long[to - from + 1];
            return;
        }
        int last = first + counts.length - 1;
        if (from >= first && to <= last) {
            return;
        }
        int newFirst = Math.min(from, first);
        long[] wider = new long[Math.max(to, last) - newFirst + 1];
        System.arraycopy(counts, 0, wider, first - newFirst, counts.length);
        first = newFirst;
        counts = wider;
    }

    /**
     * A PostgreSQL array literal whose subscript is the bucket, from the first to the last bucket
     * that holds something: {@code [310:312]={4,0,9}}; {@code {}} when nothing does.
     */
    public String toArrayLiteral() {
        if (isEmpty()) {
            return "{}";
        }
        StringBuilder literal = new StringBuilder(8 + counts.length * 2);
        literal.append('[').append(first).append(':').append(first + counts.length - 1);
        literal.append("]={");
        for (int i = 0; i < counts.length; i++) {
            if (i > 0) {
                literal.append(',');
            }
            literal.append(counts[i]);
        }
        return literal.append('}').toString();
    }

    public void write(DataOutput out) throws IOException {
        out.writeShort(counts.length);
        if (isEmpty()) {
            return;
        }
        out.writeShort(first);
        for (long count : counts) {
            VariableLength.write(count, out);
        }
    }

    public static ResponseTimeHistogram read(DataInput in) throws IOException {
        ResponseTimeHistogram histogram = new ResponseTimeHistogram();
        int length = in.readUnsignedShort();
        if (length > 0) {
            histogram.first = in.readUnsignedShort();
            histogram.counts = new long[length];
            for (int i = 0; i < length; i++) {
                histogram.counts[i] = VariableLength.read(in);
            }
        }
        return histogram;
    }
}
