package io.weir.tools.cli;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import picocli.CommandLine.ExitCode;

/**
 * Ctrl-C or SIGTERM, upon which the command ends its work and the process with the command's own
 * exit code. Java's would be 130 or 143.
 */
final class StopSignal implements BooleanSupplier, AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final Thread worker = Thread.currentThread();
    private final Thread hook = new Thread(this::stop, "weir-stop");
    private final CountDownLatch ended = new CountDownLatch(1);
    private volatile boolean isStopping;
    private volatile int exitCode = ExitCode.SOFTWARE;

    /** Takes effect at once, for the work of this thread. */
    StopSignal() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    /** Whether the work is to end. */
    @Override
    public boolean getAsBoolean() {
        return isStopping;
    }

    /** The work has ended; called before closing. */
    int exitWith(int code) {
        exitCode = code;
        return code;
    }

    private void stop() {
        isStopping = true;
        try {
            if (!ended.await(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
                worker.interrupt();
                ended.await(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        Runtime.getRuntime().halt(exitCode);
    }

    @Override
    public void close() {
        ended.countDown();
        if (!isStopping) {
            Runtime.getRuntime().removeShutdownHook(hook);
        }
    }
}
