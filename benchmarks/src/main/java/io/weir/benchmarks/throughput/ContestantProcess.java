package io.weir.benchmarks.throughput;

import io.weir.benchmarks.contestants.Assignment;
import io.weir.benchmarks.contestants.Contestant;
import io.weir.benchmarks.contestants.Contestants;
import io.weir.benchmarks.contestants.Effort;
import io.weir.database.Causes;
import io.weir.tools.connect.CommandException;
import java.io.EOFException;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.text.ParseException;
import jdk.jfr.Configuration;
import jdk.jfr.Recording;
import jdk.jfr.RecordingState;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/** A contestant in a process of its own, which stays warm while others have their turn. */
final class ContestantProcess implements AutoCloseable {

    private final Contestants contestant;
    private final JavaProcess process;
    private final ObjectOutputStream orders;
    private @Nullable ObjectInputStream answers;

    private ContestantProcess(
            Contestants contestant, JavaProcess process, ObjectOutputStream orders) {
        this.contestant = contestant;
        this.process = process;
        this.orders = orders;
    }

    /**
     * Starts it.
     *
     * @param heap its largest heap, as in {@code -Xmx2g}
     * @param profile the file of a JFR recording of rounds, or null for none
     */
    static ContestantProcess start(
            Contestants contestant, Assignment assignment, String heap, @Nullable Path profile)
            throws IOException {
        JavaProcess process =
                JavaProcess.start(
                        contestant.title(),
                        heap,
                        ContestantProcess.class,
                        contestant.name(),
                        profile == null ? "" : profile.toAbsolutePath().toString());
        ObjectOutputStream orders = new ObjectOutputStream(process.orders());
        orders.writeObject(assignment);
        orders.flush();
        return new ContestantProcess(contestant, process, orders);
    }

    /**
     * Lets it count all requests once.
     *
     * @param isProfiled whether this round belongs into the recording, if there is one
     * @throws CommandException when it fails; its log says more
     */
    Effort round(boolean isProfiled) throws IOException, ClassNotFoundException {
        orders.writeBoolean(isProfiled);
        orders.flush();
        if (answers == null) {
            answers = new ObjectInputStream(process.answers());
        }
        Object answer = answers.readObject();
        if (answer instanceof Effort effort) {
            return effort;
        }
        throw new CommandException(contestant.title() + " failed: " + answer);
    }

    @Override
    public void close() throws IOException {
        process.close();
    }

    /** The process: a round an order, until there are no more. */
    public static void main(String[] arguments) throws Exception {
        OutputStream out = System.out;
        System.setOut(System.err);
        try (ObjectInputStream orders = new ObjectInputStream(System.in);
                ObjectOutputStream answers = new ObjectOutputStream(out)) {
            answers.flush();
            Contestant contestant =
                    Contestants.valueOf(arguments[0]).make((Assignment) orders.readObject());
            Recording recording = arguments[1].isEmpty() ? null : recording(arguments[1]);
            for (Boolean order = next(orders); order != null; order = next(orders)) {
                if (order && recording != null && recording.getState() == RecordingState.NEW) {
                    recording.start();
                }
                answers.writeObject(answer(contestant));
                answers.flush();
            }
            if (recording != null) {
                recording.close();
            }
        }
        System.exit(0); // whatever threads a contestant has left
    }

    /** Whether the next round is profiled; null when there are no more. */
    private static @Nullable Boolean next(ObjectInputStream orders) throws IOException {
        try {
            return orders.readBoolean();
        } catch (EOFException e) {
            return null;
        }
    }

    /** The effort, or what went wrong. */
    private static Object answer(Contestant contestant) {
        try {
            contestant.prepare();
            Effort effort = contestant.count();
            System.gc(); // gives memory back for as long as others have their turn
            return effort;
        } catch (Exception e) {
            LoggerFactory.getLogger(ContestantProcess.class).error("a round failed", e);
            return Causes.innermost(e);
        }
    }

    private static Recording recording(String file) throws IOException, ParseException {
        Recording recording = new Recording(Configuration.getConfiguration("profile"));
        recording.setDestination(Path.of(file));
        return recording;
    }
}
