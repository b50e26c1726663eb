package io.weir.tools.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.tools.connect.FlinkRest;
import io.weir.tools.connect.FlinkRest.UnexpectedAnswerException;
import io.weir.tools.connect.StackTraceText;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.jspecify.annotations.Nullable;

/**
 * The jobs of a cluster, by its REST interface.
 *
 * <p>Source of paths and fields: Flink's manual, "REST API", version 2.2.
 */
public final class FlinkJobs {

    /** A checkpoint may take ten minutes by conf/config.yaml. */
    private static final Duration PATIENCE = Duration.ofMinutes(15);

    private final FlinkRest rest;

    public FlinkJobs(FlinkRest rest) {
        this.rest = rest;
    }

    /** A job that Flink knows, whether it runs or has ended. */
    public record Job(String id, String name, JobStatus state) {

        public boolean isActive() {
            return !state.isGloballyTerminalState();
        }
    }

    /**
     * A checkpoint or savepoint of a job.
     *
     * @param path of what it can be restored from
     * @param triggered by the JobManager's clock
     */
    record Completed(String path, Instant triggered, long bytes) {}

    FlinkRest rest() {
        return rest;
    }

    /** As many hex digits as Flink's ids have, which nothing else has. */
    static String newId() {
        return JobID.generate().toHexString();
    }

    public List<Job> all() throws IOException, InterruptedException {
        List<Job> jobs = new ArrayList<>();
        for (JsonNode job : rest.get("/jobs/overview").path("jobs")) {
            jobs.add(
                    new Job(
                            job.path("jid").asText(),
                            job.path("name").asText(),
                            JobStatus.valueOf(job.path("state").asText())));
        }
        return jobs;
    }

    /** The job of this id, if Flink knows it. */
    Optional<Job> find(String id) throws IOException, InterruptedException {
        return all().stream().filter(job -> job.id().equals(id)).findFirst();
    }

    boolean isActive(String id) throws IOException, InterruptedException {
        return find(id).map(Job::isActive).orElse(false);
    }

    /**
     * Uploads a jar.
     *
     * @return its id in Flink
     */
    String upload(Path jar) throws IOException, InterruptedException {
        String stored = rest.upload("/jars/upload", jar).path("filename").asText();
        return stored.substring(stored.lastIndexOf('/') + 1);
    }

    void deleteJar(String jarId) throws IOException, InterruptedException {
        rest.delete("/jars/" + jarId);
    }

    /**
     * Has the jar's main make its job, without running that.
     *
     * @return how many slots it needs, which all operators share
     */
    int plan(String jarId, Release release) throws IOException, InterruptedException {
        JsonNode plan =
                rest.postToProgram("/jars/" + jarId + "/plan", program(release, false))
                        .path("plan");
        int parallelism = 1;
        for (JsonNode operators : plan.path("nodes")) {
            parallelism = Math.max(parallelism, operators.path("parallelism").asInt());
        }
        return parallelism;
    }

    /** How many slots no job has. */
    int freeSlots() throws IOException, InterruptedException {
        return rest.get("/overview").path("slots-available").asInt();
    }

    /**
     * Submits a job.
     *
     * @param id that it gets
     * @param isInSecondGroup whether it reads in the second of its groups
     * @param from savepoint or checkpoint, null to start without state
     */
    void run(
            String jarId,
            Release release,
            String id,
            boolean isInSecondGroup,
            @Nullable String from)
            throws IOException, InterruptedException {
        Map<String, Object> body = program(release, isInSecondGroup);
        body.put("jobId", id);
        if (from != null) {
            body.put("savepointPath", from);
        }
        rest.postToProgram("/jars/" + jarId + "/run", body);
    }

    private static Map<String, Object> program(Release release, boolean isInSecondGroup) {
        Map<String, Object> body = new HashMap<>();
        body.put("programArgsList", release.arguments(isInSecondGroup));
        if (release.parallelism() != null) {
            body.put("parallelism", release.parallelism());
        }
        return body;
    }

    /**
     * Stops a job with a savepoint, without drain, and returns when it has ended.
     *
     * @param trigger names the request: one that was made before is gone on with
     * @throws NoSavepointException when there is no savepoint; the job goes on
     */
    String stop(String id, String trigger) throws IOException, InterruptedException {
        String savepoint = request(id, "/stop", Map.of("drain", false, "triggerId", trigger));
        awaitEnd(id);
        return savepoint;
    }

    /**
     * Takes a savepoint of a job, which goes on.
     *
     * @throws NoSavepointException when it cannot be taken
     */
    public String savepoint(String id) throws IOException, InterruptedException {
        return request(id, "/savepoints", Map.of("cancel-job", false, "triggerId", newId()));
    }

