package io.weir.store;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;

/** Something that a task's thread does, and how it ends; what the writer does for it meanwhile. */
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

    static boolean isPausing() {
        return isIn(Thread.class.getName(), "sleep");
    }

    static boolean isReadingFromSocket() {
        return isIn("java.net.Socket$SocketInputStream", "read");
    }

    static boolean isWritingToSocket() {
        return isIn("java.net.Socket$SocketOutputStream", "write");
    }

    /** The threads of writers that are not closed. */
    static List<Thread> writers() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(each -> each.getName().equals("weir-store-writer"))
                .toList();
    }

    private static boolean isIn(String type, String method) {
        return writers().stream()
                .flatMap(writer -> Arrays.stream(writer.getStackTrace()))
                .anyMatch(
                        frame ->
                                frame.getClassName().equals(type)
                                        && frame.getMethodName().equals(method));
    }
}
