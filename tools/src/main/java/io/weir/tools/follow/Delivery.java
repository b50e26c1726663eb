package io.weir.tools.follow;

import io.weir.database.Causes;
import io.weir.tools.connect.CommandException;
import io.weir.tools.send.BatchId;
import io.weir.tools.send.BatchSender;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sends batches, each once: one of which nobody knows whether Kafka took it is asked about. */
final class Delivery implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Delivery.class);
    private static final Duration PAUSE = Duration.ofSeconds(2);

    private final FollowSettings settings;
    private final int partitions;
    private final String name;
    private final Consumer<String> say;
    private @Nullable BatchSender sender;
    private final Set<BatchId> committed;
    private Optional<BatchId> last;

    /**
     * Ends what is left of an earlier delivery.
     *
     * @param partitions of the topic
     * @param follower whose batches these are
     */
    Delivery(FollowSettings settings, int partitions, String follower, Consumer<String> say) {
        this.settings = settings;
        this.partitions = partitions;
        this.name = "weir-follow-" + follower;
        this.say = say;
        try {
            BatchSender opened = open();
            this.sender = opened;
            this.committed = opened.committed();
            this.last = last(committed);
        } catch (KafkaException e) {
            throw new CommandException(
                    "cannot begin to send to %s: %s"
                            .formatted(settings.topic(), Causes.innermost(e)),
                    e);
        } catch (CommandException e) {
            close();
            throw e;
        }
    }

    private BatchSender open() {
        return BatchSender.open(settings.kafka(), settings.topic(), partitions, name);
    }

    private static Optional<BatchId> last(Set<BatchId> committed) {
        return committed.stream().max(BatchId.ORDER);
    }

    /** What Kafka had taken at the start, as {@link BatchSender#committed}. */
    Set<BatchId> committed() {
        return committed;
    }

    /**
     * Returns when Kafka has taken the batch, or when this is to stop; tries again while Kafka does
     * not answer.
     *
     * @return whether Kafka has taken it
     * @throws CommandException when Kafka refuses it
     */
    boolean send(Batch batch, BooleanSupplier isStopping) throws InterruptedException {
        boolean isWaiting = false;
        while (!isStopping.getAsBoolean()) {
            try {
                sendOnce(batch);
                if (isWaiting) {
                    say.accept("Kafka answers again");
                }
                return true;
            } catch (InterruptException e) {
                throw interrupted(e);
            } catch (KafkaException e) {
                close();
                if (BatchSender.isShutOut(e)) {
                    throw shutOut(e);
                }
                if (!BatchSender.isPassing(e)) {
                    throw new CommandException(String.valueOf(e.getMessage()), e);
                }
                LOG.warn("batch {} is sent again", batch.after().batch().number(), e);
                if (!isWaiting) {
                    say.accept(
                            "%s. Trying again until Kafka takes it; nothing is lost meanwhile"
                                    .formatted(e.getMessage()));
                }
                isWaiting = true;
            }
            Thread.sleep(PAUSE.toMillis());
        }
        return false;
    }

    private void sendOnce(Batch batch) {
        BatchId id = batch.after().batch();
        if (sender == null) {
            BatchSender opened = open();
            sender = opened;
            Set<BatchId> now = askForCommitted(opened);
            if (now.contains(id)) {
                last = Optional.of(id);
                return;
            }
            if (!last(now).equals(last)) {
                throw new CommandException(
                        "Kafka's last batch of this follower is not the one that it sent last: the topic %s was deleted and created again, or another follower uses a copy of the position. Start again"
                                .formatted(settings.topic()));
            }
        }
        long sequence = batch.after().records() - batch.records().size();
        sender.send(batch.records(), sequence, id);
        last = Optional.of(id);
    }

    private static Set<BatchId> askForCommitted(BatchSender opened) {
        try {
            return opened.committed();
        } catch (CommandException e) {
            throw new org.apache.kafka.common.errors.TimeoutException(e.getMessage(), e);
        }
    }

    private CommandException shutOut(KafkaException cause) {
        return new CommandException(
                "Kafka shut this follower out: another one began with the same position (a copy of %s?), or a batch took over a minute. Its last batch was not sent. Give each follower a position of its own, and start again"
                        .formatted(settings.positionFile()),
                cause);
    }

    private static InterruptedException interrupted(InterruptException e) {
        Thread.interrupted(); // the exception that says so takes over
        InterruptedException interrupted = new InterruptedException("interrupted while sending");
        interrupted.initCause(e);
        return interrupted;
    }

    @Override
    public void close() {
        if (sender != null) {
            sender.close();
            sender = null;
        }
    }
}
