package io.weir.tools.cluster;

import io.weir.tools.cluster.FlinkJobs.Job;
import io.weir.tools.cluster.FlinkJobs.NoSavepointException;
import io.weir.tools.cluster.JobRecord.Next;
import io.weir.tools.cluster.JobRecord.Previous;
import io.weir.tools.cluster.JobRecord.Started;
import io.weir.tools.cluster.Launch.Outcome;
import io.weir.tools.connect.CommandException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What can be done with a job on a cluster. Each is right when it is repeated, comes out of order,
 * or follows one that was interrupted: what Flink says decides, and the {@link JobRecord} what was
 * meant. The folder must be locked.
 */
public final class JobLife {

    private final FlinkJobs flink;
    private final JobRecords records;
    private final ResumePoint resumePoint;
    private final Stopping stopping;
    private final Launch launch;
    private final Replacement replacement;
    private final BlueGreen blueGreen;
    private final Consumer<String> say;

    /**
     * Makes one for a cluster.
     *
     * @param limit how long a job may take until its first checkpoint, and then until it has caught
     *     up with one that it is to take over from while that runs
     * @param say is told each step, a line
     */
    public JobLife(FlinkJobs flink, ClusterFolder folder, Duration limit, Consumer<String> say) {
        this.flink = flink;
        records = new JobRecords(folder);
        resumePoint = new ResumePoint(flink, folder);
        stopping = new Stopping(flink, records, resumePoint, say);
        launch = new Launch(flink, records, limit, say);
        replacement = new Replacement(flink, records, resumePoint, stopping, launch, say);
        CatchUp catchUp = new CatchUp(flink, limit, say);
        blueGreen = new BlueGreen(flink, records, stopping, launch, catchUp, replacement, say);
        this.say = say;
    }

    /**
     * Where a job begins.
     *
     * @param savepoint to begin with; null to go on where it stopped, if it ran before
     */
    public record Beginning(@Nullable String savepoint, boolean isWithoutState) {}

    /**
     * Submits a job and waits for its first checkpoint.
     *
     * @param isBeside whether one of its name may run already; it then has no record
     */
    public void submit(String job, Release release, Beginning beginning, boolean isBeside)
            throws IOException, InterruptedException {
        Optional<JobRecord> before = records.find(job);
        String id = FlinkJobs.newId();
        String from = beginning.savepoint();
        if (!isBeside) {
            refuseSecond(job);
            before.ifPresent(JobLife::refuseUnfinished);
            if (from == null && !beginning.isWithoutState() && before.isPresent()) {
                from = resumePoint.find(before.get().current());
            }
        }
        launch.check(release);
        boolean isInSecondGroup =
                !isBeside && before.map(record -> record.current().isInSecondGroup()).orElse(false);
        Started started = Started.now(release, id, isInSecondGroup, from);
        if (!isBeside) {
            records.write(
                    before.isPresent()
                            ? after(before.get(), started)
                            : JobRecord.first(job, started));
        }
        Outcome outcome = launch.start(started);
        if (outcome.failure() != null) {
            throw new CommandException(
                    "%s, job %s, does not run: %s. %s"
                            .formatted(job, id, outcome.failure(), remedy(id)));
        }
        if (!isBeside) {
            note(records.find(job).orElseThrow(), outcome.checkpoints());
            records.deleteOldJars();
        }
    }

    /** A release that differs from the one before can be gone back from. */
    private static JobRecord after(JobRecord before, Started started) {
        Started last = before.current();
        Previous previous =
                last.release().equals(started.release())
                        ? before.previous()
                        : new Previous(
                                last.release(),
                                last.stoppedWith() == null ? started.from() : last.stoppedWith());
        return new JobRecord(before.version(), before.job(), started, null, previous);
    }

    private String remedy(String id) throws IOException, InterruptedException {
        return flink.isActive(id)
                ? "Flink goes on trying: see 'weir cluster status'; 'weir cluster stop --job' ends it"
                : "Once the cause is gone, submit it again";
    }