    private String request(String id, String path, Map<String, Object> body)
            throws IOException, InterruptedException {
        JsonNode operation;
        try {
            String trigger = rest.post("/jobs/" + id + path, body).path("request-id").asText();
            operation = result("/jobs/" + id + "/savepoints/" + trigger);
        } catch (UnexpectedAnswerException e) {
            throw new NoSavepointException(e.reason());
        }
        if (operation.has("failure-cause")) {
            throw new NoSavepointException(
                    StackTraceText.rootCause(
                            operation.path("failure-cause").path("stack-trace").asText()));
        }
        return operation.path("location").asText();
    }

    private JsonNode result(String status) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            JsonNode answer = rest.get(status);
            if (answer.path("status").path("id").asText().equals("COMPLETED")) {
                return answer.path("operation");
            }
            Waiting.pause();
        }
        throw new NoSavepointException("it takes longer than " + PATIENCE.toMinutes() + " min");
    }

    /** Ends a job at once; its last checkpoint stays where Flink retains it. */
    void cancel(String id) throws IOException, InterruptedException {
        rest.patch("/jobs/" + id + "?mode=cancel");
        awaitEnd(id);
    }

    private void awaitEnd(String id) throws IOException, InterruptedException {
        if (!Waiting.until(PATIENCE, () -> !isActive(id))) {
            throw new IOException("job " + id + " does not end");
        }
    }

    /** Whether a job that is cancelled keeps its last checkpoint. */
    boolean retainsCheckpoints(String id) throws IOException, InterruptedException {
        JsonNode kept = rest.get("/jobs/" + id + "/checkpoints/config").path("externalization");
        return kept.path("enabled").asBoolean() && !kept.path("delete_on_cancellation").asBoolean();
    }

    /** The last checkpoint that was completed since the job was submitted. */
    Optional<Completed> lastCheckpoint(String id) throws IOException, InterruptedException {
        return completed(checkpoints(id).path("completed"));
    }

    /** The latest of its checkpoints and savepoints, that it can go on from. */
    Optional<Completed> latest(String id) throws IOException, InterruptedException {
        JsonNode latest = checkpoints(id);
        return Stream.of(latest.path("completed"), latest.path("savepoint"))
                .flatMap(each -> completed(each).stream())
                .max((one, other) -> one.triggered().compareTo(other.triggered()));
    }

    private JsonNode checkpoints(String id) throws IOException, InterruptedException {
        return rest.get("/jobs/" + id + "/checkpoints").path("latest");
    }

    private static Optional<Completed> completed(JsonNode checkpoint) {
        return checkpoint.isObject() && !checkpoint.path("discarded").asBoolean()
                ? Optional.of(
                        new Completed(
                                checkpoint.path("external_path").asText(),
                                Instant.ofEpochMilli(checkpoint.path("trigger_timestamp").asLong()),
                                checkpoint.path("state_size").asLong()))
                : Optional.empty();
    }

    /** Has a job that runs take a checkpoint at once. */
    void triggerCheckpoint(String id) throws IOException, InterruptedException {
        rest.post("/jobs/" + id + "/checkpoints", Map.of("triggerId", newId()));
    }

    /** Has a job complete a checkpoint that begins now; not if it fails or takes longer. */
    boolean completesCheckpoint(String id, Duration patience)
            throws IOException, InterruptedException {
        String trigger = newId();
        try {
            rest.post("/jobs/" + id + "/checkpoints", Map.of("triggerId", trigger));
            String status = "/jobs/" + id + "/checkpoints/" + trigger;
            return Waiting.until(
                            patience,
                            () -> {
                                JsonNode answer = rest.get(status).path("status").path("id");
                                return answer.asText().equals("COMPLETED");
                            })
                    && rest.get(status).path("operation").has("checkpointId");
        } catch (UnexpectedAnswerException e) { // it has ended
            return false;
        }
    }

    /** A job in detail; field names as in Flink's manual. */
    JsonNode details(String id) throws IOException, InterruptedException {
        return rest.get("/jobs/" + id);
    }

    /** Why the job failed last, if it did. */
    Optional<String> lastFailure(String id) throws IOException, InterruptedException {
        JsonNode entries =
                rest.get("/jobs/" + id + "/exceptions").path("exceptionHistory").path("entries");
        return entries.isEmpty()
                ? Optional.empty()
                : Optional.of(
                        StackTraceText.rootCause(entries.path(0).path("stacktrace").asText()));
    }

    /** There is no savepoint; the message says why. */
    static final class NoSavepointException extends IOException {

        private static final long serialVersionUID = 1L;

        NoSavepointException(String message) {
            super(message);
        }
    }
}
