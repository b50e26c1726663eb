package io.weir.tools.cli;

import io.weir.schema.SchemaMigration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The schema of a command that changes it, or reads what only its owner sees. */
final class OwnerArguments extends StoreArguments {

    @Option(
            names = "--db-user",
            required = true,
            paramLabel = "USER",
            description = "The schema's owner" + PASSWORD)
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
     * The migration of the schema.
     *
     * @param shards null for the default
     */
    SchemaMigration migration(@Nullable Integer shards) {
        SchemaMigration migration = new SchemaMigration(database(), schema());
        if (shards == null) {
            return migration;
        }
        Arguments.require("--shards", shards, 1, SchemaMigration.MAX_SHARDS);
        return migration.withShards(shards);
    }
}
