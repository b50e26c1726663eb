package io.weir.tools.cluster;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What is known of a job beyond what Flink knows: what was submitted, where it can go on from, and
 * what a command that was interrupted was about to do. It is written before each step.
 *
 * @param version of the file's form
 * @param job its name in Flink
 * @param current what runs, or ran last
 * @param next what is to take its place; null except while that is being done
 * @param previous what can be gone back to
 */
record JobRecord(
        int version,
        String job,
        Started current,
        @Nullable Next next,
        @Nullable Previous previous) {

    private static final int VERSION = 1;

    JobRecord {
        if (version != VERSION) {
            throw new IllegalArgumentException("version " + version + " is not " + VERSION);
        }
    }

    static JobRecord first(String job, Started started) {
        return new JobRecord(VERSION, job, started, null, null);
    }

    JobRecord withCurrent(Started started) {
        return new JobRecord(version, job, started, next, previous);
    }

    JobRecord withNext(@Nullable Next planned) {
        return new JobRecord(version, job, current, planned, previous);
    }

    /** What was interrupted and how to go on, one sentence. */
    @JsonIgnore
    String unfinished() {
        Next begun = Objects.requireNonNull(next);
        String way = begun.isBlueGreen() ? " --blue-green" : "";
        return begun.isRollback()
                ? "%s of %s was interrupted: 'weir cluster rollback%s' goes on with it, 'weir cluster upgrade --jar JAR' goes on to another"
                        .formatted(begun.shown(), job, way)
                : "%s of %s was interrupted: 'weir cluster upgrade%s' with the same jar goes on with it, 'weir cluster rollback' returns to %s"
                        .formatted(begun.shown(), job, way, current.release().title());
    }

    /** Names of the jars that may be started again. */
    @JsonIgnore
    Stream<String> jars() {
        return Stream.concat(
                        Stream.of(current.release()),
                        Stream.concat(
                                Stream.ofNullable(next).map(Next::release),
                                Stream.ofNullable(previous).map(Previous::release)))
                .map(Release::jar);
    }

    /**
     * A release that was submitted.
     *
     * @param id of the job in Flink, chosen before it is submitted
     * @param isInSecondGroup whether it reads in the second of its groups, since it was started
     *     beside another; what goes on from it stays in that
     * @param from the savepoint or checkpoint that it began with, null for none
     * @param checkpoints folder of its checkpoints, null before the first was completed
     * @param trigger of the savepoint with which it is being stopped
     * @param stoppedWith the savepoint or checkpoint with which it was stopped
     */
    record Started(
            Release release,
            String id,
            boolean isInSecondGroup,
            @Nullable String from,
            @Nullable String checkpoints,
            @Nullable String trigger,
            @Nullable String stoppedWith) {

        static Started now(
                Release release, String id, boolean isInSecondGroup, @Nullable String from) {
            return new Started(release, id, isInSecondGroup, from, null, null, null);
        }

        Started withCheckpoints(@Nullable String folder) {
            return new Started(release, id, isInSecondGroup, from, folder, trigger, stoppedWith);
        }

        Started withTrigger(@Nullable String request) {
            return new Started(
                    release, id, isInSecondGroup, from, checkpoints, request, stoppedWith);
        }

        Started stopped(@Nullable String savepoint) {
            return new Started(release, id, isInSecondGroup, from, checkpoints, null, savepoint);
        }
    }

    /**
     * A release that is to take over.
     *
     * @param isRollback whether it ran before
     * @param isBlueGreen whether it is started beside the current one, which is stopped afterwards
     * @param from the savepoint to begin with, null before it is taken of the current one
     * @param id of the job in Flink
     */
    record Next(
            boolean isRollback,
            boolean isBlueGreen,
            Release release,
            @Nullable String from,
            String id) {

        Next from(@Nullable String savepoint) {
            return new Next(isRollback, isBlueGreen, release, savepoint, id);
        }

        /** As it is said in a sentence. */
        String shown() {
            return "%s %sto %s"
                    .formatted(
                            isRollback ? "a rollback" : "an upgrade",
                            isBlueGreen ? "by blue/green " : "",
                            release.title());
        }
    }

    /**
     * A release that another took over from.
     *
     * @param savepoint with which it was stopped, null when it had none
     */
    record Previous(Release release, @Nullable String savepoint) {}
}
