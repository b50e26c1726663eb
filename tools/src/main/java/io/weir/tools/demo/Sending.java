package io.weir.tools.demo;

import io.weir.database.Causes;
import io.weir.tools.connect.CommandException;
import io.weir.tools.send.OutgoingRecord;
import io.weir.tools.send.RecordSender;
import io.weir.tools.send.RecordSource;
import io.weir.tools.send.TimeSpan;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** Sends a source in a thread of its own, so that its progress can be looked at. */
final class Sending implements AutoCloseable {

    private static final long PATIENCE_MILLIS = 5_000;

    private final RecordSender sender;
    private final long size;
    private final AtomicLong sendTimeMillis = new AtomicLong(Long.MIN_VALUE);
    private final CompletableFuture<Void> end = new CompletableFuture<>();
    private final Thread thread;

    Sending(RecordSender sender, RecordSource source) {
        this.sender = sender;
        this.size = source.size();
        this.thread = new Thread(() -> send(new Watched(source)), "weir-sender");
        thread.setDaemon(true);
        thread.start();
    }

    long sent() {
        return sender.sent();
    }

    long size() {
        return size;
    }

    /** The simulated send time reached, the smallest number there is before the first record. */
    long sendTimeMillis() {
        return sendTimeMillis.get();
    }

    /**
     * Whether Kafka has taken everything.
     *
     * @throws CommandException when sending has failed
     */
    boolean isDone() {
        if (end.isCompletedExceptionally()) {
            Throwable failure = end.handle((nothing, thrown) -> thrown).join();
            throw new CommandException("sending failed: " + Causes.innermost(failure), failure);
        }
        return end.isDone();
    }

    @Override
    public void close() {
        thread.interrupt();
        try {
            thread.join(PATIENCE_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        sender.close();
    }

    private void send(RecordSource source) {
        try {
            sender.send(source);
            end.complete(null);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            end.completeExceptionally(e);
        } catch (RuntimeException | Error e) {
            end.completeExceptionally(e);
        }
    }

    /** The source, telling the time it has come to. */
    private final class Watched implements RecordSource {

        private final RecordSource source;

        Watched(RecordSource source) {
            this.source = source;
        }

        @Override
        public Iterator<OutgoingRecord> iterator() {
            Iterator<OutgoingRecord> records = source.iterator();
            return new Iterator<>() {
                @Override
                public boolean hasNext() {
                    return records.hasNext();
                }

                @Override
                public OutgoingRecord next() {
                    OutgoingRecord next = records.next();
                    sendTimeMillis.set(next.sendTimeMillis());
                    return next;
                }
            };
        }

        @Override
        public Duration worstLag() {
            return source.worstLag();
        }

        @Override
        public TimeSpan eventTimes() {
            return source.eventTimes();
        }

        @Override
        public long size() {
            return source.size();
        }
    }
}
