package io.weir.tools.cli;

import io.weir.tools.top.TopSitesTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The list of the top sites. */
@Command(name = "top", description = "Prints the list of the top sites.")
final class TopCommand extends WeirCommand implements Runnable {

    @Mixin private ReaderArguments where = new ReaderArguments();

    @Option(
            names = "--limit",
            defaultValue = "15",
            paramLabel = "N",
            description = "Print at most this many sites (default: ${DEFAULT-VALUE})")
    private int limit;

    @Override
    public void run() {
        Arguments.require("--limit", limit, 1);
        where.run(session -> TopSitesTable.print(session, limit, out()));
    }
}
