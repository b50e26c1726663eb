package io.weir.tools;

import java.io.PrintWriter;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.Statement;
import picocli.CommandLine.Option;

/** The schema of a command that only reads what all readers may see. */
final class ReaderArguments extends SchemaArguments {

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

    @Override
    String remedy() {
        return "make it a member of weir_reader";
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
