package io.weir.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.Random;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaIT {

    private static final String GOOD_ROW =
            "1, '2026-11-24 10:00:00Z', 10, 8, 2, 4, 10000, 7000, 5000, '\\x138b4002a1'::bytea,"
                    + " '{\"BR\": 10}', '{\"200\": 8, \"503\": 2}', '[100:102]={1,0,3}', true, true,"
                    + " '2026-11-24 10:01:05Z'";

    private static Store store;

    @BeforeAll
    static void start(@TempDir Path folder) throws SQLException {
        store = Store.start(folder);
        store.execute("update weir.retention_policy set keep = null");
        for (String table : new String[] {"1min", "1hour", "1day"}) {
            store.execute(
                    "select weir.ensure_partitions('http_request_"
                            + table
                            + "', '2026-11-24Z', '2026-11-24Z')");
        }
    }

    @AfterAll
    static void stop() {
        store.close();
    }

    @Test
    void viewsAddWhatReadersAskFor() throws SQLException {
        store.execute("insert into weir.http_request_1min values (" + GOOD_ROW + ")");

        String row =
                store.row(
                        "select average_response_time_msec, p50_msec, p90_msec, p95_msec, p99_msec,"
                                + " distinct_ip_address_count, error_rate from weir.traffic_1min where"
                                + " site_id = 1");

        double[] numbers =
                Arrays.stream(row.split("\\|")).mapToDouble(Double::parseDouble).toArray();
        double top = milliseconds(102);
        double[] expected = {2.5, top, top, top, top, 1.0002442201269182, 0.2};
        assertThat(numbers).containsExactly(expected, within(1e-9));
    }

    @Test
    void viewsAnswerNullWhereThereIsNothingToMeasure() throws SQLException {
        for (String grain : new String[] {"1min", "1hour", "1day"}) {
            store.execute(
                    "insert into weir.http_request_"
                            + grain
                            + " values (7, '2026-11-24Z', 0, 0, 0, 0, 0, null, 0, '\\x118b40'::bytea,"
                            + " '{}', '{}', '{}', true, false, now())");

            assertThat(
                            store.row(
                                    "select average_response_time_msec, p50_msec, p99_msec,"
                                            + " distinct_ip_address_count, error_rate from weir.traffic_"
                                            + grain
                                            + " where site_id = 7"))
                    .isEqualTo("null|null|null|0|null");
        }
    }

    @Test
    void viewsAndFunctionsWorkOnAnySearchPath() throws SQLException {
        store.execute(
                "insert into weir.http_request_1hour values ("
                        + GOOD_ROW.replace("1, '2", "3, '2")
                        + ")");
        try (Connection connection = store.connect()) {
            connection.createStatement().execute("set search_path = ''");

            assertThat(
                            Store.row(
                                    connection,
                                    "select p50_msec is not null, distinct_ip_address_count > 0 from"
                                            + " weir.traffic_1hour where site_id = 3"))
                    .isEqualTo("t|t");
            assertThat(
                            Store.row(
                                    connection,
                                    "select weir.jsonb_sum(country_counters), weir.histogram_sum("
                                            + "response_time_histogram), weir.hll_cardinality("
                                            + "weir.hll_union_agg(distinct_ip_addresses)) > 0"
                                            + " from weir.traffic_1hour where site_id = 3"))
                    .isEqualTo("{\"BR\": 10}|[100:102]={1,0,3}|t");
            assertThat(
                            Store.row(
                                    connection,
                                    "select weir.ensure_partitions('http_request_1day',"
                                            + " '2031-01-01Z', '2031-01-01Z')"))
                    .isEqualTo("1");
        }
    }

    @Test
    void everyColumnOfAViewIsExplained() throws SQLException {
        assertThat(
                        store.row(
                                "select string_agg(attrelid::regclass || '.' || attname, ', ') from"
                                        + " pg_attribute where attrelid in ('weir.traffic_1min'::regclass,"
                                        + " 'weir.traffic_1hour'::regclass, 'weir.traffic_1day'::regclass,"
                                        + " 'weir.http_request_1min'::regclass,"
                                        + " 'weir.http_request_1hour'::regclass,"
                                        + " 'weir.http_request_1day'::regclass) and attnum > 0 and"
                                        + " col_description(attrelid, attnum) is null"))
                .isEqualTo("null");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "requests_add_up | 10, 8, 2 | 10, 8, 3",
                "timed_are_requests | 8, 2, 4 | 8, 2, 11",
                "nothing_is_negative | 10, 8, 2 | 10, -1, 11",
                "nothing_is_negative | 10, 8, 2 | 10, 11, -1",
                "nothing_is_negative | 4, 10000 | -4, 10000",
                "nothing_is_negative | 10000, 7000 | -1, 7000",
                "nothing_is_negative | 10000, 7000 | 10000, -1",
                "nothing_is_negative | 7000, 5000 | 7000, -1",
                "max_only_when_timed | 10000, 7000 | 10000, null",
                "max_only_when_timed | 2, 4, | 2, 0,",
                "final_is_whole | true, true | false, true",
                "bucket_begins_the_minute | 10:00:00Z | 10:00:01Z",
                "hll_is_of_2048_registers | 138b40 | 138b7f"
            })
    void refusesARowThatContradictsItself(String constraint, String good, String bad) {
        String row = GOOD_ROW.replace(good, bad).replaceFirst("1", "2");
        assertThat(row).contains(bad);

        assertThatThrownBy(
                        () ->
                                store.execute(
                                        "insert into weir.http_request_1min values (" + row + ")"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining(constraint);
    }

    @ParameterizedTest
    @CsvSource({
        "1hour, 2026-11-24 10:30Z, bucket_begins_the_hour",
        "1day, 2026-11-24 03:00Z, bucket_begins_the_day"
    })
    void refusesABucketOfAnotherGrain(String grain, String bucket, String constraint) {
        String row = GOOD_ROW.replace("2026-11-24 10:00:00Z", bucket);

        assertThatThrownBy(
                        () ->
                                store.execute(
                                        "insert into weir.http_request_"
                                                + grain
                                                + " values ("
                                                + row
                                                + ")"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining(constraint);
    }

    @ParameterizedTest
    @ValueSource(strings = {"America/Sao_Paulo", "Asia/Kolkata"})
    void makesPartitionsInUtcWhateverTheZoneOfTheSession(String zone) throws SQLException {
        String year = zone.startsWith("America") ? "2027" : "2029";
        try (Connection connection = store.connect()) {
            connection.createStatement().execute("set timezone = '" + zone + "'");
            String first = year + "-12-30 23:59:59.999Z', '";
            String last = (Integer.parseInt(year) + 1) + "-01-01 00:00Z')";

            assertThat(made(connection, "http_request_1min", first + last)).isEqualTo("3");
            assertThat(made(connection, "http_request_1hour", first + last)).isEqualTo("2");
            assertThat(made(connection, "http_request_1day", first + last)).isEqualTo("2");
            assertThat(made(connection, "http_request_1min", first + last)).isEqualTo("0");
        }
        assertThat(bounds("http_request_1min_p" + year + "_12_30"))
                .isEqualTo(
                        "FOR VALUES FROM ('%1$s-12-30 00:00:00+00') TO ('%1$s-12-31 00:00:00+00')"
                                .formatted(year));
        assertThat(bounds("http_request_1hour_p" + year + "_12"))
                .contains("FROM ('" + year + "-12-01 00:00:00+00')");
        assertThat(bounds("http_request_1day_p" + year))
                .contains("FROM ('" + year + "-01-01 00:00:00+00')");
    }

    @Test
    void makesEachPartitionOnceWhenManyAskTogether() throws Exception {
        Callable<String> january =
                () ->
                        store.row(
                                "select weir.ensure_partitions('http_request_1min', '2035-01-01Z',"
                                        + " '2035-01-31Z')");
        ExecutorService callers = Executors.newFixedThreadPool(4);
        try {
            int made = 0;
            for (Future<String> answer : callers.invokeAll(Collections.nCopies(4, january))) {
                made += Integer.parseInt(answer.get());
            }
            assertThat(made).isEqualTo(31);
        } finally {
            callers.shutdown();
        }
    }

    @Test
    void refusesPartitionsOfAnUnknownTableAndOfAllTime() {
        assertThatThrownBy(() -> store.row("select weir.ensure_partitions('site', now(), now())"))
                .hasMessageContaining("retention_policy has no table site");
        assertThatThrownBy(
                        () ->
                                store.row(
                                        "select weir.ensure_partitions('http_request_1min', now(),"
                                                + " 'infinity')"))
                .hasMessageContaining("a first and a last time");
    }

    @Test
    void sumsCountersByKey() throws SQLException {
        Random random = new Random(1);
        Map<String, Long> expected = new TreeMap<>();
        StringBuilder rows = new StringBuilder("(null), ('{}')");
        for (int i = 0; i < 50; i++) {
            Map<String, Long> counters = new TreeMap<>();
            for (int key = random.nextInt(4); key > 0; key--) {
                counters.put("C" + random.nextInt(8), 3_000_000_000L + random.nextInt(100));
            }
            counters.forEach((key, count) -> expected.merge(key, count, Long::sum));
            rows.append(", ('").append(json(counters)).append("')");
        }

        assertThat(store.row("select weir.jsonb_sum(c::jsonb) from (values " + rows + ") as t(c)"))
                .isEqualTo(json(expected));
        assertThat(store.row("select weir.jsonb_sum(c) from (select '{}'::jsonb where false) t(c)"))
                .isEqualTo("{}");
        assertThat(store.row("select weir.jsonb_sum(null)")).isEqualTo("{}");
        assertThat(store.row("select weir.jsonb_sum('{\"US\": 3, \"BR\": 0}')"))
                .isEqualTo("{\"BR\": 0, \"US\": 3}");
    }

    @Test
    void sumsHistogramsBucketByBucket() throws SQLException {
        Random random = new Random(2);
        for (int round = 0; round < 20; round++) {
            TreeMap<Integer, Long> expected = new TreeMap<>();
            StringBuilder rows = new StringBuilder("(null), ('{}')");
            for (int part = 0; part < 5; part++) {
                long[] counts = random.longs(1 + random.nextInt(6), 1, 3_000_000_000L).toArray();
                int from = random.nextInt(30);
                for (int i = 0; i < counts.length; i++) {
                    expected.merge(from + i, counts[i], Long::sum);
                }
                rows.append(", ('").append(slice(from, counts)).append("')");
            }

            assertThat(
                            store.row(
                                    "select weir.histogram_sum(h::bigint[]) from (values "
                                            + rows
                                            + ") as t(h)"))
                    .isEqualTo(normal(slice(expected)));
        }
    }

    @ParameterizedTest
    @ValueSource(doubles = {0, 0.07, 0.5, 0.9, 0.95, 0.99, 1})
    void percentileIsTheNearestRank(double fraction) throws SQLException {
        Random random = new Random(3);
        for (int round = 0; round < 20; round++) {
            int from = random.nextInt(400);
            long[] counts = random.longs(1 + random.nextInt(40), 0, 4).toArray();
            counts[0]++;
            int[] sorted = sorted(from, counts);
            int rank =
                    BigDecimal.valueOf(fraction)
                            .multiply(BigDecimal.valueOf(sorted.length))
                            .setScale(0, RoundingMode.CEILING)
                            .intValue();
            double expected = milliseconds(sorted[Math.max(1, rank) - 1]);

            assertThat(
                            store.number(
                                    "select weir.percentile('%s', %s)"
                                            .formatted(slice(from, counts), fraction)))
                    .isCloseTo(expected, within(1e-9 * expected));
        }
    }

    @Test
    void percentileOfNothingIsNull() throws SQLException {
        assertThat(
                        store.row(
                                "select weir.percentile('{}', 0.5), weir.percentile(null, 0.5),"
                                        + " weir.percentile('[3:4]={0,0}', 0.5),"
                                        + " weir.percentile('{1}', null)"))
                .isEqualTo("null|null|null|null");
        assertThatThrownBy(() -> store.row("select weir.percentile('{1}', 95)"))
                .hasMessageContaining("a fraction from 0 to 1, not 95");
    }

    /** Committed after its boundary it would change elections that were held. */
    @Test
    void aTransactionThatChangesTheElectionIsNotLeftOpen() throws SQLException {
        String limit = "show idle_in_transaction_session_timeout";
        try (Connection connection = store.connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            assertThat(Store.row(connection, limit)).isEqualTo("0");
            statement.execute("select * from weir.configure_election(min_hits_threshold => 7)");
            assertThat(Store.row(connection, limit)).isEqualTo("1min");
            connection.rollback();
            assertThat(Store.row(connection, limit)).isEqualTo("0");
        }
    }

    private static String made(Connection connection, String table, String times)
            throws SQLException {
        return Store.row(connection, "select weir.ensure_partitions('" + table + "', '" + times);
    }

    private static String bounds(String partition) throws SQLException {
        return store.row(
                "select pg_get_expr(relpartbound, oid) from pg_class where oid = 'weir."
                        + partition
                        + "'::regclass");
    }

    /** What a bucket answers: the point whose relative distance to both ends is the same. */
    private static double milliseconds(int bucket) {
        double g = 1.025 / 0.975;
        double low = Math.exp((bucket - 1) * Math.log(g));
        double high = Math.exp(bucket * Math.log(g));
        return 2 * low * high / (low + high) / 1000;
    }

    private static int[] sorted(int from, long[] counts) {
        int[] sorted = new int[(int) Arrays.stream(counts).sum()];
        int next = 0;
        for (int i = 0; i < counts.length; i++) {
            for (long n = 0; n < counts[i]; n++) {
                sorted[next++] = from + i;
            }
        }
        return sorted;
    }

    private static String slice(int from, long[] counts) {
        return "[%d:%d]={%s}"
                .formatted(
                        from,
                        from + counts.length - 1,
                        Arrays.stream(counts)
                                .mapToObj(Long::toString)
                                .collect(Collectors.joining(",")));
    }

    private static String slice(SortedMap<Integer, Long> histogram) {
        int from = histogram.firstKey();
        long[] counts = new long[histogram.lastKey() - from + 1];
        histogram.forEach((bucket, count) -> counts[bucket - from] = count);
        return slice(from, counts);
    }

    /** PostgreSQL leaves the bounds of an array that begins at 1 out. */
    private static String normal(String slice) {
        return slice.startsWith("[1:") ? slice.substring(slice.indexOf('{')) : slice;
    }

    private static String json(Map<String, Long> counters) {
        return counters.entrySet().stream()
                .map(entry -> "\"" + entry.getKey() + "\": " + entry.getValue())
                .collect(Collectors.joining(", ", "{", "}"));
    }
}
