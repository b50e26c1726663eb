package io.weir.tools.demo;

import io.weir.database.Causes;
import io.weir.tools.connect.CommandException;
import io.weir.tools.send.RecordSender;
import io.weir.tools.send.RecordSource;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Sends a source in a thread of its own, so that the sender's progress can be looked at. */
final class Sending implements AutoCloseable {

    private static final long PATIENCE_SECONDS = 5;

    private final ExecutorService thread = Executors.newSingleThreadExecutor(Sending::daemon);
    private final Future<?> end;

    Sending(RecordSender sender, RecordSource source) {
        this.end =
                thread.submit(
                        () -> {
                            sender.send(source);
                            return true;
                        });
    }

    /**
     * Whether Kafka has taken everything.
     *
     * @throws CommandException when sending has failed
     */
    boolean isDone() {
        if (!end.isDone()) {
            return false;
        }
        try {
            Object unused = end.get();
            return true;
        } catch (ExecutionException e) {
            throw new CommandException("sending failed: " + Causes.innermost(e), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CommandException("interrupted", e);
        }
    }

    @Override
    public void close() {
        thread.shutdownNow();
        try {
            Object unused = thread.awaitTermination(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "weir-sender");
        thread.setDaemon(true);
        return thread;
    }
}
