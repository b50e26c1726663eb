package io.weir.benchmarks.contestants;

import io.weir.TrafficJob;
import io.weir.config.JobOptions;
import io.weir.database.Database;
import io.weir.database.SchemaName;
import io.weir.database.Session;
import io.weir.schema.SchemaMigration;
import io.weir.traffic.Grain;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The whole job as production wires it, with its defaults: all grains, the store, elections. */
final class WeirJob implements Contestant {

    private static final SchemaName SCHEMA = new SchemaName("weir");

    private final Assignment assignment;
    private final Database database;
    private boolean isMade;

    WeirJob(Assignment assignment) {
        this.assignment = assignment;
        this.database = assignment.database();
    }

    @Override
    public void prepare() throws SQLException {
        if (!isMade) {
            new SchemaMigration(database, SCHEMA).migrate();
        }
        try (Session session = database.open(SCHEMA)) {
            List<String> partitioned =
                    session.list(
                            "select relname from pg_class where relkind = 'p'"
                                    + " and relnamespace = '${schema}'::regnamespace",
                            row -> row.getString(1));
            if (!isMade) {
                for (String table : partitioned) {
                    session.execute(
                            "select ${schema}.ensure_partitions(?, ?, ?)",
                            table,
                            Instant.ofEpochMilli(assignment.firstMillis()),
                            Instant.ofEpochMilli(assignment.lastMillis()));
                }
            }
            session.execute(
                    "truncate top_site, top_site_election, intake_partition, "
                            + String.join(", ", partitioned));
        }
        isMade = true;
    }

    @Override
    public Effort count() throws Exception {
        StreamExecutionEnvironment environment = FlinkRun.environment(assignment);
        TrafficJob.build(
                environment,
                JobOptions.of(
                        Map.of(
                                "kafka.bootstrap-servers", assignment.bootstrapServers(),
                                "kafka.topic", Assignment.TOPIC,
                                "kafka.start-from", "earliest",
                                "deduplicate", assignment.deduplicate(),
                                "store.url", assignment.jdbcUrl(),
                                "store.user", assignment.user(),
                                "store.schema", SCHEMA.name())));
        Stopwatch watch =
                FlinkRun.untilDrained(environment.executeAsync(TrafficJob.NAME), assignment);
        return watch.effort(counted());
    }

    /** The same in every grain, and all rows final, or this fails. */
    private long counted() throws SQLException {
        Set<Long> sums = new TreeSet<>();
        try (Session session = database.open(SCHEMA)) {
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