    private void refuseSecond(String job) throws IOException, InterruptedException {
        for (Job other : flink.all()) {
            if (other.name().equals(job) && other.isActive()) {
                throw new CommandException(
                        "%s runs already, as job %s: 'weir cluster upgrade' puts another release in its place, --beside starts a second one"
                                .formatted(job, other.id()));
            }
        }
    }

    private static void refuseUnfinished(JobRecord record) {
        if (record.next() != null) {
            throw new CommandException(record.unfinished());
        }
    }

    private JobRecord note(JobRecord record, @Nullable String checkpoints) throws IOException {
        return records.write(record.withCurrent(record.current().withCheckpoints(checkpoints)));
    }

    /**
     * Puts another release in the place of the one that runs.
     *
     * @param isBlueGreen whether that one runs until the other has caught up
     */
    public void upgrade(String job, Release release, boolean isBlueGreen)
            throws IOException, InterruptedException {
        JobRecord record = settled(known(job));
        Next next = record.next();
        if (next != null && next.release().equals(release) && canGoOn(record, next, isBlueGreen)) {
            goOn(record, next);
            return;
        }
        boolean runsAlready =
                record.current().release().equals(release) && flink.isActive(record.current().id());
        int slots = runsAlready ? 0 : launch.check(release);
        if (next != null) {
            say.accept(next.shown() + " was interrupted");
            replacement.giveUp(next);
            record = records.write(record.withNext(null));
        }
        if (runsAlready) {
            say.accept("%s runs %s already".formatted(job, release.title()));
        } else if (isBlueGreen) {
            blueGreen.upgrade(record, release, slots);
        } else {
            replacement.upgrade(record, release);
        }
    }

    /**
     * Returns to the release that ran before.
     *
     * @param isBlueGreen whether the one that runs does so until the other has caught up
     */
    public void rollBack(String job, boolean isBlueGreen) throws IOException, InterruptedException {
        JobRecord record = settled(known(job));
        Next next = record.next();
        if (next != null && !next.isRollback()) {
            undo(record, next);
            return;
        }
        if (next != null) {
            if (canGoOn(record, next, isBlueGreen)) {
                goOn(record, next);
                return;
            }
            say.accept(next.shown() + " was interrupted");
            replacement.giveUp(next);
            record = records.write(record.withNext(null));
        }
        Previous previous = record.previous();
        if (previous == null) {
            throw new CommandException(
                    "%s has nothing to go back to, %s is the only release that is known to have run: 'weir cluster upgrade --jar JAR' starts another"
                            .formatted(job, record.current().release().title()));
        }
        int slots = launch.check(previous.release());
        if (isBlueGreen) {
            blueGreen.rollBack(record, previous, slots);
        } else {
            replacement.rollBack(record, previous);
        }
    }

    /** What was interrupted while or after the old job was stopped is brought to its end. */
    private JobRecord settled(JobRecord record) throws IOException, InterruptedException {
        Next next = record.next();
        return next != null && blueGreen.isSwitched(record, next)
                ? blueGreen.settle(record, next)
                : record;
    }

    /** Stopping and resuming goes on once it was begun; two jobs beside each other need both. */
    private boolean canGoOn(JobRecord record, Next next, boolean isBlueGreen)
            throws IOException, InterruptedException {
        return next.isBlueGreen()
                ? isBlueGreen && flink.isActive(record.current().id())
                : flink.isActive(next.id());
    }

    private void goOn(JobRecord record, Next next) throws IOException, InterruptedException {
        if (next.isBlueGreen()) {
            blueGreen.goOn(record, next);
        } else {
            replacement.goOn(record, next);
        }
    }

