package io.weir.tools.cluster;

import io.weir.tools.cluster.CatchUp.Reader;
import io.weir.tools.cluster.FlinkJobs.NoSavepointException;
import io.weir.tools.cluster.JobRecord.Next;
import io.weir.tools.cluster.JobRecord.Previous;
import io.weir.tools.cluster.JobRecord.Started;
import io.weir.tools.cluster.Launch.Outcome;
import io.weir.tools.connect.CommandException;
import io.weir.tools.text.Count;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Puts one release in the place of another while that runs on: the new one starts beside it, and
 * the old one is stopped when the new one has caught up. Both write the same rows meanwhile, which
 * can only grow. What does not catch up is ended, and the old one was never touched.
 *
 * <p>The record is written before each step, so that what was interrupted can be gone on with.
 */
final class BlueGreen {

    /** Slots of a job that has just ended are not free at once. */
    private static final Duration FREED = Duration.ofSeconds(5);

    private final FlinkJobs flink;
    private final JobRecords records;
    private final Stopping stopping;
    private final Launch launch;
    private final CatchUp catchUp;
    private final Replacement replacement;
    private final Consumer<String> say;

    BlueGreen(
            FlinkJobs flink,
            JobRecords records,
            Stopping stopping,
            Launch launch,
            CatchUp catchUp,
            Replacement replacement,
            Consumer<String> say) {
        this.flink = flink;
        this.records = records;
        this.stopping = stopping;
        this.launch = launch;
        this.catchUp = catchUp;
        this.replacement = replacement;
        this.say = say;
    }

    /**
     * Puts a release in the place of the current one, from a savepoint of that.
     *
     * @param record without a next one
     * @param slots that it needs
     */
    void upgrade(JobRecord record, Release release, int slots)
            throws IOException, InterruptedException {
        begin(record, new Next(false, true, release, null, FlinkJobs.newId()), slots);
    }

    /** Puts the previous release back, from the savepoint with which it was stopped. */
    void rollBack(JobRecord record, Previous previous, int slots)
            throws IOException, InterruptedException {
        String from = previous.savepoint();
        begin(record, new Next(true, true, previous.release(), from, FlinkJobs.newId()), slots);
    }

    private void begin(JobRecord record, Next next, int slots)
            throws IOException, InterruptedException {
        Started current = record.current();
        if (!flink.isActive(current.id())) {
            throw new CommandException(
                    "--blue-green: %s does not run, so there is nothing to start beside: without --blue-green the command goes on where it stopped"
                            .formatted(record.job()));
        }
        if (!Waiting.until(FREED, () -> flink.freeSlots() >= slots)) {
            throw new CommandException(
                    "--blue-green: %s needs %s beside the job that runs, free: %d. Give Flink more TaskManagers ('weir cluster start --taskmanagers N'), give a lower --parallelism, or stop and resume without --blue-green"
                            .formatted(
                                    next.release().title(),
                                    Count.of(slots, "slot"),
                                    flink.freeSlots()));
        }
        catchUp.check(next.release());
        carryOut(records.write(record.withNext(next)), next);
    }

    /** Goes on with what was interrupted. */
    void goOn(JobRecord record, Next next) throws IOException, InterruptedException {
        say.accept(next.shown() + " was interrupted; going on with it");
        carryOut(record, next);
    }

    private void carryOut(JobRecord record, Next planned) throws IOException, InterruptedException {
        JobRecord beside = record;
        Next next = planned;
        if (next.from() == null && !next.isRollback()) {
            next = next.from(savepoint(record));
            beside = records.write(record.withNext(next));
        }
        Started started = started(beside, next);
        Outcome outcome =
                flink.find(next.id()).isPresent() ? launch.await(next.id()) : launch.start(started);
        String failure = outcome.failure() == null ? behind(beside, started) : outcome.failure();
        if (failure != null) {
            takeBack(beside, next, failure);
        }
        switchOver(beside, next, started.withCheckpoints(outcome.checkpoints()));
    }

    private void switchOver(JobRecord record, Next next, Started started)
            throws IOException, InterruptedException {
        JobRecord stopped;
        try {
            stopped = stopping.stop(record);
        } catch (CommandException e) { // both run
            records.write(record.withCurrent(record.current().withTrigger(null)));
            throw e;
        }
        replacement.complete(stopped, next, started);
    }

    private static Started started(JobRecord record, Next next) {
        return Started.now(
                next.release(), next.id(), !record.current().isInSecondGroup(), next.from());
    }

    private String savepoint(JobRecord record) throws IOException, InterruptedException {
        String id = record.current().id();
        say.accept("taking a savepoint of job %s, which goes on".formatted(id));
        try {
            return flink.savepoint(id);
        } catch (NoSavepointException e) {
            records.write(record.withNext(null));
            throw new CommandException(
                    "job %s took no savepoint to start another from, and was not touched: %s"
                            .formatted(id, e.getMessage()),
                    e);
        }
    }

    private @Nullable String behind(JobRecord record, Started started)
            throws IOException, InterruptedException {
        Started current = record.current();
        try {
            return catchUp.await(
                    new Reader(started.id(), started.release(), started.isInSecondGroup()),
                    new Reader(current.id(), current.release(), current.isInSecondGroup()));
        } catch (CommandException e) {
            return Objects.requireNonNull(e.getMessage());
        }
    }

    private void takeBack(JobRecord record, Next next, String why)
            throws IOException, InterruptedException {
        Started current = record.current();
        if (!flink.isActive(current.id()) && flink.isActive(next.id())) {
            throw new CommandException(
                    "job %s, which was to be taken over from, has ended, and %s goes on without it, although %s: repeat the command to have it known as what runs"
                            .formatted(current.id(), next.release().title(), why));
        }
        replacement.giveUp(next);
        records.write(record.withNext(null));
        throw new CommandException(
                "%s did not take over and was ended, %s was not touched: %s"
                        .formatted(next.release().title(), current.release().title(), why));
    }

    /**
     * Whether it was interrupted after the old job was told to stop, or has ended: then the new one
     * is what runs.
     */
    boolean isSwitched(JobRecord record, Next next) throws IOException, InterruptedException {
        Started current = record.current();
        return next.isBlueGreen()
                && flink.isActive(next.id())
                && (current.trigger() != null || !flink.isActive(current.id()));
    }

    /**
     * Brings that to its end.
     *
     * @return the record, as it then is
     */
    JobRecord settle(JobRecord record, Next next) throws IOException, InterruptedException {
        say.accept(next.shown() + " was interrupted after the switch");
        switchOver(record, next, started(record, next));
        return records.find(record.job()).orElseThrow();
    }
}
