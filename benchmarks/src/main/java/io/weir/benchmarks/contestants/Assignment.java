package io.weir.benchmarks.contestants;

import io.weir.database.Database;
import java.io.Serializable;

/**
 * What a contestant is told.
 *
 * @param user the database's superuser, who needs no password
 * @param records how many there are in the topic
 * @param firstMillis no event time is before it, epoch milliseconds
 * @param lastMillis no event time is after it, epoch milliseconds
 * @param parallelism of Flink's operators
 * @param stateBackend Flink's name for it
 * @param checkpointMillis between two checkpoints
 * @param deduplicate the job's option of this name
 * @param directory for checkpoints and temporary files
 */
public record Assignment(
        String bootstrapServers,
        String jdbcUrl,
        String user,
        long records,
        long firstMillis,
        long lastMillis,
        int parallelism,
        String stateBackend,
        long checkpointMillis,
        String deduplicate,
        String directory)
        implements Serializable {

    public static final String TOPIC = "http_requests";

    Database database() {
        return new Database(jdbcUrl, user, null);
    }
}
