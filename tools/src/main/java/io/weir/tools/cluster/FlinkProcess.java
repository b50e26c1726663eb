package io.weir.tools.cluster;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A process of a cluster, as it was started.
 *
 * @param name {@code jobmanager}, {@code taskmanager-1}
 * @param id by which a TaskManager registers; another one each time it is started
 * @param startedMillis when the system says it was started: another process may get its number
 */
record FlinkProcess(String name, String id, long pid, long startedMillis) {

    /** The system's clock may be set between two looks. */
    private static final Duration TOLERANCE = Duration.ofSeconds(2);

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    static FlinkProcess of(String name, String id, ProcessHandle started) {
        return new FlinkProcess(name, id, started.pid(), started(started).toEpochMilli());
    }

    private static Instant started(ProcessHandle process) {
        return process.info().startInstant().orElse(Instant.EPOCH);
    }

    @JsonIgnore
    boolean isAlive() {
        return find().isPresent();
    }

    private Optional<ProcessHandle> find() {
        return ProcessHandle.of(pid)
                .filter(ProcessHandle::isAlive)
                .filter(
                        process ->
                                Math.abs(started(process).toEpochMilli() - startedMillis)
                                        <= TOLERANCE.toMillis());
    }

    /** Ends it, by force when it does not end within half a minute. */
    void end() throws InterruptedException {
        Optional<ProcessHandle> process = find();
        if (process.isEmpty()) {
            return;
        }
        process.get().destroy();
        try {
            process.get().onExit().get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException | ExecutionException e) {
            process.get().destroyForcibly();
        }
    }

    String shown() {
        return "%s (process %d)".formatted(name, pid);
    }
}
