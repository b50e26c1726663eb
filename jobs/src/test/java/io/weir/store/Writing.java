package io.weir.store;

import java.util.Arrays;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/** Something that a task's thread does, and how it ends. */
record Writing(Thread thread, FutureTask<Void> end) {

    static Writing start(Callable<Void> task) {
        FutureTask<Void> end = new FutureTask<>(task);
        Thread thread = new Thread(end, "task");
        thread.setDaemon(true);
        thread.start();
        return new Writing(thread, end);
    }

    static Writing flush(StoreWriter<?, ?> writer) {
        return start(
                () -> {
                    writer.flush(false);
                    return null;
                });
    }

    boolean isPausing() {
        return thread.getState() == Thread.State.TIMED_WAITING
                && isIn(Thread.class.getName(), "sleep");
    }

    boolean isReadingFromSocket() {
        return isIn("java.net.Socket$SocketInputStream", "read");
    }

    boolean isWritingToSocket() {
        return isIn("java.net.Socket$SocketOutputStream", "write");
    }

    private boolean isIn(String type, String method) {
        return Arrays.stream(thread.getStackTrace())
                .anyMatch(
                        frame ->
                                frame.getClassName().equals(type)
                                        && frame.getMethodName().equals(method));
    }
}
