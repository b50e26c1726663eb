package io.weir.benchmarks.contestants;

import io.weir.TrafficJob;
import io.weir.config.JobOptions;
import io.weir.database.Database;
import java.sql.SQLException;
import java.util.Map;
import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The whole job as production wires it, with its defaults: all grains, the store, elections. */
final class WeirJob implements Contestant {

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
            JobSchema.make(database, assignment.firstMillis(), assignment.lastMillis());
        }
        JobSchema.empty(database);
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
                                "store.schema", JobSchema.NAME.name())));
        Stopwatch watch =
                FlinkRun.untilDrained(environment.executeAsync(TrafficJob.NAME), assignment);
        return watch.effort(JobSchema.counted(database));
    }
}
