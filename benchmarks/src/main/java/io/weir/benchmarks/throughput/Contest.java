package io.weir.benchmarks.throughput;

import io.weir.benchmarks.contestants.Assignment;
import io.weir.benchmarks.contestants.Contestants;
import io.weir.benchmarks.contestants.Effort;
import io.weir.database.Database;
import io.weir.database.SchemaName;
import io.weir.embedded.EmbeddedPostgres;
import io.weir.testing.ScratchFolder;
import io.weir.tools.connect.CommandException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.ExecutionException;

/**
 * Contestants that count the same topic into the same PostgreSQL, one after the other. Broker,
 * database and every contestant are processes of their own.
 */
public final class Contest implements AutoCloseable {

    private static final SchemaName ANY_SCHEMA = new SchemaName("public");

    private final Deque<AutoCloseable> parts = new ArrayDeque<>();
    private final Map<Contestants, ContestantProcess> processes = new EnumMap<>(Contestants.class);
    private final Random order = new Random(Workload.SEED);
    private final Database database;
    private final Workload workload;
    private final long expected;

    private Contest(Collection<Contestants> contestants, Workload workload, Conditions conditions)
            throws IOException, InterruptedException, ExecutionException {
        this.workload = workload;
        try {
            Path folder = part(ScratchFolder.make()).path();
            EmbeddedPostgres postgres = part(EmbeddedPostgres.start(folder.resolve("postgres")));
            database = new Database(postgres.jdbcUrl(), postgres.user(), null);
            Broker broker = part(Broker.start(folder.resolve("kafka")));
            expected = RequestTopic.fill(broker.bootstrapServers(), workload);
            for (Contestants contestant : contestants) {
                Path own = Files.createDirectory(folder.resolve(contestant.title()));
                processes.put(
                        contestant,
                        part(
                                ContestantProcess.start(
                                        contestant,
                                        assignment(broker, conditions, own),
                                        conditions.heap(),
                                        contestant == Contestants.WEIR
                                                ? conditions.profile()
                                                : null)));
            }
        } catch (Exception e) {
            close();
            throw e;
        }
    }

    /** Starts all processes and sends the requests. */
    public static Contest start(
            Collection<Contestants> contestants, Workload workload, Conditions conditions)
            throws IOException, InterruptedException, ExecutionException {
        return new Contest(contestants, workload, conditions);
    }

    private <T extends AutoCloseable> T part(T part) {
        parts.push(part);
        return part;
    }

    private Assignment assignment(Broker broker, Conditions conditions, Path directory) {
        return new Assignment(
                broker.bootstrapServers(),
                database.jdbcUrl(),
                database.user(),
                workload.events(),
                workload.eventTimes().first().toEpochMilli(),
                workload.eventTimes().last().toEpochMilli(),
                conditions.parallelism(),
                conditions.state().flinkName(),
                conditions.checkpoints().toMillis(),
                conditions.isDeduplicating() ? "request-id" : "none",
                directory.toString());
    }

    /**
     * Lets everyone count once, in another order each time.
     *
     * @param isProfiled whether this round belongs into the profile of the conditions
     * @throws CommandException when the rows of one do not hold the requests that were sent
     */
    public Map<Contestants, Effort> round(boolean isProfiled)
            throws IOException, ClassNotFoundException {
        List<Map.Entry<Contestants, ContestantProcess>> shuffled =
                new ArrayList<>(processes.entrySet());
        Collections.shuffle(shuffled, order);
        Map<Contestants, Effort> efforts = new EnumMap<>(Contestants.class);
        for (Map.Entry<Contestants, ContestantProcess> next : shuffled) {
            // or one would pay for writing to disk what another has changed
            database.run(ANY_SCHEMA, () -> "", session -> session.execute("checkpoint"));
            Effort effort = next.getValue().round(isProfiled);
            check(next.getKey(), effort);
            efforts.put(next.getKey(), effort);
        }
        return efforts;
    }

    private void check(Contestants contestant, Effort effort) {
        long right = contestant == Contestants.CEILING ? workload.events() : expected;
        if (effort.counted() != right) {
            throw new CommandException(
                    String.format(
                            Locale.ROOT,
                            "%s counted %,d requests of %,d: no figures of it can be compared",
                            contestant.title(),
                            effort.counted(),
                            right));
        }
    }

    /** Ends all processes and removes their files. */
    @Override
    public void close() throws IOException {
        IOException failure = null;
        while (!parts.isEmpty()) {
            try {
                parts.pop().close();
            } catch (IOException e) {
                failure = e;
            } catch (Exception e) {
                failure = new IOException(e);
            }
        }
        if (failure != null) {
            throw failure;
        }
    }
}
