package io.weir.tools.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.tools.cluster.FlinkJobs.Completed;
import io.weir.tools.cluster.FlinkJobs.Job;
import io.weir.tools.cluster.JobRecord.Started;
import io.weir.tools.connect.CommandException;
import io.weir.tools.connect.FlinkRest.UnexpectedAnswerException;
import io.weir.tools.text.DurationText;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.flink.api.common.JobStatus;
import org.jspecify.annotations.Nullable;

/** Submits releases, and sees whether they run. */
final class Launch {

    private static final Duration TRIGGER_AGAIN = Duration.ofSeconds(10);

    private final FlinkJobs flink;
    private final JobRecords records;
    private final Duration limit;
    private final Consumer<String> say;

    /**
     * Makes one for a cluster.
     *
     * @param limit how long a job may take until its first checkpoint
     */
    Launch(FlinkJobs flink, JobRecords records, Duration limit, Consumer<String> say) {
        this.flink = flink;
        this.records = records;
        this.limit = limit;
        this.say = say;
    }

    /**
     * What became of a job that was submitted.
     *
     * @param checkpoints folder of its checkpoints when it has completed one
     * @param failure why it has not, one line
     */
    record Outcome(@Nullable String checkpoints, @Nullable String failure) {

        private static Outcome failed(String why) {
            return new Outcome(null, why);
        }
    }

    /**
     * Has Flink make a job of the release, which is not run.
     *
     * @return how many slots it needs
     * @throws CommandException when it cannot
     */
    int check(Release release) throws IOException, InterruptedException {
        String jar = flink.upload(records.path(release.jar()));
        try {
            return flink.plan(jar, release);
        } catch (UnexpectedAnswerException e) {
            throw new CommandException(
                    "%s was not started, Flink cannot make a job of it: %s"
                            .formatted(release.title(), e.reason()),
                    e);
        } finally {
            flink.deleteJar(jar);
        }
    }

    /** Submits what the record says and waits for its first checkpoint, up to the limit. */
    Outcome start(Started started) throws IOException, InterruptedException {
        Release release = started.release();
        String id = started.id();
        String from = started.from();
        say.accept(
                "starting %s as job %s, %s"
                        .formatted(
                                release.title(),
                                id,
                                from == null ? "without state" : "from " + from));
        String jar = flink.upload(records.path(release.jar()));
        try {
            flink.run(jar, release, id, started.isInSecondGroup(), from);
        } catch (UnexpectedAnswerException e) {
            return Outcome.failed(e.reason());
        } finally {
            flink.deleteJar(jar);
        }
        return await(id);
    }

    /** Waits for the first checkpoint of a job that was submitted, up to the limit. */
    Outcome await(String id) throws IOException, InterruptedException {
        long began = System.nanoTime();
        long triggered = began - TRIGGER_AGAIN.toNanos();
        while (System.nanoTime() - began < limit.toNanos()) {
            Optional<Job> job = flink.find(id);
            if (job.isPresent()) {
                Optional<Completed> checkpoint = flink.lastCheckpoint(id);
                if (checkpoint.isPresent()) {
                    say.accept(
                            "it runs, and completed its first checkpoint after %d s"
                                    .formatted(
                                            Duration.ofNanos(System.nanoTime() - began)
                                                    .toSeconds()));
                    return new Outcome(parent(checkpoint.get().path()), null);
                }
                if (!job.get().isActive()) {
                    break;
                }
                if (System.nanoTime() - triggered > TRIGGER_AGAIN.toNanos() && runsEverywhere(id)) {
                    flink.triggerCheckpoint(id); // the interval may be longer than the limit
                    triggered = System.nanoTime();
                }
            }
            Waiting.pause();
        }
        return Outcome.failed(why(id));
    }

    private boolean runsEverywhere(String id) throws IOException, InterruptedException {
        JsonNode job = flink.details(id);
        if (!job.path("state").asText().equals(JobStatus.RUNNING.name())) {
            return false;
        }
        for (JsonNode vertex : job.path("vertices")) {
            if (!vertex.path("status").asText().matches("RUNNING|FINISHED")) {
                return false;
            }
        }
        return true;
    }

    private String why(String id) throws IOException, InterruptedException {
        Optional<Job> job = flink.find(id);
        if (job.isEmpty()) {
            return "Flink does not know it";
        }
        String cause = flink.lastFailure(id).map(failure -> ": " + failure).orElse("");
        return job.get().isActive()
                ? "it had no checkpoint after %s and is %s%s"
                        .formatted(DurationText.of(limit), job.get().state(), cause)
                : "it is " + job.get().state() + cause;
    }

    /** The folder of a job's checkpoints, from the path of one. */
    static String parent(String path) {
        String whole = path.replaceAll("/+$", "");
        return whole.substring(0, whole.lastIndexOf('/'));
    }
}
