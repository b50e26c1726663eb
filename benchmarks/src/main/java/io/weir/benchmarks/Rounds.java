package io.weir.benchmarks;

import io.weir.traffic.TrafficRow;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * Measures all cases in rounds; a first one does not count.
 *
 * <p>A case writes rows that are new and then the same rows as final, a transaction a batch, which
 * is what the job does with most minutes.
 */
final class Rounds implements AutoCloseable {

    /** New rows of a case, unless that is less than a batch or more than so many batches. */
    private static final int ROWS_A_CASE = 5_000;

    private static final int MAX_BATCHES = 10;

    private final List<Session> sessions = new ArrayList<>();
    private final LatencySamples samples = new LatencySamples();

    private Rounds() {}

    /**
     * Measures every way of writing to every store.
     *
     * @throws IllegalStateException when a store does not hold the rows afterwards that were
     *     written
     */
    static LatencySamples measure(
            List<BenchmarkStore> stores, List<Integer> sizes, int rounds, long seed)
            throws SQLException, IOException {
        try (Rounds run = new Rounds()) {
            for (BenchmarkStore store : stores) {
                run.sessions.add(new Session(store, seed));
            }
            List<Case> cases = run.cases(sizes);
            Random order = new Random(seed);
            for (int round = 0; round <= rounds; round++) {
                Collections.shuffle(cases, order);
                for (Case one : cases) {
                    double rowsPerSecond = one.run();
                    if (round > 0) {
                        run.samples.add(one.key(), rowsPerSecond);
                    }
                }
            }
            for (Session session : run.sessions) {
                session.check();
            }
            return run.samples;
        }
    }

    @Override
    public void close() throws SQLException {
        for (Session session : sessions) {
            session.connection.close();
        }
    }

    private List<Case> cases(List<Integer> sizes) {
        List<Case> cases = new ArrayList<>();
        for (Session session : sessions) {
            for (WriteMethod method : session.store.methods()) {
                for (int size : sizes) {
                    cases.add(new Case(session, method, size));
                }
            }
        }
        return cases;
    }

    /** The one connection to a store, and the rows that come next there. */
    private static final class Session {

        private final BenchmarkStore store;
        private final Connection connection;
        private final MinuteRows minutes;
        private long written;

        Session(BenchmarkStore store, long seed) throws SQLException {
            this.store = store;
            this.connection = store.connect();
            this.minutes = new MinuteRows(seed);
            connection.setAutoCommit(false);
        }

        void check() throws SQLException {
            try (Statement statement = connection.createStatement();
                    ResultSet counts =
                            statement.executeQuery(
                                    "select count(*), count(*) filter (where is_final) from "
                                            + UpsertSql.table(store.schema()))) {
                counts.next();
                if (counts.getLong(1) != written || counts.getLong(2) != written) {
                    throw new IllegalStateException(
                            "%s: %d rows, %d final, but %d were written"
                                    .formatted(
                                            store.name(),
                                            counts.getLong(1),
                                            counts.getLong(2),
                                            written));
                }
            }
            connection.commit();
        }
    }

    private record Case(Session session, WriteMethod method, int size) {

        LatencySamples.Key key() {
            return new LatencySamples.Key(session.store.name(), method.name(), size);
        }

        double run() throws SQLException, IOException {
            List<List<TrafficRow>> batches = new ArrayList<>();
            int count = Math.max(1, Math.min(MAX_BATCHES, ROWS_A_CASE / size));
            for (int i = 0; i < count; i++) {
                batches.add(session.minutes.next(size));
            }
            batches.addAll(batches.stream().map(MinuteRows::closed).toList());

            long startNanos = System.nanoTime();
            for (List<TrafficRow> batch : batches) {
                method.write(session.connection, batch);
                session.connection.commit();
            }
            double seconds = (System.nanoTime() - startNanos) / 1e9;
            session.written += (long) count * size;
            return 2.0 * count * size / seconds;
        }
    }
}
