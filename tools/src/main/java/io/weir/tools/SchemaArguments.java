package io.weir.tools;

import io.weir.schema.SchemaMigration;
import io.weir.tools.connect.Database;
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
}
