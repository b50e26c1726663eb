package io.weir.tools.demo;

import io.weir.database.Causes;
import io.weir.tools.connect.CommandException;
import io.weir.tools.send.RecordSender;
import io.weir.tools.send.RecordSource;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;

/**
 * The requests on their way to the topic. They go while the schema is made and the job starts: a
 * topic is where they may wait.
 */
final class Sending implements AutoCloseable {

    /** Long, or each of the many partitions would get its few records in a request of its own. */
    private static final int LINGER_MILLIS = 200;

    private final RecordSender sender;
    private final Future<?> done;

    private Sending(RecordSender sender, Future<?> done) {
        this.sender = sender;
        this.done = done;
    }

    static Sending start(String bootstrapServers, DemoOptions options, RecordSource requests) {
        RecordSender sender =
                new RecordSender(
                        Map.of("bootstrap.servers", bootstrapServers, "linger.ms", LINGER_MILLIS),
                        options.topic(),
                        DemoOptions.PARTITIONS,
                        options.rate());
        return new Sending(sender, sender.start(requests));
    }

    /** Whether Kafka has taken everything. */
    boolean isDone() {
        try {
            return done.isDone() && done.get() != null;
        } catch (ExecutionException e) {
            throw new CommandException("sending failed: " + Causes.innermost(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("interrupted", e);
        }
    }

    /** How many records Kafka has taken so far. */
    long sent() {
        return sender.sent();
    }

    /** The send time of the last record handed to Kafka, the smallest number before the first. */
    long sendTimeMillis() {
        return sender.sendTimeMillis();
    }

    /** What is not sent yet is not sent any more. */
    @Override
    public void close() {
        sender.close();
    }
}
