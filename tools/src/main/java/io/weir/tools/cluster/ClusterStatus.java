package io.weir.tools.cluster;

import com.fasterxml.jackson.databind.JsonNode;
import io.weir.tools.cluster.FlinkJobs.Completed;
import io.weir.tools.cluster.FlinkJobs.Job;
import io.weir.tools.cluster.JobRecord.Started;
import io.weir.tools.text.Columns;
import io.weir.tools.text.Count;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.flink.api.common.JobStatus;

/** What runs on a cluster, in lines for a terminal. */
public final class ClusterStatus {

    private static final int BYTES_OF_KB = 1024;

    private final FlinkJobs flink;
    private final ClusterFolder folder;
    private final Consumer<String> say;
    private boolean isWell = true;

    public ClusterStatus(FlinkJobs flink, ClusterFolder folder, Consumer<String> say) {
        this.flink = flink;
        this.folder = folder;
        this.say = say;
    }

    /**
     * Says what processes there are, if they were started from this folder.
     *
     * @return whether all of them live
     */
    public boolean showProcesses() throws IOException, InterruptedException {
        List<List<String>> rows = new ArrayList<>();
        boolean areAlive = true;
        Map<String, String> slots = slots();
        for (FlinkProcess process : new LocalCluster(folder).processes()) {
            boolean isAlive = process.isAlive();
            areAlive &= isAlive;
            String state =
                    isAlive
                            ? "runs" + slots.getOrDefault(process.id(), "")
                            : "dead: 'weir cluster start' brings it back";
            rows.add(List.of(process.name(), Long.toString(process.pid()), state));
        }
        if (!rows.isEmpty()) {
            say.accept(Columns.of(List.of("process", "id", "state"), rows).stripTrailing());
        }
        return areAlive;
    }

    /** Of each TaskManager that is registered; none while the JobManager does not answer. */
    private Map<String, String> slots() throws InterruptedException {
        Map<String, String> slots = new TreeMap<>();
        try {
            for (JsonNode each : flink.rest().get("/taskmanagers").path("taskmanagers")) {
                slots.put(
                        each.path("id").asText(),
                        ", %d of %s free"
                                .formatted(
                                        each.path("freeSlots").asInt(),
                                        Count.of(each.path("slotsNumber").asInt(), "slot")));
            }
        } catch (IOException e) {
            say.accept("the JobManager does not answer: " + e.getMessage());
        }
        return slots;
    }

    /**
     * Says what the jobs do.
     *
     * @return whether every job that was not stopped runs
     */
    public boolean showJobs() throws IOException, InterruptedException {
        JsonNode overview = flink.rest().get("/overview");
        say.accept(
                "Flink %s at %s: %s, %d of %s free"
                        .formatted(
                                overview.path("flink-version").asText(),
                                flink.rest().address(),
                                Count.of(overview.path("taskmanagers").asInt(), "TaskManager"),
                                overview.path("slots-available").asInt(),
                                Count.of(overview.path("slots-total").asInt(), "slot")));
        List<JobRecord> known = new JobRecords(folder).all();
        for (Job job : flink.all()) {
            if (job.isActive()) {
                show(job, title(known, job.id()));
            }
        }
        for (JobRecord record : known) {
            show(record);
        }
        if (known.isEmpty()) {
            say.accept("no job was submitted: 'weir cluster submit --config conf/weir.properties'");
        }
        return isWell;
    }

    private static String title(List<JobRecord> known, String id) {
        for (JobRecord record : known) {
            if (record.current().id().equals(id)) {
                return record.current().release().title();
            }
            if (record.next() != null && record.next().id().equals(id)) {
                return record.next().release().title()
                        + (record.next().isBlueGreen() ? ", which is to take over" : "");
            }
        }
        return "not submitted by weir";
    }

    private void show(Job job, String release) throws IOException, InterruptedException {
        JsonNode details = flink.details(job.id());
        Instant now = Instant.ofEpochMilli(details.path("now").asLong());
        int parallelism = 0;
        for (JsonNode vertex : details.path("vertices")) {
            parallelism = Math.max(parallelism, vertex.path("parallelism").asInt());
        }
        JsonNode restarts =
                flink.rest().get("/jobs/" + job.id() + "/metrics?get=numRestarts").path(0);
        say.accept(
                "%s, job %s: %s since %s, parallelism %d, %s; %s"
                        .formatted(
                                job.name(),
                                job.id(),
                                job.state(),
                                Instant.ofEpochMilli(details.path("start-time").asLong()),
                                parallelism,
                                Count.of(restarts.path("value").asInt(), "restart"),
                                release));
        Optional<Completed> checkpoint = flink.lastCheckpoint(job.id());
        say.accept(
                checkpoint
                        .map(last -> "  last checkpoint " + shown(last, now))
                        .orElse("  no checkpoint yet"));
        Optional<String> failure = flink.lastFailure(job.id());
        failure.ifPresent(why -> say.accept("  last failure: " + why));
        isWell &= job.state() == JobStatus.RUNNING;
    }

    private static String shown(Completed checkpoint, Instant now) {
        return String.format(
                Locale.ROOT,
                "%d s ago, %,d KB: %s",
                Duration.between(checkpoint.triggered(), now).toSeconds(),
                checkpoint.bytes() / BYTES_OF_KB,
                checkpoint.path());
    }

    private void show(JobRecord record) throws IOException, InterruptedException {
        Started current = record.current();
        if (record.next() != null) {
            isWell = false;
            say.accept(record.unfinished());
        } else if (!flink.isActive(current.id())) {
            String how =
                    current.stoppedWith() == null
                            ? flink.find(current.id())
                                    .map(job -> "is " + job.state())
                                    .orElse("is gone, Flink does not know it any more")
                            : "was stopped with " + current.stoppedWith();
            isWell &= current.stoppedWith() != null;
            say.accept(
                    "%s, %s, %s: 'weir cluster submit' goes on where it stopped"
                            .formatted(record.job(), current.release().title(), how));
        }
        if (record.previous() != null && record.next() == null) {
            say.accept(
                    "%s ran %s before: 'weir cluster rollback' returns to that"
                            .formatted(record.job(), record.previous().release().title()));
        }
    }
}
