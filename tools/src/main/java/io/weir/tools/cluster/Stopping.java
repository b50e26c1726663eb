package io.weir.tools.cluster;

import io.weir.tools.cluster.FlinkJobs.Completed;
import io.weir.tools.cluster.FlinkJobs.NoSavepointException;
import io.weir.tools.cluster.JobRecord.Started;
import io.weir.tools.connect.CommandException;
import java.io.IOException;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Stops jobs so that they can go on: with a savepoint, or, if none can be taken, with the last
 * checkpoint. Never with drain, which would close half-filled windows for good.
 */
final class Stopping {

    private final FlinkJobs flink;
    private final JobRecords records;
    private final ResumePoint resumePoint;
    private final Consumer<String> say;

    Stopping(FlinkJobs flink, JobRecords records, ResumePoint resumePoint, Consumer<String> say) {
        this.flink = flink;
        this.records = records;
        this.resumePoint = resumePoint;
        this.say = say;
    }

    /**
     * Stops what runs of the record; what has ended before is left as it is. Can be repeated.
     *
     * @return the record, which has with what it was stopped
     * @throws CommandException when it could not go on afterwards; then it still runs
     */
    JobRecord stop(JobRecord record) throws IOException, InterruptedException {
        Started current = record.current();
        if (!flink.isActive(current.id())) {
            String found = resumePoint.find(current);
            say.accept(
                    "job %s has ended; it can go on %s"
                            .formatted(
                                    current.id(),
                                    found == null ? "without state" : "from " + found));
            return records.write(record.withCurrent(current.stopped(found)));
        }
        String trigger = current.trigger() == null ? FlinkJobs.newId() : current.trigger();
        JobRecord stopping = records.write(record.withCurrent(current.withTrigger(trigger)));
        String stoppedWith = stop(current.id(), trigger, current.from());
        return records.write(stopping.withCurrent(current.stopped(stoppedWith)));
    }

    /** Stops a job that weir has no record of. */
    String stop(String id) throws IOException, InterruptedException {
        String savepoint = stop(id, FlinkJobs.newId(), null);
        if (savepoint == null) {
            throw new CommandException("job " + id + " was cancelled, it had no checkpoint");
        }
        return savepoint;
    }

    private @Nullable String stop(String id, String trigger, @Nullable String startedFrom)
            throws IOException, InterruptedException {
        try {
            say.accept("stopping job " + id + " with a savepoint");
            String savepoint = flink.stop(id, trigger);
            say.accept("stopped with " + savepoint);
            return savepoint;
        } catch (NoSavepointException e) {
            return cancel(id, startedFrom, String.valueOf(e.getMessage()));
        }
    }

    /**
     * A job that fails again and again takes no savepoint, but its last checkpoint serves as one.
     */
    private @Nullable String cancel(String id, @Nullable String startedFrom, String why)
            throws IOException, InterruptedException {
        if (flink.isActive(id) && !flink.retainsCheckpoints(id)) {
            throw new CommandException(
                    "job %s still runs: no savepoint could be taken (%s), and Flink would drop its checkpoints; set execution.checkpointing.externalized-checkpoint-retention: RETAIN_ON_CANCELLATION"
                            .formatted(id, why));
        }
        if (flink.isActive(id)) {
            flink.cancel(id);
        }
        Optional<Completed> last = flink.latest(id);
        String point = last.map(Completed::path).orElse(startedFrom);
        say.accept(
                "no savepoint could be taken (%s); cancelled, it can go on %s"
                        .formatted(why, point == null ? "without state" : "from " + point));
        return point;
    }
}
