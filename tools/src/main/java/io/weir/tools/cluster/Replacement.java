package io.weir.tools.cluster;

import io.weir.tools.cluster.JobRecord.Next;
import io.weir.tools.cluster.JobRecord.Previous;
import io.weir.tools.cluster.JobRecord.Started;
import io.weir.tools.cluster.Launch.Outcome;
import io.weir.tools.connect.CommandException;
import java.io.IOException;
import java.util.function.Consumer;

/**
 * Puts one release in the place of another, by stopping and resuming, and the old one back if the
 * new one does not run.
 *
 * <p>The record is written before each step, so that what was interrupted can be gone on with.
 */
final class Replacement {

    private final FlinkJobs flink;
    private final JobRecords records;
    private final ResumePoint resumePoint;
    private final Stopping stopping;
    private final Launch launch;
    private final Consumer<String> say;

    Replacement(
            FlinkJobs flink,
            JobRecords records,
            ResumePoint resumePoint,
            Stopping stopping,
            Launch launch,
            Consumer<String> say) {
        this.flink = flink;
        this.records = records;
        this.resumePoint = resumePoint;
        this.stopping = stopping;
        this.launch = launch;
        this.say = say;
    }

    /**
     * Puts a release in the place of the current one.
     *
     * @param record without a next one
     */
    void upgrade(JobRecord record, Release release) throws IOException, InterruptedException {
        carryOut(record, new Next(false, false, release, null, FlinkJobs.newId()));
    }

    /** Puts the previous release back, from the savepoint with which it was stopped. */
    void rollBack(JobRecord record, Previous previous) throws IOException, InterruptedException {
        carryOut(
                record,
                new Next(true, false, previous.release(), previous.savepoint(), FlinkJobs.newId()));
    }

    private void carryOut(JobRecord record, Next next) throws IOException, InterruptedException {
        JobRecord stopped;
        try {
            stopped = stopping.stop(records.write(record.withNext(next)));
        } catch (CommandException e) { // it still runs
            records.write(record);
            throw e;
        }
        Started started = started(stopped, next);
        finish(stopped, next, started, launch.start(started));
    }

    /** Waits for a release that was submitted by a command that was interrupted. */
    void goOn(JobRecord record, Next next) throws IOException, InterruptedException {
        say.accept(next.shown() + " was interrupted; waiting for job " + next.id());
        finish(record, next, started(record, next), launch.await(next.id()));
    }

    private static Started started(JobRecord record, Next next) {
        Started current = record.current();
        String from = next.from() == null ? current.stoppedWith() : next.from();
        return Started.now(next.release(), next.id(), current.isInSecondGroup(), from);
    }

    private void finish(JobRecord record, Next next, Started started, Outcome outcome)
            throws IOException, InterruptedException {
        if (outcome.failure() != null) {
            say.accept("%s does not run: %s".formatted(next.release().title(), outcome.failure()));
            putBack(record, next, outcome.failure());
            return;
        }
        complete(record, next, started.withCheckpoints(outcome.checkpoints()));
    }

    /** Writes down that a release has taken over from the current one, which was stopped. */
    void complete(JobRecord record, Next next, Started started) throws IOException {
        Previous previous =
                next.isRollback()
                        ? null // twice must not lead back to what was gone back from
                        : new Previous(record.current().release(), record.current().stoppedWith());
        records.write(new JobRecord(record.version(), record.job(), started, null, previous));
        records.deleteOldJars();
        say.accept(
                "%s runs %s; %s"
                        .formatted(
                                record.job(),
                                next.release().title(),
                                next.isRollback()
                                        ? "'weir cluster upgrade --jar JAR' goes on to another"
                                        : "'weir cluster rollback' returns to %s as it ran before"
                                                .formatted(record.current().release().title())));
    }

    private void putBack(JobRecord record, Next next, String why)
            throws IOException, InterruptedException {
        String old = record.current().release().title();
        Outcome outcome = restart(record, next);
        if (outcome.failure() != null) {
            throw new CommandException(
                    "neither %s nor %s runs: %s (%s). Once the cause is gone, 'weir cluster submit' starts %s where it stopped"
                            .formatted(next.release().title(), old, outcome.failure(), why, old));
        }
        throw new CommandException(
                "%s did not run, so %s runs again and nothing is lost: %s"
                        .formatted(next.release().title(), old, why));
    }

    /** Gives up what was to take over, and starts the current release where it stopped. */
    Outcome restart(JobRecord record, Next next) throws IOException, InterruptedException {
        giveUp(next);
        Started current = record.current();
        String from = resumePoint.find(current);
        Started again =
                Started.now(current.release(), FlinkJobs.newId(), current.isInSecondGroup(), from);
        JobRecord restarted = records.write(record.withNext(null).withCurrent(again));
        Outcome outcome = launch.start(again);
        records.write(restarted.withCurrent(again.withCheckpoints(outcome.checkpoints())));
        return outcome;
    }

    /** Ends what was to take over, if it was submitted. */
    void giveUp(Next next) throws IOException, InterruptedException {
        if (flink.isActive(next.id())) {
            flink.cancel(next.id());
        }
    }
}
