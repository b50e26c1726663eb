package io.weir.tools.cli;

import io.weir.database.Database;
import io.weir.database.DatabaseException;
import io.weir.database.SchemaName;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Which schema of which database; its kinds differ in who may ask. */
abstract class StoreArguments {

    /** How the description of {@code --db-user} ends. */
    static final String PASSWORD =
            "; the password is read from the environment variable " + Database.PASSWORD_VARIABLE;

    @Option(
            names = "--jdbc-url",
            required = true,
            paramLabel = "URL",
            description = "The database: jdbc:postgresql://host:5432/database")
    private String jdbcUrl = "";

    @Option(
            names = "--schema",
            defaultValue = "weir",
            paramLabel = "NAME",
            description = "The schema's name (default: ${DEFAULT-VALUE})")
    private String schema = "";

    abstract String user();

    /** What a user can do who may not do this. */
    abstract String remedy();

    SchemaName schema() {
        return new SchemaName(schema);
    }

    Database database() {
        return Database.of(jdbcUrl, user());
    }

    void run(Database.Work work) {
        database().run(schema(), this::remedy, work);
    }

    /**
     * Answers a question to the store.
     *
     * @throws DatabaseException when the database does not answer it; the message says why
     */
    <T extends @Nullable Object> T ask(Database.Question<T> question) {
        return database().ask(schema(), this::remedy, question);
    }
}
