package io.weir.benchmarks;

import io.weir.database.Database;
import io.weir.database.SchemaName;
import io.weir.database.Session;
import io.weir.schema.SchemaMigration;
import io.weir.store.StoreConnection;
import io.weir.store.StoreOptions;
import io.weir.store.StorePassword;
import io.weir.store.StoreTables;
import java.sql.SQLException;
import java.time.Duration;

/** A schema of a benchmark's own, made anew and dropped when it is closed. */
abstract class BenchmarkSchema implements AutoCloseable {

    private final Database database;
    private final Session session;
    private final boolean isDistributed;

    /**
     * @param shards of its tables, where the database has Citus
     */
    BenchmarkSchema(Database database, SchemaName schema, int shards) throws SQLException {
        this.database = database;
        drop(database, schema);
        new SchemaMigration(database, schema).withShards(shards).migrate();
        session = database.open(schema);
        session.execute("set timezone = 'UTC'; set citus.max_cached_conns_per_worker = 16");
        isDistributed =
                session.holds("select exists (select from pg_extension where extname = 'citus')");
    }

    final Session session() {
        return session;
    }

    /** Whether the database has Citus. */
    final boolean isDistributed() {
        return isDistributed;
    }

    /** Puts the rows of a site beside its minutes, where the database has Citus. */
    final void distribute(String table) throws SQLException {
        if (isDistributed) {
            session.execute(
                    "select create_distributed_table('%s', 'site_id', colocate_with => 'http_request_1min')"
                            .formatted(table));
        }
    }

    /** A connection that writes as the job does. */
    final StoreConnection openSink() {
        return new StoreConnection(
                new StoreOptions(
                        database.jdbcUrl(),
                        database.user(),
                        StorePassword.known(database.password()),
                        session.schema().name(),
                        StoreTables.MAIN,
                        MinuteRows.SITES,
                        Duration.ofSeconds(1),
                        Duration.ZERO));
    }

    @Override
    public void close() throws SQLException {
        session.close();
        drop(database, session.schema());
    }

    private static void drop(Database database, SchemaName schema) throws SQLException {
        try (Session session = database.open(schema)) {
            session.execute("drop schema if exists ${schema} cascade");
        }
    }
}
