package io.weir.tools.cli;

import io.weir.tools.connect.CommandException;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Unmatched;

/**
 * A command of a module that is no part of the product, shown among the others. In the source tree
 * the script {@code weir} runs that module instead of this program; a release does not have it.
 */
abstract class SourceOnlyCommand implements Runnable {

    private final String name;

    @Unmatched private List<String> arguments = new ArrayList<>();

    SourceOnlyCommand(String name) {
        this.name = name;
    }

    @Override
    public final void run() {
        throw new CommandException(
                "%1$s is not part of a release: in a checkout of the source, run ./weir %1$s %2$s"
                        .formatted(name, String.join(" ", arguments))
                        .strip());
    }
}
