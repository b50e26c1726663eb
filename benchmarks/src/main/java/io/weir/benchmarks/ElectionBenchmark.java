package io.weir.benchmarks;

import io.weir.election.Candidate;
import io.weir.election.Election;
import io.weir.election.ElectionNews;
import io.weir.election.ElectionSettings;
import io.weir.election.ElectionStore;
import io.weir.election.HitsBetweenElections;
import io.weir.election.HoldElections;
import io.weir.election.NominateSites;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.operators.co.CoBroadcastWithKeyedOperator;
import org.apache.flink.streaming.runtime.streamrecord.StreamRecord;
import org.apache.flink.streaming.util.KeyedBroadcastOperatorTestHarness;

/**
 * What an election of many candidates costs the one step that sees them all, on the heap state
 * backend: time and memory. The list is full before, and the candidates are all others.
 *
 * <p>Arguments: the number of candidates, 1,000,000 without. Run it with {@code -Xmx500m} to see
 * that it fits.
 */
public final class ElectionBenchmark {

    private static final long HOUR = Duration.ofHours(1).toMillis();
    private static final long MINUTE = Duration.ofMinutes(1).toMillis();
    private static final Duration SETTLE = Duration.ofMinutes(16);
    private static final long FIRST = 400_000 * HOUR;
    private static final int ENTRIES = 1_000;

    private ElectionBenchmark() {}

    public static void main(String[] arguments) throws Exception {
        int count = arguments.length == 0 ? 1_000_000 : Integer.parseInt(arguments[0]);
        try (KeyedBroadcastOperatorTestHarness<Integer, ElectionNews, ElectionSettings, Election>
                elections = elections()) {
            elections.open();
            long empty = usedBytes();
            report("an empty list", 1, count, empty, elections);
            report("a full list", count + 1, count, empty, elections);
        }
    }

    private static KeyedBroadcastOperatorTestHarness<
                    Integer, ElectionNews, ElectionSettings, Election>
            elections() throws Exception {
        return new KeyedBroadcastOperatorTestHarness<>(
                new CoBroadcastWithKeyedOperator<>(
                        new HoldElections(new Defaults(), SETTLE),
                        List.of(NominateSites.SETTINGS)),
                any -> 0,
                Types.INT,
                720,
                1,
                0);
    }

    private static void report(
            String name,
            int firstSite,
            int count,
            long emptyBytes,
            KeyedBroadcastOperatorTestHarness<Integer, ElectionNews, ElectionSettings, Election>
                    elections)
            throws Exception {
        long boundary = FIRST + (firstSite == 1 ? 0 : HOUR);
        long start = cpuNanos();
        fill(firstSite, count, boundary, elections);
        long filled = cpuNanos();
        long candidateBytes = usedBytes() - emptyBytes;
        long before = cpuNanos();
        elections.watermark(boundary + SETTLE.toMillis());
        long held = cpuNanos();
        Election election = elections.extractOutputValues().get(0);
        System.out.printf(
                "%s: %,d candidates, %,d listed, %,d rows changed:"
                        + " %,d ms of processor time to take in, %,d ms to elect, %,d MB held before%n",
                name,
                election.candidates(),
                election.listed(),
                election.changed().length,
                millis(filled - start),
                millis(held - before),
                candidateBytes >> 20);
        elections.getOutput().clear();
    }

    private static void fill(
            int firstSite,
            int count,
            long boundary,
            KeyedBroadcastOperatorTestHarness<Integer, ElectionNews, ElectionSettings, Election>
                    elections)
            throws Exception {
        Random random = new Random(firstSite);
        elections.processElement(
                new StreamRecord<>(new ElectionNews(boundary - MINUTE, Long.MIN_VALUE, null)));
        for (int site = firstSite; site < firstSite + count; site++) {
            long minute = boundary - MINUTE * (1 + random.nextInt(60));
            long hits = 100 + random.nextInt(10_000);
            HitsBetweenElections[] parts = {
                new HitsBetweenElections(boundary - 2 * HOUR, boundary - 2 * HOUR, hits),
                new HitsBetweenElections(boundary - HOUR, minute, hits)
            };
            elections.processElement(
                    new StreamRecord<>(
                            new ElectionNews(
                                    minute,
                                    Long.MIN_VALUE,
                                    new Candidate(site, boundary, 2 * hits, minute, parts))));
        }
    }

    private static long usedBytes() {
        System.gc();
        return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
    }

    private static long cpuNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static long millis(long nanos) {
        return nanos / 1_000_000;
    }

    /** The settings that the schema comes with. */
    private static final class Defaults implements ElectionStore {

        private static final long serialVersionUID = 1;

        @Override
        public List<ElectionSettings> readSettings() {
            return List.of(
                    new ElectionSettings(
                            1,
                            Long.MIN_VALUE,
                            2 * HOUR,
                            HOUR,
                            100,
                            ENTRIES,
                            Duration.ofDays(90).toMillis()));
        }

        @Override
        public Past readPast() {
            return new Past(null, List.of());
        }
    }
}
