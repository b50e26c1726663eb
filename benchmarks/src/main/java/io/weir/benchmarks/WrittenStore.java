package io.weir.benchmarks;

import io.weir.database.Database;
import io.weir.database.SchemaName;
import io.weir.store.StoreConnection;
import io.weir.store.StoreTables;
import io.weir.store.TrafficKey;
import io.weir.store.TrafficUpsert;
import io.weir.traffic.TrafficRow;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyManager;

/** A schema whose minute rows are written and counted. */
final class WrittenStore extends BenchmarkSchema {

    /** New rows of a case, unless that is less than a batch or more than {@link #MAX_BATCHES}. */
    private static final int ROWS_A_CASE = 5_000;

    private static final int MAX_BATCHES = 10;

    private final StoreConnection sink = openSink();
    private final TrafficUpsert upsert =
            new TrafficUpsert(session().schema().name(), StoreTables.MAIN);
    private final MinuteRows minuteRows;
    private final String name;
    private int nextMinute;
    private long written;

    /**
     * @param shards of the table, where the database has Citus
     */
    WrittenStore(Database database, int shards, long seed) throws SQLException {
        super(database, new SchemaName("weir_bench_" + shards), shards);
        minuteRows = new MinuteRows(seed);
        name = isDistributed() ? "citus, " + shards + " shards" : "plain";
        session()
                .execute(
                        """
                        create table copied (like http_request_1min including all);
                        select ensure_partitions('http_request_1min', '%s', '%s')
                        """
                                .formatted(
                                        MinuteRows.FIRST,
                                        MinuteRows.start(MinuteRows.MINUTES - 1)));
        distribute("copied");
    }

    String name() {
        return name;
    }

    /**
     * Writes rows that are new and then the same rows as final, a transaction a batch, which is
     * what the job does with most minutes; and brings as many by COPY into an empty table of the
     * same shape, from the server's own binary form: no way of writing is faster.
     *
     * @param sinkRate gets the rows a second of the first
     * @param copyRate gets the rows a second of COPY
     */
    void write(int rows, Sample sinkRate, Sample copyRate)
            throws SQLException, IOException, InterruptedException {
        int count = Math.max(1, Math.min(MAX_BATCHES, ROWS_A_CASE / rows));
        int first = nextMinute;
        nextMinute += count;
        List<SortedMap<TrafficKey, TrafficRow>> batches = new ArrayList<>();
        for (boolean isFinal : new boolean[] {false, true}) {
            for (int minute = first; minute < nextMinute; minute++) {
                batches.add(minuteRows.batch(minute, rows, isFinal));
            }
        }
        long start = System.nanoTime();
        for (SortedMap<TrafficKey, TrafficRow> batch : batches) {
            sink.write(upsert.batches(batch));
        }
        double sinkSeconds = (System.nanoTime() - start) / 1e9;
        written += (long) count * rows;
        sinkRate.add(2.0 * count * rows / sinkSeconds);
        copyRate.add(count * rows / copySeconds(first));
    }

    private double copySeconds(int firstMinute) throws SQLException, IOException {
        CopyManager copy = session().connection().unwrap(PGConnection.class).getCopyAPI();
        List<byte[]> batches = new ArrayList<>();
        for (int minute = firstMinute; minute < nextMinute; minute++) {
            ByteArrayOutputStream batch = new ByteArrayOutputStream();
            copy.copyOut(
                    "copy (select * from http_request_1min where bucket = '%s') to stdout binary"
                            .formatted(MinuteRows.start(minute)),
                    batch);
            batches.add(batch.toByteArray());
        }
        session().execute("truncate copied");
        long start = System.nanoTime();
        for (byte[] batch : batches) {
            copy.copyIn("copy copied from stdin binary", new ByteArrayInputStream(batch));
        }
        return (System.nanoTime() - start) / 1e9;
    }

    /** What a row takes on disk, without the room that pages and indexes take besides. */
    @Nullable String bytesPerRow() throws SQLException {
        return session().text("select round(avg(pg_column_size(t.*))) from http_request_1min t");
    }

    /**
     * Counts the rows.
     *
     * @throws IllegalStateException when they are not those that were written, all of them final
     */
    void check() throws SQLException {
        String counts =
                session()
                        .text(
                                """
                                select count(*) || ', ' || count(*) filter (where is_final)
                                from http_request_1min
                                """);
        if (!"%1$d, %1$d".formatted(written).equals(counts)) {
            throw new IllegalStateException(
                    "%s: %d rows were written, but there are (and final): %s"
                            .formatted(name, written, counts));
        }
    }

    @Override
    public void close() throws SQLException {
        sink.close();
        super.close();
    }
}
