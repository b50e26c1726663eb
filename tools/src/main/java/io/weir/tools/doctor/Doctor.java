package io.weir.tools.doctor;

import io.weir.check.Checks;
import io.weir.check.Findings;
import io.weir.config.JobOptions;
import io.weir.database.Database;
import io.weir.database.SchemaName;
import io.weir.store.StoreOptions;
import io.weir.tools.connect.FlinkRest;
import java.net.URI;
import java.time.Duration;
import java.util.function.UnaryOperator;

/**
 * Looks at everything that one job needs.
 *
 * @param options the job's own
 * @param owner who looks at the schema, given who the job logs in as
 * @param flink the JobManager's REST interface
 * @param jobName the job's name in Flink
 */
public record Doctor(JobOptions options, UnaryOperator<Database> owner, URI flink, String jobName) {

    /**
     * Makes all checks, one after the other.
     *
     * @param maxLag how many records the job may be behind
     * @param checkpointAge how old the last checkpoint may be
     * @param lettersRetention how long letters should be kept
     */
    public Findings examine(long maxLag, Duration checkpointAge, Duration lettersRetention)
            throws InterruptedException {
        Findings findings = new Findings();
        new KafkaChecks(
                        options.kafka(),
                        options.eventTime().maxAhead(),
                        maxLag,
                        lettersRetention,
                        findings)
                .run();
        StoreOptions store = options.store();
        Database job = new Database(store.url(), store.user(), store.password().read());
        Checks.Expected expected = new Checks.Expected(options.eventTime().settle(), null);
        new StoreChecks(job, owner.apply(job), new SchemaName(store.schema()), expected, findings)
                .run();
        new ViewChecks(store, findings).run();
        new FlinkChecks(new FlinkRest(flink), jobName, checkpointAge, findings).run();
        return findings;
    }
}
