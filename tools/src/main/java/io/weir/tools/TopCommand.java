package io.weir.tools;

import io.weir.tools.connect.CommandException;
import io.weir.tools.top.TopSitesTable;
import java.sql.Connection;
import java.sql.SQLException;
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

    @Mixin private SchemaArguments where = new SchemaArguments();

    @Option(
            names = "--limit",
            defaultValue = "15",
            paramLabel = "N",
            description = "So many sites at most (default: ${DEFAULT-VALUE})")
    private int limit;

    @Override
    public void run() {
        if (limit < 1) {
            throw CommandException.wrongUsage("--limit: " + limit + " must be 1 or more");
        }
        where.migration(); // checks the schema's name, which becomes part of a statement
        try (Connection connection = where.database().connect(where.schema())) {
            new TopSitesTable(spec.commandLine().getOut()).print(connection, where.schema(), limit);
        } catch (SQLException e) {
            throw where.failure(e);
        }
    }
}
