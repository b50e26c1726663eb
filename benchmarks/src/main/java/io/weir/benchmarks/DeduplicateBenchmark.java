package io.weir.benchmarks;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.weir.TrafficJob;
import io.weir.TrafficPipeline;
import io.weir.config.JobOptions;
import io.weir.deduplicate.FilledIdSets;
import io.weir.request.ReadRecord;
import io.weir.request.RequestDecoder;
import io.weir.tools.send.GeneratedRequests;
import io.weir.view.Views;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.api.connector.source.util.ratelimit.RateLimiterStrategy;
import org.apache.flink.configuration.CheckpointingOptions;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.RestOptions;
import org.apache.flink.configuration.RestartStrategyOptions;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.connector.datagen.source.GeneratorFunction;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.streaming.api.functions.sink.v2.DiscardingSink;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What deduplication costs: requests a second of the pipeline from JSON to rows in a process of one
 * slot, without it and with it in turn, and the memory of the ids.
 */
@Command(
        name = "deduplicate",
        description =
                "Requests a second with deduplication and without, and the memory of the ids.",
        mixinStandardHelpOptions = true)
final class DeduplicateBenchmark extends Benchmark {

    private static final int SITES = 500;
    private static final int MINUTES = 16;
    private static final long START = GeneratedRequests.END_OF_SEEDED.toEpochMilli();
    private static final String RATE = "%.2f (%.2f..%.2f)";

    @Option(
            names = "--requests",
            defaultValue = "4000000",
            paramLabel = "N",
            description = "How many requests a round has (default: ${DEFAULT-VALUE})")
    private int requests;

    @Option(
            names = "--ids",
            defaultValue = "10000000",
            paramLabel = "N",
            description = "How many ids are held (default: ${DEFAULT-VALUE})")
    private int ids;

    @Option(
            names = "--rounds",
            defaultValue = "5",
            paramLabel = "N",
            description = "How often each of the two is measured (default: ${DEFAULT-VALUE})")
    private int rounds;

    @Override
    void run() throws Exception {
        requirePositive("--requests", requests);
        requirePositive("--ids", ids);
        requirePositive("--rounds", rounds);
        measureMemory();
        measureSpeed();
    }

    private void measureMemory() throws Exception {
        long before = usedHeap();
        FilledIdSets sets = new FilledIdSets(ids, MINUTES);
        long heap = usedHeap() - before;
        out().printf(
                        "%,d ids of %d minutes: %.1f bytes of heap and %.1f in a checkpoint, each%n",
                        ids, MINUTES, (double) heap / ids, (double) sets.serializedBytes() / ids);
    }

    private static long usedHeap() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    private void measureSpeed() throws Exception {
        Sample off = new Sample();
        Sample on = new Sample();
        Sample ratio = new Sample();
        for (int round = 0; round <= rounds; round++) {
            double without = millionsPerSecond("none");
            double with = millionsPerSecond("request-id");
            if (round > 0) { // the first warms up
                off.add(without);
                on.add(with);
                ratio.add(with / without);
            }
        }
        out().printf(
                        """
                        Millions of requests a second, JSON to rows, one slot: medians of %d rounds \
                        (least..greatest)
                        | without | with | with / without |
                        |--:|--:|--:|
                        | %s | %s | %s |
                        """,
                        rounds, off.show(RATE), on.show(RATE), ratio.show(RATE));
    }

    /** No checkpoint is taken: the job would wait for the last one, and that is not counting. */
    private double millionsPerSecond(String deduplicate) throws Exception {
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(
                        1,
                        new Configuration()
                                .set(RestOptions.BIND_PORT, "0")
                                .set(RestartStrategyOptions.RESTART_STRATEGY, "none")
                                .set(
                                        CheckpointingOptions.CHECKPOINTING_INTERVAL,
                                        Duration.ofDays(1))
                                .set(
                                        CheckpointingOptions.ENABLE_CHECKPOINTS_AFTER_TASKS_FINISH,
                                        false));
        TrafficJob.configure(environment);
        JobOptions options =
                JobOptions.of(
                        Map.of(
                                "kafka.bootstrap-servers", "none:9092",
                                "store.url", "jdbc:postgresql://none/none",
                                "store.user", "none",
                                "deduplicate", deduplicate));
        DataStream<ReadRecord> records =
                environment.fromSource(
                        new DataGeneratorSource<>(
                                new Requests(
                                        new RequestDecoder(
                                                Duration.ZERO,
                                                null,
                                                options.deduplicate().identity()),
                                        requests),
                                requests,
                                RateLimiterStrategy.noOp(),
                                TypeInformation.of(ReadRecord.class)),
                        WatermarkStrategy.<ReadRecord>forMonotonousTimestamps()
                                .withTimestampAssigner((record, any) -> record.timestampMillis()),
                        "requests");
        TrafficPipeline.of(records, options, Views.none(), Long.MIN_VALUE)
                .rows()
                .sinkTo(new DiscardingSink<>());
        long start = System.nanoTime();
        environment.execute();
        return requests * 1e3 / (System.nanoTime() - start);
    }

    /** Requests of all sites in turn, each with an id of its own, over so many minutes. */
    private static final class Requests implements GeneratorFunction<Long, ReadRecord> {

        private static final long serialVersionUID = 1;

        private final RequestDecoder decoder;
        private final int requests;

        private Requests(RequestDecoder decoder, int requests) {
            this.decoder = decoder;
            this.requests = requests;
        }

        @Override
        public ReadRecord map(Long index) {
            long timeMillis = START + index * Duration.ofMinutes(MINUTES).toMillis() / requests;
            byte[] json =
                    ("{\"site_id\":"
                                    + (1 + index % SITES)
                                    + ",\"event_time\":"
                                    + timeMillis
                                    + ",\"status_code\":200,\"ip_address\":\"203.0.113."
                                    + index % 250
                                    + "\",\"response_time_msec\":12.5,\"bytes_sent\":5120,"
                                    + "\"request_country\":\"BR\",\"request_id\":\"7b1c9a04-"
                                    + Long.toHexString(index * 0x9e3779b97f4a7c15L)
                                    + "\",\"url\":\"/cart?item=5\"}")
                            .getBytes(UTF_8);
            ReadRecord read = new ReadRecord();
            read.set("t", 0, index, timeMillis, null, json, List.of());
            decoder.decode(read);
            return read;
        }
    }
}
