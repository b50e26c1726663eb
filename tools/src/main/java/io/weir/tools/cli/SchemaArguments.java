package io.weir.tools.cli;

import io.weir.database.Database;
import io.weir.database.DatabaseException;
import io.weir.database.SchemaName;
import io.weir.database.SqlState;
import io.weir.schema.SchemaMigration;
import java.sql.Connection;
import java.sql.SQLException;
import picocli.CommandLine.Option;

/** Which schema of which database; who may ask is told by each kind of command. */
abstract class SchemaArguments {

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
            description = "The schema's name (default: ${DEFAULT-VALUE})")
    private String schema = "";

    /** What is done with a connection. */
    interface Work {
        void on(Connection connection) throws SQLException;
    }

    abstract String user();

    /** What a user does who may not do this. */
    abstract String remedy();

    String schema() {
        return schema;
    }

    Database database() {
        return Database.of(jdbcUrl, user());
    }

    SchemaMigration migration() {
        Database database = database();
        return new SchemaMigration(
                database.jdbcUrl(), database.user(), database.password(), schema);
    }

    /** Checks the schema's name too, which becomes part of statements. */
    Connection connect() {
        return database().connect(schema);
    }

    void run(Work work) {
        try (Connection connection = connect()) {
            work.on(connection);
        } catch (SQLException e) {
            throw failure(e);
        }
    }

    /** What a statement's error means for who typed the command. */
    DatabaseException failure(SQLException e) {
        return new DatabaseException(
                SqlState.explain(e, database(), new SchemaName(schema), remedy()), e);
    }
}
