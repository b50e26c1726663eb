package io.weir.tools.cli;

import picocli.CommandLine.Command;

/** Shows {@code weir bench} among the commands. */
@Command(
        name = "bench",
        description = "Measures what this machine can do.",
        mixinStandardHelpOptions = true)
final class BenchCommand extends SourceOnlyCommand {

    BenchCommand() {
        super("bench");
    }
}
