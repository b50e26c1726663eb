package io.weir.benchmarks.contestants;

import io.weir.database.Database;
import io.weir.database.SchemaName;
import io.weir.database.Session;
import io.weir.schema.SchemaMigration;
import io.weir.traffic.Grain;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The schema that the job writes to. */
public final class JobSchema {

    public static final SchemaName NAME = new SchemaName("weir");

    private JobSchema() {}

    /** Makes it, with partitions for these event times, epoch milliseconds. */
    public static void make(Database database, long firstMillis, long lastMillis)
            throws SQLException {
        new SchemaMigration(database, NAME).migrate();
        try (Session session = database.open(NAME)) {
            for (String table : partitioned(session)) {
                session.execute(
                        "select ${schema}.ensure_partitions(?, ?, ?)",
                        table,
                        Instant.ofEpochMilli(firstMillis),
                        Instant.ofEpochMilli(lastMillis));
            }
        }
    }

    static void empty(Database database) throws SQLException {
        try (Session session = database.open(NAME)) {
            session.execute(
                    "truncate top_site, top_site_election, intake_partition, "
                            + String.join(", ", partitioned(session)));
        }
    }

    private static List<String> partitioned(Session session) throws SQLException {
        return session.list(
                "select relname from pg_class where relkind = 'p'"
                        + " and relnamespace = '${schema}'::regnamespace",
                row -> row.getString(1));
    }

    /**
     * The requests in its final rows.
     *
     * @throws IllegalStateException when the grains do not agree
     */
    public static long counted(Database database) throws SQLException {
        Set<Long> sums = new TreeSet<>();
        try (Session session = database.open(NAME)) {
            for (Grain grain : Grain.values()) {
                sums.addAll(
                        session.list(
                                "select coalesce(sum(request_count) filter (where is_final), 0)"
                                        + " from ${schema}."
                                        + grain.table(),
                                row -> row.getLong(1)));
            }
        }
        if (sums.size() > 1) {
            throw new IllegalStateException("the grains disagree: " + sums);
        }
        return sums.iterator().next();
    }
}
