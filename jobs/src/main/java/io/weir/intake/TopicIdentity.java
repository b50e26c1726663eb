package io.weir.intake;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Properties;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.connector.kafka.source.split.KafkaPartitionSplit;
import org.apache.flink.runtime.execution.SuppressRestartsException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * The id that Kafka gave to the topic when it was made, and the check that it stays the same. A
 * topic that was deleted and made anew has other records at the same offsets; once it has grown
 * past them, nothing else would tell.
 *
 * <p>A broker that is too old to know ids gives all topics the id zero, which equals any other.
 */
final class TopicIdentity implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final String topic;
    private final Admin admin;
    private @Nullable Uuid id;
    private @Nullable CompletableFuture<Uuid> question;

    TopicIdentity(Properties clientSettings, String topic) {
        this.topic = topic;
        Properties settings = new Properties();
        settings.putAll(clientSettings);
        String patience = Long.toString(PATIENCE.toMillis());
        settings.setProperty("default.api.timeout.ms", patience);
        settings.setProperty("request.timeout.ms", patience);
        admin = Admin.create(settings);
    }

    /**
     * Checks a partition that is to be read against the topic that Kafka has.
     *
     * @throws SuppressRestartsException when the partition is from a state of another topic
     * @throws IllegalStateException when Kafka does not answer
     */
    void check(KafkaPartitionSplit partition) {
        if (id == null) {
            id = await(ask());
        }
        if (partition instanceof IdentifiedPartition known) {
            refuseOther(known.topicId(), id);
        }
    }

    /** A partition that was checked, with the id of its topic. */
    KafkaPartitionSplit identify(KafkaPartitionSplit partition) {
        return new IdentifiedPartition(partition, Objects.requireNonNull(id));
    }

    /**
     * Looks at Kafka's last answer, and asks again without waiting.
     *
     * @throws SuppressRestartsException when the topic is another one now
     */
    void checkAgain() {
        if (id == null || question != null && !question.isDone()) {
            return;
        }
        if (question != null && !question.isCompletedExceptionally()) {
            refuseOther(id, question.join());
        }
        question = ask();
    }

    private CompletableFuture<Uuid> ask() {
        return admin.describeTopics(List.of(topic))
                .allTopicNames()
                .toCompletionStage()
                .thenApply(found -> Objects.requireNonNull(found.get(topic)).topicId())
                .toCompletableFuture();
    }

    private Uuid await(CompletableFuture<Uuid> answer) {
        try {
            return answer.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException e) {
            throw new IllegalStateException("Kafka does not describe topic " + topic, e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    private void refuseOther(Uuid known, Uuid found) {
        if (known.equals(found) || known.equals(Uuid.ZERO_UUID) || found.equals(Uuid.ZERO_UUID)) {
            return;
        }
        throw new SuppressRestartsException(
                new IllegalStateException(
                        """
                        topic %s was deleted and created again, or is another cluster's: its id was \
                        %s, and is %s now. The job's offsets mean other records there. To read it, \
                        start the job without state (no -s) with --kafka.start-from earliest or day: \
                        buckets that it did not read from their beginning are marked is_whole = \
                        false"""
                                .formatted(topic, known, found)));
    }

    @Override
    public void close() {
        admin.close(Duration.ZERO);
    }
}
