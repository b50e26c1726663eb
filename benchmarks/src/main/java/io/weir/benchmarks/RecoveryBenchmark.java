package io.weir.benchmarks;

import io.weir.benchmarks.recovery.Recovery;
import io.weir.benchmarks.recovery.RecoveryRun;
import io.weir.benchmarks.recovery.RecoverySettings;
import io.weir.benchmarks.throughput.Conditions;
import io.weir.benchmarks.throughput.Workload;
import java.time.Duration;
import java.util.Locale;
import org.apache.flink.configuration.MemorySize;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code weir bench recovery}: how long the job is behind after its TaskManager was killed. */
@Command(
        name = "recovery",
        description = {
            "How long the job is behind when its TaskManager is killed and another one waits.",
            "A JobManager, TaskManagers, Kafka and PostgreSQL run in processes of their own, in a"
                    + " temporary folder. At the end every request must have been counted once."
        },
        mixinStandardHelpOptions = true)
final class RecoveryBenchmark extends Benchmark {

    /** More than enough for waiting and catching up. */
    private static final int MOST_SECONDS_OF_A_ROUND = 240;

    @Option(
            names = "--rate",
            defaultValue = "50000",
            paramLabel = "N",
            description = "Requests a second (default: ${DEFAULT-VALUE})")
    private int rate;

    @Option(
            names = "--sites",
            defaultValue = "500",
            paramLabel = "N",
            description = "How many sites they go to (default: ${DEFAULT-VALUE})")
    private int sites;

    @Option(
            names = "--rounds",
            defaultValue = "3",
            paramLabel = "N",
            description = "How often a TaskManager is killed (default: ${DEFAULT-VALUE})")
    private int rounds;

    @Option(
            names = "--before",
            defaultValue = "30s",
            paramLabel = "DURATION",
            description =
                    "How long the job runs between two failures, at least (default:"
                            + " ${DEFAULT-VALUE})")
    private Duration before = Duration.ZERO;

    @Option(
            names = "--checkpoints",
            defaultValue = "10s",
            paramLabel = "DURATION",
            description = "The time between two (default: ${DEFAULT-VALUE})")
    private Duration checkpoints = Duration.ZERO;

    @Option(
            names = "--state",
            defaultValue = "hashmap",
            paramLabel = "BACKEND",
            description = "hashmap or rocksdb (default: ${DEFAULT-VALUE})")
    private Conditions.StateBackend state = Conditions.StateBackend.HASHMAP;

    @Option(
            names = "--heap",
            defaultValue = "1g",
            paramLabel = "SIZE",
            description = "Heap of a TaskManager's tasks (default: ${DEFAULT-VALUE})")
    private String heap = "";

    @Override
    void run() throws Exception {
        requirePositive("--rate", rate);
        requirePositive("--sites", sites);
        requirePositive("--rounds", rounds);
        requireHeap(heap);
        require(!checkpoints.isZero(), "--checkpoints must be longer than 0");
        long events = (long) rate * rounds * (MOST_SECONDS_OF_A_ROUND + before.toSeconds());
        require(
                events <= Integer.MAX_VALUE,
                "--rate, --rounds and --before are more than two billion requests together");
        Sample reading = new Sample();
        Sample caughtUp = new Sample();
        Sample load = new Sample();
        try (RecoveryRun run = RecoveryRun.start(settings((int) events))) {
            for (int round = 1; round <= rounds; round++) {
                Recovery recovery = run.round();
                show(round, recovery);
                reading.add(recovery.untilReading());
                caughtUp.add(recovery.untilCaughtUp());
                load.add(rate / recovery.caughtUpWith());
            }
            run.requireEachCountedOnce();
        }
        out().println("Medians of the rounds (least..greatest):");
        out().println("kill to reading, s: " + reading.show("%.1f (%.1f..%.1f)"));
        out().println("kill to caught up, s: " + caughtUp.show("%.1f (%.1f..%.1f)"));
        out().println(
                        "load, requests sent by those that are read while catching up: "
                                + load.show("%.2f (%.2f..%.2f)"));
        out().println("every request was counted once");
    }

    private RecoverySettings settings(int events) {
        return new RecoverySettings(
                rate,
                new Workload(
                        Workload.Form.PLAIN,
                        events,
                        sites,
                        1,
                        false,
                        Workload.Density.LIVE,
                        Workload.MIN_BYTES,
                        Workload.Compression.LZ4),
                before,
                checkpoints,
                state,
                MemorySize.parse(heap).getMebiBytes());
    }

    private void show(int round, Recovery recovery) {
        out().printf(
                        Locale.ROOT,
                        "round %d of %d: reading after %.1f s, caught up after %.1f s at %,.0f"
                                + " requests/s; %,d read again; checkpoint of %,d KB in %,d ms%n",
                        round,
                        rounds,
                        recovery.untilReading(),
                        recovery.untilCaughtUp(),
                        recovery.caughtUpWith(),
                        recovery.readAgain(),
                        recovery.checkpointBytes() / 1024,
                        recovery.checkpointMillis());
    }
}
