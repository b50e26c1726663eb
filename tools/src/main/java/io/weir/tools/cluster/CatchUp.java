package io.weir.tools.cluster;

import io.weir.config.KafkaOptions;
import io.weir.tools.connect.CommandException;
import io.weir.tools.connect.JobGroups;
import io.weir.tools.connect.KafkaCluster;
import io.weir.tools.text.Count;
import io.weir.tools.text.DurationText;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Sees when a job has read as far as the one beside which it was started.
 *
 * <p>What it has read is what Kafka knows of it: with each checkpoint a job commits up to where
 * that goes, and everything before is in the store or in the checkpoint. A checkpoint of the old
 * job, and one of the new that was begun after it and goes at least as far: so the new one was
 * behind by no more than the time between the two, whatever comes how fast, or not at all.
 */
final class CatchUp {

    /** A job commits right after a checkpoint, but does not say when it has. */
    private static final Duration COMMIT = Duration.ofSeconds(1);

    private static final Duration SAY_AGAIN = Duration.ofSeconds(10);

    private final FlinkJobs flink;
    private final Duration limit;
    private final Consumer<String> say;

    CatchUp(FlinkJobs flink, Duration limit, Consumer<String> say) {
        this.flink = flink;
        this.limit = limit;
        this.say = say;
    }

    /**
     * A job that reads.
     *
     * @param id in Flink
     * @param isInSecondGroup whether in the second of its groups, see {@link JobGroups}
     */
    record Reader(String id, Release release, boolean isInSecondGroup) {

        String group() {
            return release.group(isInSecondGroup);
        }
    }

    /**
     * Looks whether Kafka answers here, since what the jobs have read is asked there.
     *
     * @throws CommandException when it does not
     */
    void check(Release release) {
        KafkaOptions options = release.kafka();
        try (KafkaCluster kafka = connect(options)) {
            kafka.requirePartitions(options.topic());
        } catch (CommandException e) {
            throw new CommandException(
                    "--blue-green asks Kafka here how far both jobs have read: " + e.getMessage(),
                    e);
        }
    }

    /**
     * Waits until one has caught up with the other, up to the limit.
     *
     * @return null when it has, otherwise why not
     * @throws CommandException when Kafka does not answer
     */
    @Nullable String await(Reader reader, Reader other) throws IOException, InterruptedException {
        String topic = reader.release().kafka().topic();
        long began = System.nanoTime();
        Duration passed = Duration.ZERO;
        Duration said = Duration.ZERO;
        String why = "";
        try (KafkaCluster kafka = connect(reader.release().kafka())) {
            while (passed.compareTo(limit) < 0) {
                why = lacking(kafka, topic, reader, other, limit.minus(passed));
                passed = Duration.ofNanos(System.nanoTime() - began);
                if (why == null) {
                    say.accept("it has caught up after %d s".formatted(passed.toSeconds()));
                    return null;
                }
                if (!flink.isActive(reader.id())) {
                    return "it has ended"
                            + flink.lastFailure(reader.id()).map(cause -> ": " + cause).orElse("");
                }
                if (passed.minus(said).compareTo(SAY_AGAIN) > 0) {
                    say.accept(why);
                    said = passed;
                }
            }
        }
        return "after %s (--limit) %s".formatted(DurationText.of(limit), why);
    }

    /** What the reader's checkpoint lacks of one that the other completed just before. */
    private @Nullable String lacking(
            KafkaCluster kafka, String topic, Reader reader, Reader other, Duration patience)
            throws IOException, InterruptedException {
        if (!flink.completesCheckpoint(other.id(), patience)) {
            Waiting.sleep(COMMIT);
            return "job %s, beside which it reads, completes no checkpoint".formatted(other.id());
        }
        Waiting.sleep(COMMIT);
        Map<Integer, Long> goal = kafka.committedOffsets(other.group(), topic);
        if (goal.isEmpty()) {
            return "group %s, in which job %s shows its progress, has no offsets of %s"
                    .formatted(other.group(), other.id(), topic);
        }
        if (!flink.completesCheckpoint(reader.id(), patience)) {
            Waiting.sleep(COMMIT);
            return "it completes no checkpoint";
        }
        return Waiting.until(
                        COMMIT,
                        () -> behind(kafka.committedOffsets(reader.group(), topic), goal) == 0)
                ? null
                : "it is %s behind, as group %s says"
                        .formatted(
                                Count.of(
                                        behind(kafka.committedOffsets(reader.group(), topic), goal),
                                        "record"),
                                reader.group());
    }

    private static KafkaCluster connect(KafkaOptions options) {
        Map<String, Object> properties = new HashMap<>();
        options.clientSettings().forEach((key, value) -> properties.put(key.toString(), value));
        return KafkaCluster.connect(properties);
    }

    private static long behind(Map<Integer, Long> committed, Map<Integer, Long> goal) {
        long behind = 0;
        for (Map.Entry<Integer, Long> partition : goal.entrySet()) {
            behind +=
                    Math.max(
                            0,
                            partition.getValue() - committed.getOrDefault(partition.getKey(), 0L));
        }
        return behind;
    }
}
