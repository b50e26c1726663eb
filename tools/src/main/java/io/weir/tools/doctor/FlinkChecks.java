package io.weir.tools.doctor;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.check.Findings;
import io.weir.database.Causes;
import io.weir.tools.connect.FlinkRest;
import io.weir.tools.connect.FlinkRest.UnexpectedAnswerException;
import io.weir.tools.connect.StackTraceText;
import io.weir.tools.text.Count;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** Whether Flink runs the job, and the job takes its checkpoints and stays up. */
final class FlinkChecks {

    private static final Duration RECENTLY = Duration.ofHours(1);
    private static final Set<String> ENDED = Set.of("FAILED", "FINISHED", "CANCELED");
    private static final String CHECKS_OF_THE_JOB = "tasks, checkpoints and restarts of the job";
    private static final String FROM_A_SAVEPOINT =
            "from its last savepoint or checkpoint if there is one: see"
                    + " docs/operations.md#upgrade";
    private static final String RESTARTS = "See docs/operations.md#restarts";
    private static final String CHECKPOINTS = "See docs/operations.md#checkpoints";

    private final FlinkRest flink;
    private final String jobName;
    private final Duration checkpointAge;
    private final Findings findings;

    FlinkChecks(FlinkRest flink, String jobName, Duration checkpointAge, Findings findings) {
        this.flink = flink;
        this.jobName = jobName;
        this.checkpointAge = checkpointAge;
        this.findings = findings;
    }

    void run() throws InterruptedException {
        String subject = "Flink at " + flink.address();
        try {
            JsonNode jobs = flink.get("/jobs/overview").path("jobs");
            findings.well();
            job(jobs);
        } catch (UnexpectedAnswerException e) {
            findings.wrong(
                    subject,
                    "answers " + e.getMessage() + ", as no running JobManager does",
                    "Name the JobManager with --flink, or look into its log");
            findings.unchecked("job", CHECKS_OF_THE_JOB);
        } catch (IOException e) {
            findings.wrong(
                    subject,
                    "does not answer (" + Causes.innermost(e) + ")",
                    "Start it, or name its JobManager with --flink");
            findings.unchecked("job", CHECKS_OF_THE_JOB);
        }
    }

    private void job(JsonNode jobs) throws IOException, InterruptedException {
        List<String> states = new ArrayList<>();
        List<String> running = new ArrayList<>();
        List<String> others = new ArrayList<>();
        for (JsonNode job : jobs) {
            String state = job.path("state").asText();
            boolean isRunning = state.equals("RUNNING");
            if (job.path("name").asText().equals(jobName)) {
                (isRunning ? running : states).add(isRunning ? job.path("jid").asText() : state);
            } else if (isRunning) {
                others.add('"' + job.path("name").asText() + '"');
            }
        }
        String subject = "job " + jobName;
        if (running.isEmpty()) {
            findings.wrong(
                    subject,
                    "does not run"
                            + (states.isEmpty() ? "" : ", it is " + String.join(", ", states)),
                    remedy(states, others));
            findings.unchecked(CHECKS_OF_THE_JOB);
            return;
        }
        findings.check(
                running.size() == 1,
                subject,
                "runs " + running.size() + " times, which writes every row as often",
                "'weir cluster status' says whether one is to take over from the other, and how to"
                        + " go on; otherwise flink cancel all but one of "
                        + String.join(", ", running));
        for (String id : running) {
            tasks(subject, id);
            checkpoints(subject, id);
            restarts(subject, id);
        }
    }

    /** A second job beside one that only has another name, or is coming back, helps nobody. */
    private static String remedy(List<String> states, List<String> others) {
        if (states.stream().anyMatch(state -> !ENDED.contains(state))) {
            return RESTARTS;
        }
        if (others.isEmpty()) {
            return "Start it, " + FROM_A_SAVEPOINT;
        }
        return "Flink runs "
                + String.join(", ", others)
                + (others.size() == 1
                        ? ": if that is it, pass --job-name " + others.get(0)
                        : ": if one of them is it, name it with --job-name")
                + "; otherwise start it, "
                + FROM_A_SAVEPOINT;
    }

    private void tasks(String subject, String id) throws IOException, InterruptedException {
        List<String> waiting = new ArrayList<>();
        for (JsonNode vertex : flink.get("/jobs/" + id).path("vertices")) {
            if (!vertex.path("status").asText().matches("RUNNING|FINISHED")) {
                waiting.add(vertex.path("name").asText() + " is " + vertex.path("status").asText());
            }
        }
        findings.check(
                waiting.isEmpty(),
                subject,
                "does not run everywhere: " + String.join(", ", waiting),
                "Give it TaskManager slots: " + RESTARTS);
    }

    /** Ages by the JobManager's own clock, which this machine's need not agree with. */
    private void checkpoints(String subject, String id) throws IOException, InterruptedException {
        JsonNode job = flink.get("/jobs/" + id);
        JsonNode checkpoints = flink.get("/jobs/" + id + "/checkpoints");
        long now = job.path("now").asLong();
        long interval = flink.get("/jobs/" + id + "/checkpoints/config").path("interval").asLong();
        long limit = Math.max(checkpointAge.toMillis(), 3 * interval);
        JsonNode last = checkpoints.path("latest").path("completed");
        boolean isFirst = last.isMissingNode() || last.isNull();
        long since =
                isFirst ? job.path("start-time").asLong() : last.path("trigger_timestamp").asLong();
        long age = now - since;
        findings.check(
                age <= limit,
                subject,
                (isFirst
                                ? "has completed no checkpoint since its start "
                                : "completed its last checkpoint ")
                        + age / 1000
                        + " s ago, and begins one every "
                        + interval / 1000.0
                        + " s ("
                        + checkpoints.path("counts").path("failed").asLong()
                        + " failed)",
                CHECKPOINTS);
    }

    private void restarts(String subject, String id) throws IOException, InterruptedException {
        long now = flink.get("/jobs/" + id).path("now").asLong();
        int recent = 0;
        String reason = "";
        for (JsonNode failure :
                flink.get("/jobs/" + id + "/exceptions").path("exceptionHistory").path("entries")) {
            if (now - failure.path("timestamp").asLong() < RECENTLY.toMillis()) {
                recent++;
                reason =
                        reason.isEmpty()
                                ? StackTraceText.rootCause(failure.path("stacktrace").asText())
                                : reason;
            }
        }
        findings.check(
                recent == 0,
                subject,
                "failed and restarted "
                        + Count.of(recent, "time")
                        + " within an hour, last by "
                        + reason,
                RESTARTS);
    }
}
