package io.weir.benchmarks;

import io.weir.request.HttpRequest;
import io.weir.schema.SchemaMigration;
import io.weir.traffic.Grain;
import io.weir.traffic.Measure;
import io.weir.traffic.Traffic;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Random;
import java.util.stream.Collectors;

/**
 * A store of many sites with requests in every minute up to now, and elections held every hour.
 *
 * <p>The rows are made in the database, from shapes that are made as the job makes its rows: about
 * 30 requests, 40 buckets of the histogram. Hours and days are the sums of their minutes; the hours
 * of the week before are those of this one.
 */
final class TrafficHistory {

    static final String SCHEMA = BenchmarkStore.MODEL + "_queries";

    /** Measures of a row, the same in a shape. */
    private static final String MEASURES =
            Measure.ALL.stream().map(Measure::column).collect(Collectors.joining(", "));

    private static final int SHAPES = 1_000;
    private static final double LOG_MICROS = Math.log(60_000);
    private static final double SPREAD = 0.5;
    private static final String[] COUNTRIES = {"BR", "US", "DE", "IN", "JP", "FR", "GB", "MX"};
    private static final int[] STATUSES = {200, 200, 200, 200, 200, 200, 304, 301, 404, 503};

    private final BenchmarkStore.Database database;
    private final int sites;
    private final Duration span;
    private Instant filledUntil = Instant.EPOCH;
    private long minuteRows;

    /**
     * Nothing is written yet.
     *
     * @param span at most 7 days, which is how long minutes are kept
     */
    TrafficHistory(BenchmarkStore.Database database, int sites, Duration span) {
        this.database = database;
        this.sites = sites;
        this.span = span;
    }

    /** Makes the schema anew and fills it with the same traffic every time. */
    void fill() throws SQLException {
        database.drop(SCHEMA);
        new SchemaMigration(database.jdbcUrl(), database.user(), database.password(), SCHEMA)
                .migrate();
        try (Connection connection = database.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("set search_path = " + SCHEMA + ", public");
            statement.execute("set timezone = 'UTC'");
            statement.execute("call maintain()");
            makeShapes(connection);
            makeSites(statement);
            Instant now = Instant.now();
            filledUntil = now.truncatedTo(ChronoUnit.MINUTES).minus(span);
            while (filledUntil.isBefore(now)) {
                Instant dayLater = filledUntil.plus(1, ChronoUnit.DAYS);
                fillUntil(connection, dayLater.isBefore(now) ? dayLater : now);
            }
            sumUp(statement);
            holdElections(statement);
            statement.execute("vacuum (analyze)");
        }
    }

    /** Adds the minutes up to the one that holds an instant, as the job would. */
    void fillUntil(Connection connection, Instant instant) throws SQLException {
        Instant behind = instant.truncatedTo(ChronoUnit.MINUTES).plus(1, ChronoUnit.MINUTES);
        try (Statement statement = connection.createStatement()) {
            minuteRows +=
                    statement.executeUpdate(
                            """
                            insert into %1$s.http_request_1min (site_id, bucket, %2$s, is_whole, is_final, updated_at)
                            select site.site_id, minute, %2$s, true, true, minute + interval '75 seconds'
                            from %1$s.bench_site as site
                            cross join generate_series('%3$s'::timestamptz, '%4$s'::timestamptz, '1 minute') as minute
                            join %1$s.bench_shape as made
                              on made.shape = (site.site_id * 31 + (extract(epoch from minute) / 60)::bigint * 7) %% %5$d
                            where minute < '%4$s'
                            """
                                    .formatted(SCHEMA, MEASURES, filledUntil, behind, SHAPES));
        }
        filledUntil = behind;
    }

    /** How many minute rows there are. */
    long minuteRows() {
        return minuteRows;
    }

    void drop() throws SQLException {
        database.drop(SCHEMA);
    }

