package io.weir.tools.cli;

import io.weir.database.DatabaseException;
import java.io.PrintWriter;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Statement;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Option;

/** The schema of a command that only reads what all readers may see. */
final class ReaderArguments extends SchemaArguments {

    private static final Logger LOG = LoggerFactory.getLogger(ReaderArguments.class);

    @Option(
            names = "--db-user",
            required = true,
            paramLabel = "USER",
            description = "Who reads: a member of weir_reader is enough" + PASSWORD)
    private String user = "";

    @Override
    String user() {
        return user;
    }

    /** To a tenant a reader's rights would open the sites of all others. */
    @Override
    String remedy() {
        return isTenant()
                ? "it is a tenant, which sees rows of its own sites and nothing else"
                : "make it a member of weir_reader";
    }

    private boolean isTenant() {
        try (Connection connection = connect();
                Statement statement = connection.createStatement();
                ResultSet answer =
                        statement.executeQuery(
                                "select exists (select from pg_roles where rolname = 'weir_tenant'"
                                        + " and pg_has_role(oid, 'member'))")) {
            return answer.next() && answer.getBoolean(1);
        } catch (SQLException | DatabaseException e) {
            LOG.debug("whether {} is a tenant cannot be told", user, e);
            return false;
        }
    }

    /** Prints the two columns of a query, in which SCHEMA is the schema, under their names. */
    void list(PrintWriter out, String format, String query) {
        run(
                connection -> {
                    try (Statement statement = connection.createStatement();
                            ResultSet rows =
                                    statement.executeQuery(query.replace("SCHEMA", schema()))) {
                        ResultSetMetaData columns = rows.getMetaData();
                        out.printf(format, columns.getColumnLabel(1), columns.getColumnLabel(2));
                        while (rows.next()) {
                            out.printf(format, rows.getString(1), rows.getString(2));
                        }
                    }
                });
    }
}
