package io.weir.tools.cli;

import io.weir.database.SchemaName;
import io.weir.database.Session;
import io.weir.tools.connect.CommandException;
import io.weir.tools.top.TopSitesTable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The list of the top sites. */
@Command(
        name = "top",
        description = "Prints the list of the top sites.",
        mixinStandardHelpOptions = true)
final class TopCommand implements Runnable {

    @Spec private CommandSpec spec = CommandSpec.create();

    @Mixin private ReaderArguments where = new ReaderArguments();

    @Option(
            names = "--limit",
            defaultValue = "15",
            paramLabel = "N",
            description = "At most this many sites (default: ${DEFAULT-VALUE})")
    private int limit;

    @Override
    public void run() {
        if (limit < 1) {
            throw CommandException.wrongUsage("--limit: " + limit + " must be 1 or more");
        }
        SchemaName schema = new SchemaName(where.schema());
        where.run(
                connection ->
                        TopSitesTable.print(
                                new Session(connection, schema),
                                limit,
                                spec.commandLine().getOut()));
    }
}
