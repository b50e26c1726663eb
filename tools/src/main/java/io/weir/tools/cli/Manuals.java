package io.weir.tools.cli;

import java.util.Map;
import java.util.Objects;
import picocli.CommandLine;

/** Which manual describes a command in full. */
final class Manuals {

    /** Beside the script weir, by the name of the command that has no group above it. */
    static final Map<String, String> BY_COMMAND =
            Map.ofEntries(
                    Map.entry("bench", "benchmarks/README.md"),
                    Map.entry("cluster", "docs/operations.md#upgrade"),
                    Map.entry("dead-letters", "docs/operations.md#rejects"),
                    Map.entry("demo", "README.md#two-commands"),
                    Map.entry("doctor", "docs/operations.md"),
                    Map.entry("gate", "README.md#tests-and-benchmarks"),
                    Map.entry("generate", "README.md#two-commands"),
                    Map.entry("maintain", "citus-schema/README.md#retention-and-maintenance"),
                    Map.entry("recount", "docs/operations.md#recount"),
                    Map.entry("replay-log", "docs/access-logs.md"),
                    Map.entry("requests", "docs/requests.md"),
                    Map.entry("schema", "citus-schema/README.md"),
                    Map.entry("serve", "README.md#ways-to-see-the-results"),
                    Map.entry("site", "citus-schema/README.md#roles-tenants-and-sites"),
                    Map.entry("tenant", "citus-schema/README.md#roles-tenants-and-sites"),
                    Map.entry("top", "citus-schema/README.md#the-election-of-the-top-sites"),
                    Map.entry("topics", "README.md#run-it-on-a-cluster"),
                    Map.entry("view", "docs/views.md"));

    private Manuals() {}

    /** Names the manuals at the end of the commands' help. */
    static void nameIn(CommandLine weir) {
        weir.getCommandSpec()
                .usageMessage()
                .footer("", "All manuals: docs/README.md beside this script");
        weir.getSubcommands()
                .forEach(
                        (name, command) ->
                                name(command, Objects.requireNonNull(BY_COMMAND.get(name), name)));
    }

    private static void name(CommandLine command, String manual) {
        command.getCommandSpec().usageMessage().footer("", "Manual: " + manual);
        command.getSubcommands().values().forEach(each -> name(each, manual));
    }
}
