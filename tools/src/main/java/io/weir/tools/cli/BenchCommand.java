package io.weir.tools.cli;

import io.weir.tools.connect.CommandException;
import picocli.CommandLine.Command;

/**
 * Shows {@code weir bench} among the commands. The benchmarks are a module of their own, which the
 * script {@code weir} runs instead of this one.
 */
@Command(
        name = "bench",
        description = "Measures what this machine can do.",
        mixinStandardHelpOptions = true)
final class BenchCommand implements Runnable {

    @Override
    public void run() {
        throw new CommandException(
                "the benchmarks are not in this program: run the script weir of the source tree");
    }
}
