package io.weir.benchmarks.micro;

import io.weir.request.HttpRequest;
import io.weir.traffic.Traffic;
import io.weir.traffic.TrafficSerializer;
import java.io.IOException;
import java.util.SplittableRandom;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What the windows do with the traffic of a site and minute, or a second of it. */
@State(Scope.Thread)
public class BusyMinute {

    private static final String[] COUNTRIES = {"BR", "US", "DE", "IN", "JP"};
    private static final int[] STATUSES = {200, 304, 404, 503};

    @Param({"5", "3000"})
    public int requests;

    private final Traffic other = new Traffic();
    private final DataOutputSerializer out = new DataOutputSerializer(8 << 10);
    private Traffic traffic = new Traffic();
    private byte[] written = {};

    @Setup
    public void fill() throws IOException {
        traffic = new Traffic();
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < requests; i++) {
            traffic.add(request(random));
            other.add(request(random));
        }
        TrafficSerializer.INSTANCE.serialize(traffic, out);
        written = out.getCopyOfBuffer();
    }

    private static HttpRequest request(SplittableRandom random) {
        return new HttpRequest(
                7,
                0,
                STATUSES[random.nextInt(STATUSES.length)],
                random.nextLong(),
                1 + random.nextLong(500_000),
                random.nextLong(100_000),
                COUNTRIES[random.nextInt(COUNTRIES.length)]);
    }

    @Benchmark
    public Traffic merge() {
        traffic.merge(other);
        return traffic;
    }

    @Benchmark
    public int serialize() throws IOException {
        out.clear();
        TrafficSerializer.INSTANCE.serialize(traffic, out);
        return out.length();
    }

    @Benchmark
    public Traffic deserialize() throws IOException {
        return TrafficSerializer.INSTANCE.deserialize(new DataInputDeserializer(written));
    }
}
