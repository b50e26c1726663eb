package io.weir.traffic;

import io.weir.request.MeasuredRequest;
import io.weir.serialize.VariableLength;
import io.weir.sketch.ResponseTimeHistogram;
import io.weir.sketch.VisitorSketch;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import org.apache.flink.api.common.typeinfo.TypeInfo;
import org.jspecify.annotations.Nullable;

/**
 * Everything that is measured of a set of requests. Merging is exact and free of order, so the
 * traffic of an hour is that of its minutes. Not thread-safe.
 *
 * <p>It is mutable and has a serializer of its own because it is the hot path: one is updated for
 * every request.
 */
@TypeInfo(TrafficSerializer.Types.class)
public final class Traffic {

    /** Format of the serialised form that is written now; all up to it are read. */
    static final byte FORMAT = 2;

    // Measure reads the fields
    long requestCount;
    long errorCount;
    long timedCount;
    long responseTimeSumMicros;
    long responseTimeMaxMicros;
    long bytesSum;
    VisitorSketch visitors = new VisitorSketch();
    Counters countries = new Counters();
    Counters statuses = new Counters();
    ResponseTimeHistogram responseTimes = new ResponseTimeHistogram();
    long duplicateCount;

    public void add(MeasuredRequest request) {
        if (request.isDuplicate()) {
            duplicateCount++;
            return;
        }
        requestCount++;
        if (request.isError()) {
            errorCount++;
        }
        bytesSum = sum(bytesSum, request.bytesSent());
        if (request.isTimed()) {
            time(request.responseTimeMicros());
        }
        if (request.hasVisitor()) {
            visitors.add(request.knownVisitorHash());
        }
        countries.add(keyOf(request.country()), 1);
        statuses.add(request.statusCode(), 1);
    }

    private void time(long micros) {
        timedCount++;
        responseTimeSumMicros = sum(responseTimeSumMicros, micros);
        responseTimeMaxMicros = Math.max(responseTimeMaxMicros, micros);
        responseTimes.add(micros);
    }

    public void merge(Traffic other) {
        requestCount += other.requestCount;
        errorCount += other.errorCount;
        timedCount += other.timedCount;
        responseTimeSumMicros = sum(responseTimeSumMicros, other.responseTimeSumMicros);
        responseTimeMaxMicros = Math.max(responseTimeMaxMicros, other.responseTimeMaxMicros);
        bytesSum = sum(bytesSum, other.bytesSum);
        visitors.merge(other.visitors);
        countries.merge(other.countries);
        statuses.merge(other.statuses);
        responseTimes.merge(other.responseTimes);
        duplicateCount += other.duplicateCount;
    }

    /**
     * Stays at the largest number instead of overflowing: a producer that claims a tebibyte for
     * every request must not stop the job. Still free of order, since nothing is negative.
     */
    private static long sum(long one, long other) {
        long sum = one + other;
        return sum < 0 ? Long.MAX_VALUE : sum;
    }

    public long requestCount() {
        return requestCount;
    }

    public long duplicateCount() {
        return duplicateCount;
    }

    /** Two letters of ASCII in one key, so that keys sort as the letters do. */
    private static int keyOf(String country) {
        return country.charAt(0) << 8 | country.charAt(1);
    }

    static String countryOf(int key) {
        return new String(new char[] {(char) (key >>> 8), (char) (key & 0xff)});
    }

    /**
     * A format byte, then the measures in the order of the fields; format 1 ends before the last.
     */
    void write(DataOutput out) throws IOException {
        out.writeByte(FORMAT);
        VariableLength.write(requestCount, out);
        VariableLength.write(errorCount, out);
        VariableLength.write(timedCount, out);
        VariableLength.write(responseTimeSumMicros, out);
        VariableLength.write(responseTimeMaxMicros, out);
        VariableLength.write(bytesSum, out);
        byte[] sketch = visitors.toBytes();
        out.writeShort(sketch.length);
        out.write(sketch);
        countries.write(out);
        statuses.write(out);
        responseTimes.write(out);
        VariableLength.write(duplicateCount, out);
    }

    /**
     * Reads what any version so far has written.
     *
     * @throws IOException when the format is unknown
     */
    static Traffic read(DataInput in) throws IOException {
        byte format = in.readByte();
        if (format < 1 || format > FORMAT) {
            throw new IOException(
                    "traffic of format "
                            + format
                            + " cannot be read: the state was written by a newer version, or is"
                            + " damaged");
        }
        Traffic traffic = new Traffic();
        traffic.requestCount = VariableLength.read(in);
        traffic.errorCount = VariableLength.read(in);
        traffic.timedCount = VariableLength.read(in);
        traffic.responseTimeSumMicros = VariableLength.read(in);
        traffic.responseTimeMaxMicros = VariableLength.read(in);
        traffic.bytesSum = VariableLength.read(in);
        byte[] sketch = new byte[in.readUnsignedShort()];
        in.readFully(sketch);
        traffic.visitors = VisitorSketch.fromBytes(sketch);
        traffic.countries = Counters.read(in);
        traffic.statuses = Counters.read(in);
        traffic.responseTimes = ResponseTimeHistogram.read(in);
        traffic.duplicateCount = format < 2 ? 0 : VariableLength.read(in);
        return traffic;
    }

    public Traffic copy() {
        Traffic copy = new Traffic();
        copy.merge(this);
        return copy;
    }

    private Object[] measures() {
        return Measure.ALL.stream().map(measure -> measure.value().apply(this)).toArray();
    }

    /** Whether every measure is the same. */
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Traffic traffic
                && Arrays.deepEquals(measures(), traffic.measures());
    }

    @Override
    public int hashCode() {
        return Long.hashCode(requestCount);
    }

    @Override
    public String toString() {
        return Arrays.deepToString(measures());
    }
}