    private void undo(JobRecord record, Next next) throws IOException, InterruptedException {
        String title = record.current().release().title();
        say.accept("%s was interrupted; going back to %s".formatted(next.shown(), title));
        if (flink.isActive(record.current().id())) {
            replacement.giveUp(next);
            records.write(record.withNext(null));
            say.accept("%s was not stopped, it still runs".formatted(title));
            return;
        }
        Outcome outcome = replacement.restart(record, next);
        if (outcome.failure() != null) {
            throw new CommandException(
                    "%s does not run: %s. Once the cause is gone, 'weir cluster submit' starts it where it stopped"
                            .formatted(title, outcome.failure()));
        }
    }

    /** The record of a job, of which no other one runs. */
    private JobRecord known(String job) throws IOException, InterruptedException {
        JobRecord record =
                records.find(job)
                        .orElseThrow(
                                () ->
                                        new CommandException(
                                                "%s was not submitted by 'weir cluster submit', so there is no release to return to: stop it ('weir cluster stop --job'), then 'weir cluster submit --from SAVEPOINT'"
                                                        .formatted(job)));
        for (Job other : flink.all()) {
            boolean isOwn =
                    other.id().equals(record.current().id())
                            || record.next() != null && other.id().equals(record.next().id());
            if (other.name().equals(job) && other.isActive() && !isOwn) {
                throw new CommandException(
                        "job %s is a second %s, which would go on beside it: end it first ('weir cluster stop --job %s')"
                                .formatted(other.id(), job, other.id()));
            }
        }
        return noted(record);
    }

    /** Where its checkpoints are, if the command that submitted it did not live to see one. */
    private JobRecord noted(JobRecord record) throws IOException, InterruptedException {
        Started current = record.current();
        if (current.checkpoints() != null || !flink.isActive(current.id())) {
            return record;
        }
        String folder =
                flink.lastCheckpoint(current.id())
                        .map(checkpoint -> Launch.parent(checkpoint.path()))
                        .orElse(null);
        return note(record, folder);
    }

    /** Stops a job with a savepoint. */
    public void stop(Job job) throws IOException, InterruptedException {
        Optional<JobRecord> record = records.ofId(job.id());
        if (record.isPresent() && record.get().current().id().equals(job.id())) {
            stopping.stop(noted(record.get()));
        } else {
            stopping.stop(job.id());
        }
    }

    /**
     * Stops a job with a savepoint if it runs.
     *
     * @throws CommandException when there never was one
     */
    public void stop(String nameOrId) throws IOException, InterruptedException {
        List<Job> running = active(nameOrId);
        if (running.isEmpty()) {
            Optional<JobRecord> record = records.find(nameOrId);
            if (record.isEmpty()) {
                throw noJob(nameOrId);
            }
            say.accept(nameOrId + " does not run");
            stopping.stop(record.get());
        }
        for (Job job : running) {
            stop(job);
        }
    }

    /**
     * Takes a savepoint of each job of this name or id.
     *
     * @throws CommandException when none runs, or it cannot be taken
     */
    public void savepoint(String nameOrId) throws IOException, InterruptedException {
        List<Job> running = active(nameOrId);
        if (running.isEmpty()) {
            throw noJob(nameOrId);
        }
        for (Job job : running) {
            try {
                say.accept(flink.savepoint(job.id()));
            } catch (NoSavepointException e) {
                throw new CommandException(
                        "%s, job %s, is %s and took no savepoint: %s"
                                .formatted(job.name(), job.id(), job.state(), e.getMessage()),
                        e);
            }
        }
    }

    private List<Job> active(String nameOrId) throws IOException, InterruptedException {
        return flink.all().stream()
                .filter(Job::isActive)
                .filter(job -> job.name().equals(nameOrId) || job.id().equals(nameOrId))
                .toList();
    }

    private CommandException noJob(String nameOrId) {
        return new CommandException(
                "no job '%s' runs on %s: 'weir cluster status' shows what does"
                        .formatted(nameOrId, flink.rest().address()));
    }
}
