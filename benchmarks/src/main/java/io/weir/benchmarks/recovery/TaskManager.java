package io.weir.benchmarks.recovery;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.weir.benchmarks.throughput.JavaProcess;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;

/** A TaskManager in a process of its own. */
final class TaskManager implements AutoCloseable {

    private final JavaProcess process;
    private volatile long firstPosition;
    private volatile long position;

    TaskManager(JavaProcess process) {
        this.process = process;
        Thread reader = new Thread(this::readPositions, "positions");
        reader.setDaemon(true);
        reader.start();
    }

    private void readPositions() {
        try (BufferedReader answers =
                new BufferedReader(new InputStreamReader(process.answers(), UTF_8))) {
            for (String line = answers.readLine(); line != null; line = answers.readLine()) {
                position = Long.parseLong(line);
                if (firstPosition == 0) {
                    firstPosition = position;
                }
            }
        } catch (IOException e) {
            // what is killed says no more
        }
    }

    /** How many records of the topic the job has read, 0 as long as it does not run here. */
    long position() {
        return position;
    }

    /** The first of these positions that was seen. */
    long firstPosition() {
        return firstPosition;
    }

    void kill() {
        process.kill();
    }

    @Override
    public void close() throws IOException {
        process.close();
    }
}
