package io.weir.benchmarks.throughput;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.weir.embedded.EmbeddedKafka;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.file.Path;

/** A Kafka broker in a process of its own. */
public final class Broker implements AutoCloseable {

    private static final String HEAP = "1g";

    private final JavaProcess process;
    private final String bootstrapServers;

    private Broker(JavaProcess process, String bootstrapServers) {
        this.process = process;
        this.bootstrapServers = bootstrapServers;
    }

    public static Broker start(Path directory) throws IOException {
        JavaProcess process = JavaProcess.start("broker", HEAP, Broker.class, directory.toString());
        String answer =
                new BufferedReader(new InputStreamReader(process.answers(), UTF_8)).readLine();
        if (answer == null) {
            process.close();
            throw new IOException("the Kafka broker did not start");
        }
        return new Broker(process, answer);
    }

    public String bootstrapServers() {
        return bootstrapServers;
    }

    @Override
    public void close() throws IOException {
        process.close();
    }

    /** The process: answers with the address and runs until there are no more orders. */
    public static void main(String[] arguments) throws IOException {
        PrintStream answers = System.out;
        System.setOut(System.err);
        try (EmbeddedKafka kafka = EmbeddedKafka.start(Path.of(arguments[0]))) {
            answers.println(kafka.bootstrapServers());
            while (System.in.read() >= 0) {
                // an end is the only order
            }
        }
    }
}
