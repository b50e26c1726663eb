package io.weir.tools.cli;

import io.weir.schema.MigrationStatus;
import io.weir.schema.SchemaMigration;
import io.weir.tools.text.Count;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The store's schema. */
@Command(
        name = "schema",
        description = "Brings the store's schema up to date, or says how it stands.",
        subcommands = {AuditCommand.class, ResetRangeCommand.class, VerifyCommand.class},
        mixinStandardHelpOptions = true)
final class SchemaCommand implements Runnable {

    @Spec private CommandSpec spec = CommandSpec.create();

    @Override
    public void run() {
        spec.commandLine().usage(spec.commandLine().getOut());
    }

    @Command(
            name = "migrate",
            description =
                    "Runs the scripts that are missing or have changed, and makes the partitions that"
                            + " rows need now.",
            mixinStandardHelpOptions = true)
    void migrate(
            @Mixin OwnerArguments where,
            @Option(
                            names = "--shards",
                            paramLabel = "N",
                            description =
                                    "How many shards a table gets on Citus, 1 to 1024 (default: 8)."
                                            + " Only the first migration reads it; the number is"
                                            + " changed later by alter_distributed_table")
                    @Nullable Integer shards,
            @Option(
                            names = "--max-age",
                            defaultValue = "7d",
                            paramLabel = "DURATION",
                            description =
                                    "How old a request may be that the job still counts, its"
                                            + " event-time.max-age (default: ${DEFAULT-VALUE})")
                    Duration maxAge)
            throws InterruptedException {
        LookbackLimit.require("--max-age", maxAge, Instant.now());
        SchemaMigration migration = where.migration(shards);
        int scripts = migration.migrate();
        out().println(
                        scripts == 0
                                ? "schema " + where.schema() + " is up to date"
                                : "schema "
                                        + where.schema()
                                        + ": "
                                        + Count.of(scripts, "script")
                                        + " ran");
        if (shards != null) {
            sayWhenNotFollowed(where.schema(), shards, migration.liveShards());
        }
        new Maintenance(where, maxAge, out()).run();
    }

    private void sayWhenNotFollowed(String schema, int asked, OptionalInt live) {
        if (live.isEmpty()) {
            out().printf("schema %s is not distributed: --shards means nothing here%n", schema);
        } else if (live.getAsInt() != asked) {
            out().printf(
                            "schema %1$s keeps %2$d shards a table, --shards %3$d changes nothing."
                                    + " To change them, with the job stopped: select"
                                    + " alter_distributed_table('%1$s.http_request_1min',"
                                    + " shard_count => %3$d, cascade_to_colocated => true),"
                                    + " %1$s.grant_roles()%n",
                            schema, live.getAsInt(), asked);
        }
    }

    @Command(
            name = "status",
            description = "Lists all scripts, and which of them ran.",
            mixinStandardHelpOptions = true)
    void status(@Mixin OwnerArguments where) {
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