    private void makeShapes(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(
                    "create table bench_shape (shape int primary key, like http_request_1min)");
            if (database.hasCitus()) {
                statement.execute("select create_reference_table('bench_shape')");
            }
        }
        try (PreparedStatement insert =
                connection.prepareStatement(
                        "insert into bench_shape (shape, site_id, bucket, is_whole, is_final, updated_at, "
                                + MEASURES
                                + ") values (?, 0, now(), true, true, now(), "
                                + Measure.ALL.stream()
                                        .map(TrafficHistory::parameter)
                                        .collect(Collectors.joining(", "))
                                + ")")) {
            Random random = new Random(1);
            for (int shape = 0; shape < SHAPES; shape++) {
                bind(insert, shape, shape(random));
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    private static String parameter(Measure measure) {
        return "?::" + measure.kind().sentAs() + "::" + measure.kind().typeIn(Grain.MINUTE);
    }

    private static void bind(PreparedStatement insert, int shape, Traffic traffic)
            throws SQLException {
        insert.setInt(1, shape);
        for (int i = 0; i < Measure.ALL.size(); i++) {
            insert.setObject(i + 2, Measure.ALL.get(i).value().apply(traffic));
        }
    }

    private static Traffic shape(Random random) {
        Traffic traffic = new Traffic();
        int requests = 20 + random.nextInt(20);
        for (int i = 0; i < requests; i++) {
            traffic.add(
                    new HttpRequest(
                            1,
                            0,
                            STATUSES[random.nextInt(STATUSES.length)],
                            random.nextLong(),
                            (long) Math.exp(LOG_MICROS + SPREAD * random.nextGaussian()),
                            random.nextInt(100_000),
                            COUNTRIES[random.nextInt(COUNTRIES.length)]));
        }
        return traffic;
    }

    private void makeSites(Statement statement) throws SQLException {
        statement.execute("create table bench_site (site_id int primary key)");
        if (database.hasCitus()) {
            statement.execute(
                    "select create_distributed_table('bench_site', 'site_id', colocate_with =>"
                            + " 'http_request_1min')");
        }
        String all = " from generate_series(1, " + sites + ") as i";
        statement.execute("insert into bench_site select i" + all);
        statement.execute("insert into site select i, 'site-' || i || '.example'" + all);
    }

    /** The hour and the day that run are summed up as if they were over. */
    private static void sumUp(Statement statement) throws SQLException {
        for (String grain : new String[] {"hour", "day"}) {
            statement.execute(
                    """
                    select rebuild_%1$ss(now() - interval '8 days', ends, '0', ends)
                    from (select date_trunc('%1$s', now()) + interval '1 %1$s' as ends) as running
                    """
                            .formatted(grain));
        }
        statement.execute(
                "select ensure_partitions('http_request_1hour', now() - interval '15 days', now())");
        statement.execute(
                """
                insert into http_request_1hour (site_id, bucket, %1$s, is_whole, is_final, updated_at)
                select site_id, bucket - interval '168 hours', %1$s, is_whole, is_final, updated_at
                from http_request_1hour
                """
                        .formatted(MEASURES));
    }

    /** One at every hour of the history, of which all sites are candidates. */
    private void holdElections(Statement statement) throws SQLException {
        String elections =
                """
                generate_series(date_trunc('hour', now()) - interval '%d hours', now(), '1 hour') as election
                """
                        .formatted(Math.max(span.toHours() - 1, 0));
        statement.execute(
                """
                insert into top_site_election
                select election, election - interval '2 hours', 1, %1$d, %1$d, 0, 0, election + interval '16 minutes'
                from %2$s
                """
                        .formatted(sites, elections));
        statement.execute(
                """
                insert into top_site_candidate
                select site_id, election, 1000 + site_id, election - interval '1 minute'
                from bench_site cross join %s
                """
                        .formatted(elections));
        statement.execute(
                """
                insert into top_site
                select site_id, 100000 + site_id, 1000 + site_id, 2, now() - interval '1 day', now() - interval '2 hours',
                       date_trunc('hour', now()), null, date_trunc('hour', now())
                from bench_site
                """);
    }
}
