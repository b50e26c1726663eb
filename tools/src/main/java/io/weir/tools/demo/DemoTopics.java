package io.weir.tools.demo;

import io.weir.tools.connect.CommandException;
import io.weir.tools.connect.KafkaCluster;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;

/** The topics of a demo, which replaces those of an earlier one but no others. */
final class DemoTopics {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long POLL_MILLIS = 100;

    private DemoTopics() {}

    /**
     * Those that are there.
     *
     * @throws CommandException when no demo made them
     */
    static Set<String> ofDemo(KafkaCluster kafka, DemoOptions options) {
        Set<String> present = present(kafka, options);
        if (!present.isEmpty() && !present.contains(options.markTopic())) {
            throw new CommandException(
                    "topic "
                            + present.iterator().next()
                            + " was not made by a demo and is left alone: a demo creates its own"
                            + " topics, so choose others with --prefix");
        }
        return present;
    }

    static void make(KafkaCluster kafka, DemoOptions options) {
        deleteEarlier(kafka, options);
        kafka.create(options.markTopic(), 1);
        for (String topic : options.topics()) {
            if (!topic.equals(options.markTopic())) {
                kafka.create(topic, topic.equals(options.topic()) ? DemoOptions.PARTITIONS : 1);
            }
        }
        // a topic that was made just now may still be unknown to the broker that is asked
        await(
                () -> options.topics().stream().allMatch(t -> kafka.partitions(t).isPresent()),
                "Kafka does not show the topics that it was asked to create");
    }

    /** The mark goes last, so that a deletion cut short can be taken up again. */
    static void deleteEarlier(KafkaCluster kafka, DemoOptions options) {
        Set<String> present = present(kafka, options);
        boolean isMarked = present.remove(options.markTopic());
        delete(kafka, options, present);
        if (isMarked) {
            delete(kafka, options, Set.of(options.markTopic()));
        }
    }

    private static void delete(KafkaCluster kafka, DemoOptions options, Set<String> topics) {
        if (topics.isEmpty()) {
            return;
        }
        kafka.delete(topics);
        await(
                () -> present(kafka, options).stream().noneMatch(topics::contains),
                "Kafka has not deleted the topics of an earlier demo: check that it allows"
                        + " deletion, or choose another --prefix");
    }

    private static void await(BooleanSupplier condition, String failure) {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() > deadline) {
                throw new CommandException(failure);
            }
            Pause.millis(POLL_MILLIS);
        }
    }

    private static Set<String> present(KafkaCluster kafka, DemoOptions options) {
        Set<String> present = new TreeSet<>(kafka.topics());
        present.retainAll(options.topics());
        return present;
    }
}
