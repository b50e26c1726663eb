package io.weir.benchmarks;

import io.weir.tools.cli.Weir;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code weir bench}: the benchmarks by name. */
@Command(
        name = "bench",
        description = "Measures what this machine can do.",
        mixinStandardHelpOptions = true,
        subcommands = {
            AccessLogBenchmark.class,
            DecodeBenchmark.class,
            DeduplicateBenchmark.class,
            ElectionBenchmark.class,
            MicroBenchmark.class,
            QueriesBenchmark.class,
            RecoveryBenchmark.class,
            StorageBenchmark.class,
            StoreWriteBenchmark.class,
            ThroughputBenchmark.class
        })
public final class Benchmarks implements Runnable {

    @Spec private CommandSpec spec = CommandSpec.create();

    /** Runs {@code weir} with arguments that begin with {@code bench}. */
    public static void main(String[] arguments) {
        System.exit(Weir.run(commandLine(), arguments));
    }

    static CommandLine commandLine() {
        return Weir.commandLineWith("bench", new Benchmarks());
    }

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }
}
