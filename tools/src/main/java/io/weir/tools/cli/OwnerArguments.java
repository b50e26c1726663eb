package io.weir.tools.cli;

import io.weir.schema.SchemaMigration;
import io.weir.tools.connect.CommandException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The schema of a command that changes it, or looks at what only its owner sees. */
final class OwnerArguments extends SchemaArguments {

    @Option(
            names = "--db-user",
            required = true,
            paramLabel = "USER",
            description = "Who owns the schema" + PASSWORD)
    private String user = "";

    @Override
    String user() {
        return user;
    }

    @Override
    String remedy() {
        return "run it as the schema's owner";
    }

    /**
     * @param shards null for the default
     */
    SchemaMigration migration(@Nullable Integer shards) {
        if (shards == null) {
            return migration();
        }
        if (shards < 1 || shards > SchemaMigration.MAX_SHARDS) {
            throw CommandException.wrongUsage(
                    "--shards: " + shards + " is not in 1.." + SchemaMigration.MAX_SHARDS);
        }
        return migration().withShards(shards);
    }
}
