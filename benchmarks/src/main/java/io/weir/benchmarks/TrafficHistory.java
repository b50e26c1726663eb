package io.weir.benchmarks;

import io.weir.database.Database;
import io.weir.database.SchemaName;
import io.weir.store.StoreConnection;
import io.weir.store.StoreTables;
import io.weir.store.TrafficKey;
import io.weir.store.TrafficUpsert;
import io.weir.traffic.Grain;
import io.weir.traffic.Measure;
import io.weir.traffic.Traffic;
import io.weir.traffic.TrafficRow;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A store of many sites with requests in every minute up to now, and elections held every hour.
 *
 * <p>The rows are made in the database, from shapes that the sink has written: about 30 requests,
 * 40 buckets of the histogram. Hours and days are the sums of their minutes; the hours of the week
 * before are those of this one.
 */
final class TrafficHistory extends BenchmarkSchema {

    static final SchemaName SCHEMA = new SchemaName("weir_bench_queries");

    private static final int SHAPES = 1_000;
    private static final long MEDIAN_MICROS = 60_000;
    private static final double SPREAD = 0.5;

    private static final String MAKE_SHAPES =
            """
            create table bench_shape (like http_request_1min);
            %s
            insert into bench_shape select * from http_request_1min;
            truncate http_request_1min
            """;

    /** What a shape gives to the rows that are made of it. */
    private static final String COLUMNS =
            Measure.ALL.stream()
                    .map(Measure::column)
                    .collect(Collectors.joining(", ", "is_whole, is_final, ", ""));

    private static final String FILL =
            """
            insert into http_request_1min (site_id, bucket, updated_at, %1$s)
            select site.site_id, minute, minute + interval '75 seconds', %1$s
            from (select site_id from bench_site) as site
            cross join generate_series('%2$s'::timestamptz, '%3$s'::timestamptz, '1 minute') as minute
            join (select site_id as shape, %1$s from bench_shape) as made
              on shape = 1 + (site.site_id * 31 + (extract(epoch from minute) / 60)::bigint * 7) %% %4$d
            where minute < '%3$s'
            """;

    /** The hour and the day that run are summed up as if they were over. */
    private static final String SUM_UP =
            """
            select rebuild_%1$ss(now() - interval '8 days', ends, '0', ends)
            from (select date_trunc('%1$s', now()) + interval '1 %1$s' as ends) as running
            """;

    private static final String WEEK_BEFORE =
            """
            select ensure_partitions('http_request_1hour', now() - interval '15 days', now());
            create temp table week_before as select * from http_request_1hour;
            update week_before set bucket = bucket - interval '168 hours';
            insert into http_request_1hour select * from week_before
            """;

    /** One at every hour of the history, of which all sites are candidates. */
    private static final String HOLD_ELECTIONS =
            """
            create temp table held as
            select generate_series(date_trunc('hour', now()) - interval '%1$d hours', now(), '1 hour')
              as election;
            insert into top_site_election
            select election, election - interval '2 hours', 1, %2$d, %2$d, 0, 0, election + interval '16 minutes'
            from held;
            insert into top_site_candidate
            select i, election, 1000 + i, election - interval '1 minute'
            from generate_series(1, %2$d) as i cross join held;
            insert into top_site
            select i, 100000 + i, 1000 + i, 2, now() - interval '1 day', now() - interval '2 hours',
                   date_trunc('hour', now()), null, date_trunc('hour', now())
            from generate_series(1, %2$d) as i
            """;

    private Instant filledUntil;

    /**
     * Fills the schema with the same traffic every time.
     *
     * @param span at most 7 days, which is how long minutes are kept
     */
    TrafficHistory(Database database, int sites, Duration span)
            throws SQLException, InterruptedException {
        super(database, SCHEMA, 8);
        session().execute("call maintain()");
        makeShapes();
        makeSites(sites);
        Instant now = Instant.now();
        filledUntil = now.truncatedTo(ChronoUnit.MINUTES).minus(span);
        while (filledUntil.isBefore(now)) {
            Instant dayLater = filledUntil.plus(1, ChronoUnit.DAYS);
            fillUntil(dayLater.isBefore(now) ? dayLater : now);
        }
        session().execute(SUM_UP.formatted("hour"));
        session().execute(SUM_UP.formatted("day"));
        session().execute(WEEK_BEFORE);
        session().execute(HOLD_ELECTIONS.formatted(Math.max(span.toHours() - 1, 0), sites));
        session().execute("vacuum (analyze)");
    }

    /** Adds the minutes up to the one that holds an instant, as the job would. */
    void fillUntil(Instant instant) throws SQLException {
        Instant end = instant.truncatedTo(ChronoUnit.MINUTES).plus(1, ChronoUnit.MINUTES);
        session().execute(FILL.formatted(COLUMNS, filledUntil, end, SHAPES));
        filledUntil = end;
    }

    private void makeShapes() throws SQLException, InterruptedException {
        long today = Grain.DAY.bucketOf(Instant.now().toEpochMilli());
        Random random = new Random(1);
        SortedMap<TrafficKey, TrafficRow> shapes = new TreeMap<>();
        for (int shape = 1; shape <= SHAPES; shape++) {
            Traffic traffic =
                    MinuteRows.traffic(random, 20 + random.nextInt(20), MEDIAN_MICROS, SPREAD);
            shapes.put(
                    new TrafficKey(Grain.MINUTE, shape, today),
                    new TrafficRow(Grain.MINUTE, shape, today, traffic, true, true, today));
        }
        try (StoreConnection sink = openSink()) {
            sink.write(new TrafficUpsert(SCHEMA.name(), StoreTables.MAIN).batches(shapes));
        }
        String copy = isDistributed() ? "select create_reference_table('bench_shape');" : "";
        session().execute(MAKE_SHAPES.formatted(copy));
    }

    private void makeSites(int sites) throws SQLException {
        session().execute("create table bench_site (site_id int primary key)");
        distribute("bench_site");
        String all = " from generate_series(1, " + sites + ") as i";
        session().execute("insert into bench_site select i" + all);
        session().execute("insert into site select i, 'site-' || i || '.example'" + all);
    }
}
