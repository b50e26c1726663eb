package io.weir.benchmarks.throughput;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A JVM with the class path of this one, so that neither its heap nor its compiled code is shared
 * with anything else that is measured. It gets orders by its standard input and ends when that
 * ends, also when this process dies; its standard output is for answers.
 */
public final class JavaProcess implements AutoCloseable {

    private static final int ENDING_SECONDS = 20;

    private final Process process;

    private JavaProcess(Process process) {
        this.process = process;
    }

    /**
     * Starts it.
     *
     * @param name of its log, which lies beside this process's own
     * @param heap its largest heap, as in {@code -Xmx2g}
     */
    public static JavaProcess start(String name, String heap, Class<?> main, String... arguments)
            throws IOException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.add("-Xmx" + heap);
        command.add("--add-opens=java.base/java.util=ALL-UNNAMED");
        String log = System.getProperty("weir.log");
        if (log != null) {
            command.add("-Dweir.log=" + Path.of(log).resolveSibling("bench-" + name + ".log"));
        }
        command.addAll(List.of("-cp", System.getProperty("java.class.path"), main.getName()));
        command.addAll(List.of(arguments));
        return new JavaProcess(
                new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start());
    }

    public OutputStream orders() {
        return process.getOutputStream();
    }

    public InputStream answers() {
        return process.getInputStream();
    }

    /** Ends it as {@code kill -9} does, and returns at once. */
    public void kill() {
        process.destroyForcibly();
    }

    /** Ends it, by force if it does not end by itself. */
    @Override
    public void close() throws IOException {
        try {
            orders().close();
        } catch (IOException e) {
            process.destroyForcibly(); // it has ended before its orders were read
        }
        try {
            if (!process.waitFor(ENDING_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
