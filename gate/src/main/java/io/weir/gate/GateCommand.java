package io.weir.gate;

import io.weir.rig.FlinkCluster;
import io.weir.rig.Stack;
import io.weir.testing.ScratchFolder;
import io.weir.tools.cli.Weir;
import io.weir.tools.connect.CommandException;
import io.weir.tools.text.Count;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.ExitCode;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code weir gate}. */
@Command(
        name = "gate",
        description = {
            "Proves that nothing is lost or counted twice: sends requests of which every cell is"
                    + " known, makes everything fail that can, and compares all rows of traffic, letters"
                    + " and the ledger. Kafka, PostgreSQL and Flink run in this process.",
            "Exit code 0 when no cell differs, 1 when one does. With --mutate a fault is put into"
                    + " the job, so 1 is what should come of it."
        },
        mixinStandardHelpOptions = true)
public final class GateCommand implements Callable<Integer> {

    private static final int TASK_MANAGERS = 2;

    @Spec private CommandSpec spec = CommandSpec.create();

    @Option(
            names = "--seeds",
            defaultValue = "1",
            paramLabel = "N",
            description = "How many runs, each drawn from its own seed (default: ${DEFAULT-VALUE})")
    private int seeds = 1;

    @Option(
            names = "--first-seed",
            defaultValue = "1",
            paramLabel = "S",
            description = "The first seed; the others follow it (default: ${DEFAULT-VALUE})")
    private long firstSeed = 1;

    @Option(
            names = "--mutate",
            paramLabel = "NAME",
            description =
                    "Put this fault into the job, and stop at the first seed that notices:"
                            + " ${COMPLETION-CANDIDATES}")
    private @Nullable Mutation mutation;

    /** Runs {@code weir} with arguments that begin with {@code gate}. */
    public static void main(String[] arguments) {
        System.exit(Weir.run(Weir.commandLineWith("gate", new GateCommand()), arguments));
    }

    @Override
    public Integer call() throws Exception {
        if (seeds < 1) {
            throw CommandException.wrongUsage("--seeds: " + seeds + " must be 1 or more");
        }
        if (mutation == null) {
            int differing = differing();
            out().println(
                            differing == 0
                                    ? Count.of(seeds, "seed") + ", 0 differing cells"
                                    : "cells differ in %d of %s"
                                            .formatted(differing, Count.of(seeds, "seed")));
            return differing == 0 ? ExitCode.OK : ExitCode.SOFTWARE;
        }
        try (Mutation.Planted planted = mutation.plant()) {
            out().println("put into the job: " + mutation.fault());
            boolean isCaught = differing() > 0;
            out().println(
                            isCaught
                                    ? mutation + " was caught"
                                    : mutation + " was NOT caught by " + Count.of(seeds, "seed"));
            return isCaught ? ExitCode.SOFTWARE : ExitCode.OK;
        }
    }

    /** Returns how many seeds have cells that differ; of a mutation one is enough. */
    private int differing() throws Exception {
        int differing = 0;
        try (ScratchFolder folder = ScratchFolder.make();
                Stack stack = Stack.start(folder.path());
                FlinkCluster flink = FlinkCluster.start(folder.path(), TASK_MANAGERS)) {
            for (long seed = firstSeed; seed < firstSeed + seeds; seed++) {
                differing += isEqual(stack, flink, seed) ? 0 : 1;
                if (mutation != null && differing > 0) {
                    break;
                }
            }
        }
        return differing;
    }

    private boolean isEqual(Stack stack, FlinkCluster flink, long seed) throws Exception {
        Plan plan = Plan.draw(seed);
        out().println("seed " + seed + ": " + plan.describe());
        out().flush();
        Differences differences =
                new Trial(plan, stack, flink, "gate_" + Long.toUnsignedString(seed)).run();
        differences.shown().forEach(each -> out().println("  " + each));
        out().printf(
                        "seed %d: %d of %d cells differ%n",
                        seed, differences.differing(), differences.compared());
        out().flush();
        return differences.differing() == 0;
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
