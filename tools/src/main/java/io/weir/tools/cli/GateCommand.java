package io.weir.tools.cli;

import picocli.CommandLine.Command;

/** Shows {@code weir gate} among the commands. */
@Command(
        name = "gate",
        description = "Proves that nothing is lost or counted twice, whatever fails.",
        mixinStandardHelpOptions = true)
final class GateCommand extends SourceOnlyCommand {

    GateCommand() {
        super("gate");
    }
}
