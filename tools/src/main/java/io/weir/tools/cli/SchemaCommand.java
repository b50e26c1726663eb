package io.weir.tools.cli;

import io.weir.schema.SchemaMigration;
import io.weir.tools.text.Count;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The store's schema. */
@Command(
        name = "schema",
        description =
                "Migrates and verifies the store's schema, audits or resets its rows, and says how much room they take.",
        subcommands = {
            AuditCommand.class,
            BudgetCommand.class,
            ResetRangeCommand.class,
            VerifyCommand.class
        })
final class SchemaCommand extends CommandGroup {

    @Command(
            name = "migrate",
            description =
                    "Runs the scripts that are missing or have changed, and creates the partitions"
                            + " that are needed now.")
    void migrate(
            @Mixin OwnerArguments where,
            @Option(
                            names = "--shards",
                            paramLabel = "N",
                            description =
                                    "How many shards a table gets on Citus, 1 to 1024 (default: 8)."
                                            + " Only the first migration reads it; to change it later,"
                                            + " use alter_distributed_table")
                    @Nullable Integer shards)
            throws InterruptedException {
        SchemaMigration migration = where.migration(shards);
        int scripts = migration.migrate();
        String ran = scripts == 0 ? " is up to date" : ": " + Count.of(scripts, "script") + " ran";
        out().println("schema " + where.schema() + ran);
        if (shards != null) {
            sayWhenNotFollowed(where.schema().name(), shards, migration.liveShards());
        }
        Maintenance.run(where, out());
    }

    private void sayWhenNotFollowed(String schema, int asked, OptionalInt live) {
        if (live.isEmpty()) {
            out().printf("schema %s is not distributed: --shards has no effect%n", schema);
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

    @Command(name = "status", description = "Lists all scripts, and which of them have run.")
    void status(@Mixin OwnerArguments where) {
        printTable(
                List.of("version", "script", "state", "ran"),
                where.migration(null).status().stream()
                        .map(
                                script ->
                                        List.of(
                                                orDash(script.version()),
                                                script.description(),
                                                script.state(),
                                                orDash(script.installedOn())))
                        .toList());
    }

    private static String orDash(@Nullable Object value) {
        return value == null ? "-" : value.toString();
    }
}
