package io.weir.benchmarks;

import io.weir.schema.SchemaMigration;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * A table of minute rows in a database, with its staging table and a session like the sink's.
 *
 * @param name for the report
 * @param shards of the table on Citus, 0 for a table that is not distributed
 */
record BenchmarkStore(String name, Database database, String schema, int shards) {

    /** Whose tables are measured; each store has a schema of its own named after it. */
    static final String MODEL = "weir_bench";

    /** Where, and as whom. */
    record Database(String jdbcUrl, String user, @Nullable String password) {

        Connection connect() throws SQLException {
            Properties properties = new Properties();
            properties.setProperty("user", user);
            if (password != null) {
                properties.setProperty("password", password);
            }
            properties.setProperty("ApplicationName", "weir bench");
            properties.setProperty("prepareThreshold", "0");
            return DriverManager.getConnection(jdbcUrl, properties);
        }

        boolean hasCitus() throws SQLException {
            try (Connection connection = connect();
                    Statement statement = connection.createStatement();
                    ResultSet found =
                            statement.executeQuery(
                                    "select from pg_extension where extname = 'citus'")) {
                return found.next();
            }
        }

        /** The tables of a release in a schema, of which the measured ones are copies. */
        void migrate() throws SQLException {
            drop(MODEL);
            new SchemaMigration(jdbcUrl, user, password, MODEL).migrate();
        }

        void drop(String schema) throws SQLException {
            try (Connection connection = connect();
                    Statement statement = connection.createStatement()) {
                statement.execute("drop schema if exists " + schema + " cascade");
            }
        }
    }

    static BenchmarkStore distributed(Database database, int shards) {
        return new BenchmarkStore(
                "citus, " + shards + " shards", database, MODEL + "_" + shards, shards);
    }

    static BenchmarkStore plain(Database database) {
        return new BenchmarkStore("plain", database, MODEL + "_plain", 0);
    }

    List<WriteMethod> methods() {
        return List.of(new Arrays(schema), new StagedCopy(schema), new MultiRowValues(schema));
    }

    /** Makes the tables anew, empty. */
    void create() throws SQLException {
        database.drop(schema);
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            String table = UpsertSql.table(schema);
            String staging = UpsertSql.staging(schema);
            statement.execute("create schema " + schema);
            statement.execute(
                    "create table %s (like %s.%s including all) partition by range (bucket)"
                            .formatted(table, MODEL, UpsertSql.TABLE));
            statement.execute(
                    "create unlogged table %s (like %s.%s)"
                            .formatted(staging, MODEL, UpsertSql.TABLE));
            if (shards > 0) {
                distribute(statement, table, "none");
                distribute(statement, staging, table);
            }
            for (int day = 0; day < MinuteRows.DAYS; day++) {
                statement.execute(
                        "create table %1$s_%2$d partition of %1$s for values from ('%3$s') to ('%4$s')"
                                .formatted(
                                        table,
                                        day,
                                        MinuteRows.FIRST.plus(Duration.ofDays(day)),
                                        MinuteRows.FIRST.plus(Duration.ofDays(day + 1))));
            }
        }
    }

    private void distribute(Statement statement, String table, String colocateWith)
            throws SQLException {
        statement.execute(
                "select create_distributed_table('%s', 'site_id', colocate_with => '%s'%s)"
                        .formatted(
                                table,
                                colocateWith,
                                colocateWith.equals("none") ? ", shard_count => " + shards : ""));
    }

    void drop() throws SQLException {
        database.drop(schema);
    }

    /** A session with the settings of the sink's. */
    Connection connect() throws SQLException {
        Connection connection = database.connect();
        try (Statement statement = connection.createStatement()) {
            statement.execute("set search_path = " + schema + ", " + MODEL + ", public");
            statement.execute("set timezone = 'UTC'");
            statement.execute("set citus.max_cached_conns_per_worker = 16");
        }
        return connection;
    }
}
