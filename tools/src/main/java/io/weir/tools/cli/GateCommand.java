package io.weir.tools.cli;

import io.weir.tools.connect.CommandException;
import picocli.CommandLine.Command;

/**
 * Shows {@code weir gate} among the commands. The gate is a module of its own, which the script
 * {@code weir} runs instead of this one.
 */
@Command(
        name = "gate",
        description = "Proves that nothing is lost or counted twice, whatever fails.",
        mixinStandardHelpOptions = true)
final class GateCommand implements Runnable {

    @Override
    public void run() {
        throw new CommandException(
                "the gate is not in this program: run the script weir of the source tree");
    }
}
