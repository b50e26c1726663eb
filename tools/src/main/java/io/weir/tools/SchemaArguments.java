package io.weir.tools;

import io.weir.schema.SchemaMigration;
import io.weir.tools.connect.CommandException;
import io.weir.tools.connect.Database;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which schema of which database; shared by all commands that ask for one. */
final class SchemaArguments {

    @Option(
            names = "--jdbc-url",
            required = true,
            paramLabel = "URL",
            description = "The database: jdbc:postgresql://host:5432/database")
    private String jdbcUrl = "";

    @Option(
            names = "--db-user",
            required = true,
            paramLabel = "USER",
            description =
                    "Who owns the schema; the password is read from the environment variable "
                            + Database.PASSWORD_VARIABLE)
    private String user = "";

    @Option(
            names = "--schema",
            defaultValue = "weir",
            description = "The schema's name (default: ${DEFAULT-VALUE})")
    private String schema = "";

    String schema() {
        return schema;
    }

    Database database() {
        return Database.of(jdbcUrl, user);
    }

    SchemaMigration migration() {
        Database database = database();
        return new SchemaMigration(
                database.jdbcUrl(), database.user(), database.password(), schema);
    }

    /**
     * @param shards null for the default
     */
    SchemaMigration migration(@Nullable Integer shards) {
        if (shards == null) {
            return migration();
        }
        if (shards < 1 || shards > SchemaMigration.MOST_SHARDS) {
            throw CommandException.wrongUsage(
                    "--shards: " + shards + " is not in 1.." + SchemaMigration.MOST_SHARDS);
        }
        return migration().withShards(shards);
    }

    /** What a statement's error means for who typed the command. */
    CommandException failure(SQLException e) {
        Database database = database();
        String state = e.getSQLState() == null ? "" : e.getSQLState();
        return switch (state) {
            case "42883", "42P01", "3F000" ->
                    new CommandException(
                            "schema "
                                    + schema
                                    + " in "
                                    + database.address()
                                    + " is missing or old: run weir schema migrate first",
                            e);
            case "42501" ->
                    new CommandException(
                            database.user()
                                    + " may not do this in schema "
                                    + schema
                                    + " ("
                                    + CommandException.innermost(e)
                                    + "): run it as the schema's owner",
                            e);
            default ->
                    new CommandException(
                            database.address() + ": " + CommandException.innermost(e), e);
        };
    }
}
