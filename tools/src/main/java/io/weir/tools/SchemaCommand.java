package io.weir.tools;

import io.weir.schema.MigrationStatus;
import java.io.PrintWriter;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The store's schema. */
@Command(
        name = "schema",
        description = "Brings the store's schema up to date, or says how it stands.",
        subcommands = {AuditCommand.class, ResetRangeCommand.class},
        mixinStandardHelpOptions = true)
final class SchemaCommand implements Runnable {

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    @Command(
            name = "migrate",
            description = "Runs the scripts that are missing or have changed.",
            mixinStandardHelpOptions = true)
    void migrate(@Mixin SchemaArguments where) {
        int scripts = where.migration().migrate();
        out().println(
                        scripts == 0
                                ? "schema " + where.schema() + " is up to date"
                                : "schema " + where.schema() + ": " + scripts + " scripts ran");
    }

    @Command(
            name = "status",
            description = "Lists all scripts, and which of them ran.",
            mixinStandardHelpOptions = true)
    void status(@Mixin SchemaArguments where) {
        out().printf("%-8s %-28s %-10s %s%n", "version", "script", "state", "ran");
        for (MigrationStatus script : where.migration().status()) {
            out().printf(
                            "%-8s %-28s %-10s %s%n",
                            script.version() == null ? "-" : script.version(),
                            script.description(),
                            script.state(),
                            script.installedOn() == null ? "-" : script.installedOn());
        }
    }

    private PrintWriter out() {
        return spec.commandLine().getOut();
    }
}
