package io.weir.benchmarks.micro;

import io.weir.benchmarks.SampleRecords;
import io.weir.request.KafkaRecord;
import io.weir.request.ReadRecord;
import io.weir.request.RequestDecoder;
import io.weir.sketch.VisitorHash;
import io.weir.traffic.TrafficPartial;
import io.weir.window.HeldMinutes;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.api.common.functions.util.ListCollector;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** What the job does with each record, but for what Kafka and Flink do. */
@State(Scope.Thread)
public class HotPath {

    private static final byte[] ADDRESS = "203.0.113.250".getBytes(StandardCharsets.US_ASCII);

    @Param({"plain", "generated"})
    public String records = "";

    private final RequestDecoder decoder = new RequestDecoder(Duration.ofMinutes(5), null);
    private final ReadRecord read = new ReadRecord();
    private HeldMinutes held = held();
    private List<KafkaRecord> sample = List.of();
    private int next;

    @Setup
    public void make() {
        sample = records.equals("plain") ? SampleRecords.plain() : SampleRecords.generated();
    }

    /** As after every second of a busy job. */
    @Setup(Level.Iteration)
    public void empty() {
        held = held();
    }

    private static HeldMinutes held() {
        List<StreamRecord<TrafficPartial>> nothing = new ArrayList<>();
        return new HeldMinutes(Integer.MAX_VALUE, new ListCollector<>(nothing));
    }

    @Benchmark
    public boolean decode() {
        return decodeNext();
    }

    /** From the bytes that Kafka hands over to the sums of a site's minute. */
    @Benchmark
    public boolean decodeAndCombine() {
        boolean isRequest = decodeNext();
        if (isRequest) {
            held.add(read);
        }
        return isRequest;
    }

    private boolean decodeNext() {
        KafkaRecord record = sample.get(next);
        next = next + 1 == sample.size() ? 0 : next + 1;
        read.set(record);
        decoder.decode(read);
        return read.isRequest();
    }

    @Benchmark
    public long hashAddress() {
        return VisitorHash.hashText(ADDRESS, 0, ADDRESS.length);
    }
}
