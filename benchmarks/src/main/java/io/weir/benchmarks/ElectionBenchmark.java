package io.weir.benchmarks;

import io.weir.election.Candidate;
import io.weir.election.Election;
import io.weir.election.ElectionInput;
import io.weir.election.ElectionSettings;
import io.weir.election.ElectionStep;
import io.weir.election.ElectionStore;
import io.weir.election.HitsBetweenElections;
import io.weir.election.HoldElections;
import io.weir.election.MinuteHits;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.apache.flink.api.common.eventtime.WatermarkStrategy;
import org.apache.flink.api.common.typeinfo.TypeInformation;
import org.apache.flink.configuration.Configuration;
import org.apache.flink.configuration.PipelineOptions;
import org.apache.flink.connector.datagen.source.DataGeneratorSource;
import org.apache.flink.streaming.api.datastream.DataStream;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;
import org.apache.flink.util.CloseableIterator;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/**
 * What an election of many candidates costs the one step that sees them all: a Flink job in this
 * process, heap state, one subtask.
 */
@Command(
        name = "election",
        description = "Measures an election of many candidates: its time, and the memory it takes.",
        mixinStandardHelpOptions = true)
public final class ElectionBenchmark extends Benchmark {

    private static final long HOUR = Duration.ofHours(1).toMillis();
    private static final long MINUTE = Duration.ofMinutes(1).toMillis();
    private static final long BOUNDARY = 400_000 * HOUR;

    /** When the last candidate was sent; the job runs in this process. */
    private static volatile long lastSentNanos;

    @Option(
            names = "--candidates",
            defaultValue = "1000000",
            paramLabel = "N",
            description = "How many sites are candidates (default: ${DEFAULT-VALUE})")
    private int candidates;

    @Override
    void run() throws Exception {
        ManagementFactory.getMemoryPoolMXBeans().forEach(MemoryPoolMXBean::resetPeakUsage);
        long startNanos = System.nanoTime();
        try (CloseableIterator<String> outcome = election(candidates).executeAndCollect()) {
            out().println(outcome.next());
        }
        out().printf(
                        "%,d ms for all of the job, %,d MB of heap in use at most%n",
                        (System.nanoTime() - startNanos) / 1_000_000, peakMegabytes());
    }

    private static DataStream<String> election(int candidates) {
        StreamExecutionEnvironment environment =
                StreamExecutionEnvironment.createLocalEnvironment(
                        1,
                        new Configuration()
                                .set(PipelineOptions.GENERIC_TYPES, false)
                                .set(PipelineOptions.OBJECT_REUSE, true));
        DataStream<ElectionInput> inputs =
                environment.fromSource(
                        new DataGeneratorSource<>(
                                index -> input(index, candidates),
                                candidates + 1L,
                                TypeInformation.of(ElectionInput.class)),
                        WatermarkStrategy.noWatermarks(),
                        "candidates");
        DataStream<ElectionSettings> settings = environment.fromData(Defaults.SETTINGS);
        return inputs.keyBy(any -> 0)
                .connect(settings.broadcast(ElectionStep.SETTINGS))
                .process(new HoldElections(new Defaults(), Duration.ofMinutes(16)))
                .map(ElectionBenchmark::report);
    }

    /** First that there is traffic, then one candidate after the other. */
    private static ElectionInput input(long index, int candidates) {
        if (index == 0) {
            return new ElectionInput(new MinuteHits(1, BOUNDARY - MINUTE, 1, Long.MIN_VALUE), null);
        }
        if (index == candidates) {
            lastSentNanos = System.nanoTime();
        }
        Random random = new Random(index);
        long minute = BOUNDARY - MINUTE * (1 + random.nextInt(60));
        long hits = 100L + random.nextInt(10_000);
        HitsBetweenElections[] parts = {
            new HitsBetweenElections(BOUNDARY - 2 * HOUR, BOUNDARY - 2 * HOUR, hits),
            new HitsBetweenElections(BOUNDARY - HOUR, minute, hits)
        };
        return new ElectionInput(
                null, new Candidate((int) index, BOUNDARY, 2 * hits, minute, parts));
    }

    private static String report(Election election) {
        return "%,d candidates, %,d listed, %,d rows changed: %,d ms from the last candidate on"
                .formatted(
                        election.candidates(),
                        election.listed(),
                        election.changed().length,
                        (System.nanoTime() - lastSentNanos) / 1_000_000);
    }

    private static long peakMegabytes() {
        return ManagementFactory.getMemoryPoolMXBeans().stream()
                        .filter(pool -> pool.getCollectionUsage() != null)
                        .mapToLong(pool -> pool.getPeakUsage().getUsed())
                        .max()
                        .orElse(0)
                >> 20;
    }

    /** The settings that the schema comes with. */
    private static final class Defaults implements ElectionStore {

        private static final long serialVersionUID = 1;

        private static final ElectionSettings SETTINGS =
                new ElectionSettings(
                        1,
                        Long.MIN_VALUE,
                        2 * HOUR,
                        HOUR,
                        100,
                        1_000,
                        Duration.ofDays(90).toMillis());

        @Override
        public List<ElectionSettings> readSettings() {
            return List.of(SETTINGS);
        }

        @Override
        public Past readPast() {
            return new Past(null, List.of());
        }
    }
}
