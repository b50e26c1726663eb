package io.weir.benchmarks.contestants;

import io.weir.database.Database;
import io.weir.database.Resources;
import io.weir.database.SchemaName;
import io.weir.database.Session;
import java.sql.SQLException;

/** The tables of a contestant other than the job, in a schema of its own. */
final class PeerTables {

    private final Database database;
    private final SchemaName schema;

    PeerTables(Assignment assignment, String schema) {
        this.database = assignment.database();
        this.schema = new SchemaName(schema);
    }

    /** An SQL file of the contestants. */
    static String file(String name) {
        return Resources.text("/io/weir/benchmarks/contestants/" + name + ".sql");
    }

    /** Makes them anew from the file {@code SCHEMA_tables.sql}. */
    void make() throws SQLException {
        try (Session session = database.open(schema)) {
            session.execute(
                    "drop schema if exists ${schema} cascade; create schema ${schema};"
                            + file(schema + "_tables"));
        }
    }

    /** The requests in all rows of a table. */
    long requestsIn(String table) throws SQLException {
        try (Session session = database.open(schema)) {
            return session.list(
                            "select coalesce(sum(request_count), 0) from ${schema}." + table,
                            row -> row.getLong(1))
                    .get(0);
        }
    }
}
