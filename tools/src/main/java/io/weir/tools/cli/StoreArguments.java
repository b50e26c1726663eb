package io.weir.tools.cli;

import io.weir.database.Database;
import io.weir.database.DatabaseException;
import io.weir.database.SchemaName;
import io.weir.database.Session;
import io.weir.database.SqlState;
import java.sql.SQLException;
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

    /** What is done in a session. */
    interface Work {
        void in(Session session) throws SQLException;
    }

    /** What is found out in a session. */
    interface Question<T extends @Nullable Object> {
        T in(Session session) throws SQLException;
    }

    abstract String user();

    /** What a user can do who may not do this. */
    abstract String remedy();

    SchemaName schema() {
        return new SchemaName(schema);
    }

    Database database() {
        return Database.of(jdbcUrl, user());
    }

    void run(Work work) {
        ask(
                session -> {
                    work.in(session);
                    return true;
                });
    }

    /**
     * Answers a question to the store.
     *
     * @throws DatabaseException when the database does not answer it; the message says why
     */
    <T extends @Nullable Object> T ask(Question<T> question) {
        try (Session session = database().open(schema())) {
            return question.in(session);
        } catch (SQLException e) {
            String message = SqlState.explain(e, database(), schema(), remedy());
            throw SqlState.of(e) == SqlState.INVALID
                    ? DatabaseException.wrongUsage(message)
                    : new DatabaseException(message, e);
        }
    }
}
