package io.weir.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.testing.CitusExtension;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Years of partitions on a coordinator and two workers. */
@Timeout(300)
class CitusMaintenanceIT {

    /** What readers get of the rows, whatever form they are stored in. */
    private static final String ANSWER =
            """
            select site_id, count(*), min(bucket), max(bucket), sum(request_count),
                   round(hll_cardinality(hll_union_agg(distinct_ip_addresses))),
                   weir.histogram_sum(response_time_histogram), weir.jsonb_sum(country_counters),
                   md5(string_agg(t::text, ',' order by bucket))
            from weir.http_request_%s as t where bucket >= '%s' and bucket < '%s' group by 1 order by 1
            """;

    @RegisterExtension static final CitusExtension CITUS = new CitusExtension();

    @BeforeAll
    static void migrate() throws SQLException {
        CitusSchema.of(CITUS).migrate();
        execute(
                "delete from weir.retention_policy where table_name not like 'http_request%' or table_name like '%late'");
    }

    @BeforeEach
    void emptyTables() throws SQLException {
        List<String> partitions =
                query("select 'weir.' || relation from weir.partitions() order by 1");
        if (!partitions.isEmpty()) {
            execute("drop table " + String.join(", ", partitions));
        }
        execute("truncate weir.maintenance_log");
        execute(
                "update weir.retention_policy set archive_after = null, keep = case when"
                        + " partition_span = 'day' then interval '7 days' when partition_span ="
                        + " 'month' then interval '90 days' else interval '5 years' end,"
                        + " partitions_ahead = 1");
    }

    @Test
    void threeYearsAreKeptArchivedAndDroppedByThePolicy() throws SQLException {
        policy("1min", "30 days", "10 days");
        policy("1hour", "2 years", "60 days");
        policy("1day", "5 years", "1 year");
        ensure("1min", "2026-11-01", "2026-11-30");
        ensure("1hour", "2024-01-01", "2026-11-30");
        ensure("1day", "2024-01-01", "2026-11-30");
        execute(insert("1min", "'2026-11-01Z'::timestamptz + n * interval '6 hours'", 119));
        execute(insert("1hour", "'2024-01-01Z'::timestamptz + n * interval '100 hours'", 250));
        execute(insert("1day", "'2024-01-01Z'::timestamptz + n * interval '480 hours'", 50));
        List<String> hours = answer("1hour", "2024-11-01Z", "2027-01-01Z");
        List<String> days = answer("1day", "2024-01-01Z", "2027-01-01Z");
        List<String> minutes = answer("1min", "2026-11-01Z", "2026-12-01Z");

        List<String> said = maintain("2026-11-30 12:00Z");
        List<String> again = maintain("2026-11-30 12:00Z");

        // ended on 31 October 12:00 or before: dropped; on 20 November or before: archived
        assertThat(archived("1min")).containsExactlyElementsOf(days("2026-11-01", "2026-11-19"));
        assertThat(heap("1min")).containsExactlyElementsOf(days("2026-11-20", "2026-12-01"));
        // the last month to end 2 years ago is October 2024, the last 60 days ago September 2026
        assertThat(archived("1hour")).containsExactlyElementsOf(months("2024-11", "2026-09"));
        assertThat(heap("1hour")).containsExactlyElementsOf(months("2026-10", "2026-12"));
        assertThat(archived("1day")).containsExactly("http_request_1day_p2024");
        assertThat(heap("1day"))
                .containsExactly(
                        "http_request_1day_p2025",
                        "http_request_1day_p2026",
                        "http_request_1day_p2027");
        assertThat(hours).hasSize(5);
        assertThat(answer("1hour", "2024-01-01Z", "2027-01-01Z")).isEqualTo(hours);
        assertThat(answer("1day", "2024-01-01Z", "2027-01-01Z")).isEqualTo(days);
        assertThat(answer("1min", "2026-11-01Z", "2026-12-01Z")).isEqualTo(minutes);
        assertThat(said)
                .contains("archive http_request_1min_p2026_11_19 (2026-11-19 to 2026-11-20 UTC)")
                .allMatch(line -> line.matches("(make|drop|archive) http_request.*"));
        assertThat(again).isEmpty();
        assertThat(
                        query(
                                "select count(*) from pg_constraint where contype = 'p' and conrelid"
                                        + " = 'weir.http_request_1min_p2026_11_01'::regclass"))
                .containsExactly("1");
    }

    @Test
    void anArchivedPartitionIsDroppedWhenItExpires() throws SQLException {
        policy("1min", "20 days", "10 days");
        ensure("1min", "2026-11-01");
        fill("1min", "2026-11-01Z");
        maintain("2026-11-12Z");
        assertThat(archived("1min")).containsExactly("http_request_1min_p2026_11_01");

        maintain("2026-11-22Z");

        assertThat(heap("1min")).doesNotContain("http_request_1min_p2026_11_01");
        assertThat(
                        query(
                                "select action from weir.maintenance_log where relation ="
                                        + " 'http_request_1min_p2026_11_01' order by id"))
                .containsExactly("archive", "drop");
    }

    /** Requests of the last max_age can still come, and bring it back; rows of settle often do. */
    @Test
    void aPartitionIsArchivedOnceItsRowsHaveSettled() throws SQLException {
        policy("1min", "30 days", "1 minute");
        ensure("1min", "2026-11-01");
        fill("1min", "2026-11-01Z");

        maintain("2026-11-02 00:59:59Z"); // an hour after the day's end, but for a second
        assertThat(archived("1min")).doesNotContain("http_request_1min_p2026_11_01");

        maintain("2026-11-02 01:00Z");
        assertThat(archived("1min")).contains("http_request_1min_p2026_11_01");
    }

    /** A new store has a backlog to write. */
    @Test
    void aPartitionThatWasMadeStaysForADay() throws SQLException {
        policy("1min", "30 days", "1 day");
        maintain("2026-06-20Z");
        assertThat(archived("1min")).isEmpty();

        execute(
                "update weir.maintenance_log set at = timestamptz '2026-06-18 23:59Z' where relation"
                        + " = 'http_request_1min_p2026_06_13'");
        maintain("2026-06-20Z");
        assertThat(archived("1min")).containsExactly("http_request_1min_p2026_06_13");
    }

    /** Rows that are alike lie together and compress better. */
    @Test
    void anArchivedPartitionIsSortedBySiteAndTime() throws SQLException {
        policy("1min", null, "10 days");
        ensure("1min", "2026-06-01");
        fill("1min", "2026-06-01 12:00Z");
        fill("1min", "2026-06-01Z");
        maintain("2026-06-20Z");

        assertThat(
                        query(
                                "select bool_and(success) and bool_and(result = 't') from"
                                        + " run_command_on_shards('weir.http_request_1min_p2026_06_01',"
                                        + " 'select coalesce(array_agg((site_id, bucket)) = array_agg((site_id,"
                                        + " bucket) order by site_id, bucket), true) from %s')"))
                .containsExactly("t");
    }

    @Test
    void aRestoredPartitionStaysForADay() throws SQLException {
        policy("1min", null, "10 days");
        ensure("1min", "2026-06-01");
        fill("1min", "2026-06-01Z");
        List<String> before = answer("1min", "2026-06-01Z", "2026-06-02Z");
        maintain("2026-06-20Z");

        assertThat(query("select weir.restore_partition('http_request_1min', '2026-06-01 23:59Z')"))
                .containsExactly("t");
        assertThat(query("select weir.restore_partition('http_request_1min', '2026-06-01 23:59Z')"))
                .containsExactly("f");
        assertThat(query("select weir.restore_partition('http_request_1min', '2026-06-02Z')"))
                .containsExactly("f");
        assertThat(query("select weir.restore_partition('pg_class', '2026-06-01Z')"))
                .containsExactly("f");

        maintain("2026-06-20Z");
        assertThat(archived("1min")).isEmpty();
        assertThat(answer("1min", "2026-06-01Z", "2026-06-02Z")).isEqualTo(before);
        execute(
                "update weir.maintenance_log set at = timestamptz '2026-06-18 23:59Z' where action = 'restore'");
        maintain("2026-06-20Z");
        assertThat(archived("1min")).containsExactly("http_request_1min_p2026_06_01");
        assertThat(answer("1min", "2026-06-01Z", "2026-06-02Z")).isEqualTo(before);
    }

    @Test
    void aTenantLearnsNothingFromTheStatisticsOfAConvertedPartition() throws SQLException {
        policy("1min", null, "10 days");
        ensure("1min", "2026-06-01");
        fill("1min", "2026-06-01Z");
        for (String conversion :
                List.of(
                        "call weir.maintain(moment => '2026-06-20Z')",
                        "select weir.restore_partition('http_request_1min', '2026-06-01Z')")) {
            execute(conversion);
            execute("analyze weir.http_request_1min");

            assertThat(
                            query(
                                    "select distinct attname from pg_stats where schemaname = 'weir'"
                                            + " and tablename like 'http_request_1min%'"))
                    .isSubsetOf("bucket");
            assertThat(
                            query(
                                    "select distinct unnest(string_to_array(result, ',')) from"
                                            + " run_command_on_all_nodes($$select"
                                            + " string_agg(distinct attname, ',') from pg_stats where"
                                            + " tablename like 'http_request_1min_p2026_06_01%'$$)"
                                            + " where result <> ''"))
                    .isSubsetOf("bucket");
        }
    }

    @Test
    void aSiteIsRemovedFromArchivedPartitionsToo() throws SQLException {
        policy("1min", null, "10 days");
        ensure("1min", "2026-06-01");
        fill("1min", "2026-06-01Z");
        List<String> others = answer("1min", "2026-06-01Z", "2026-06-02Z").subList(1, 5);
        maintain("2026-06-20Z");
        assertThat(archived("1min")).containsExactly("http_request_1min_p2026_06_01");

        query("select * from weir.remove_site(1)");

        assertThat(answer("1min", "2026-06-01Z", "2026-06-02Z")).isEqualTo(others);
    }

    @Test
    void theSpanOfATableStays() {
        assertThatThrownBy(
                        () ->
                                execute(
                                        "update weir.retention_policy set partition_span = 'month'"
                                                + " where table_name = 'http_request_1min'"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("span_of_http_request_1min_is_a_day");
    }

    @Test
    void onlyWritersMayRestore() throws SQLException {
        execute("create role idle_reader login in role weir_reader");
        try (Connection reader = CITUS.connect("idle_reader");
                Statement statement = reader.createStatement()) {
            assertThatThrownBy(
                            () ->
                                    statement.execute(
                                            "select weir.restore_partition('http_request_1min', now())"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("permission denied for function restore_partition");
        }
    }

    @Test
    void aSecondRunSaysSoAndReturns() throws SQLException {
        try (Connection first = connect();
                Statement statement = first.createStatement()) {
            first.setAutoCommit(false);
            statement.execute("select weir.lock_mutex('maintain')");

            assertThat(maintain("2026-06-20Z")).containsExactly("another run is at work");
        }
    }

    @Test
    void aTenantCannotStopTheWork() throws SQLException {
        execute("create role lodger login");
        execute("select weir.set_tenant('lodger', '{1}')");
        policy("1min", null, "10 days");
        ensure("1min", "2026-06-01");
        fill("1min", "2026-06-01Z");
        try (Connection idle = CITUS.connect("lodger")) {
            TenantAttempts.lockAll(idle, "^(?!http_request)");

            assertThat(maintain("2026-06-20Z", "set lock_timeout = '10s'"))
                    .contains(
                            "archive http_request_1min_p2026_06_01 (2026-06-01 to 2026-06-02 UTC)")
                    .allMatch(line -> line.matches("(make|archive) .*"));
            try (Connection owner = connect("set lock_timeout = '10s'");
                    Statement statement = owner.createStatement()) {
                assertThat(
                                Rows.of(
                                        statement,
                                        "select weir.restore_partition('http_request_1min',"
                                                + " '2026-06-01Z')"))
                        .containsExactly("t");
                assertThat(Rows.of(statement, "select version > 1 from weir.configure_election()"))
                        .containsExactly("t");
            }
        }
        try (Connection idle = CITUS.connect("lodger")) {
            TenantAttempts.lockAll(idle, ".");

            assertThat(maintain("2026-06-21Z", "set lock_timeout = '10s'"))
                    .contains("make http_request_1min_p2026_06_22 (2026-06-22 to 2026-06-23 UTC)");
        }
    }

    @Test
    void runsAtTheSameTimeDoNoHarm() throws Exception {
        policy("1min", "40 days", "10 days");
        for (int day = 1; day <= 12; day++) {
            ensure("1min", LocalDate.of(2026, 10, day).toString());
        }
        fill("1min", "2026-10-05Z");
        List<String> before = answer("1min", "2026-10-05Z", "2026-10-06Z");
        Callable<List<String>> run = () -> maintain("2026-11-12Z");
        ExecutorService callers = Executors.newFixedThreadPool(2);
        long done = 0;
        try {
            for (Future<List<String>> said : callers.invokeAll(Collections.nCopies(2, run))) {
                done += said.get().stream().filter(line -> !line.contains("another")).count();
            }
        } finally {
            callers.shutdown();
        }
        maintain("2026-11-12Z");

        assertThat(archived("1min")).containsExactlyElementsOf(days("2026-10-03", "2026-10-12"));
        assertThat(heap("1min")).containsExactlyElementsOf(days("2026-11-04", "2026-11-13"));
        assertThat(answer("1min", "2026-10-05Z", "2026-10-06Z")).isEqualTo(before);
        assertThat(
                        query(
                                "select count(*) = count(distinct relation) and count(*) >= "
                                        + done
                                        + " from weir.maintenance_log"))
                .containsExactly("t");
    }

    @Test
    void aLongQueryDelaysItsTableAndNoOther() throws SQLException {
        execute("update weir.retention_policy set keep = null");
        ensure("1min", "2026-10-05");
        ensure("1hour", "2026-09-05");
        fill("1min", "2026-10-05Z");
        maintain("2026-10-16Z"); // only archiving is left to do
        policy("1min", null, "10 days");
        policy("1hour", null, "10 days");
        try (Connection reader = connect();
                Statement statement = reader.createStatement()) {
            reader.setAutoCommit(false);
            statement.executeQuery("select count(*) from weir.traffic_1min").close();

            assertThatThrownBy(() -> maintain("2026-10-16Z", "set lock_timeout = '100ms'"))
                    .isInstanceOf(SQLException.class)
                    .extracting(e -> ((SQLException) e).getSQLState())
                    .isEqualTo("55P03");
            statement.executeQuery("select count(*) from weir.traffic_1min").close();
            reader.rollback();
        }
        assertThat(archived("1min")).isEmpty();
        assertThat(archived("1hour")).containsExactly("http_request_1hour_p2026_09");
        assertThat(
                        query(
                                "select distinct action || ' ' || substring(relation for 17) from"
                                        + " weir.maintenance_log where action = 'wait'"))
                .containsExactly("wait http_request_1min");

        maintain("2026-10-16Z");
        assertThat(archived("1min")).containsExactly("http_request_1min_p2026_10_05");
        assertThat(answer("1min", "2026-10-05Z", "2026-10-06Z")).hasSize(5);
    }

    @Test
    void writersOfTheTableGoOnWhilePartitionsAreArchived() throws Exception {
        policy("1min", null, "10 days");
        List<String> dates =
                Stream.iterate(LocalDate.of(2026, 10, 1), day -> day.plusDays(1))
                        .limit(8)
                        .map(LocalDate::toString)
                        .toList();
        for (String date : dates) {
            ensure("1min", date);
            fill("1min", date + "Z");
        }
        ensure("1min", "2026-11-01");
        ExecutorService writer = Executors.newSingleThreadExecutor();
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            AtomicBoolean isOver = new AtomicBoolean();
            Future<Integer> written =
                    writer.submit(
                            () -> {
                                int rows = 0;
                                while (!isOver.get() && rows < 1_440) {
                                    statement.execute(
                                            insert(
                                                    "1min",
                                                    "timestamptz '2026-11-01Z' + interval '%d minutes'"
                                                            .formatted(rows),
                                                    1));
                                    rows++;
                                }
                                return rows;
                            });
            maintain("2026-11-01 12:00Z");
            isOver.set(true);
            int minutes = written.get();

            assertThat(archived("1min")).hasSize(8);
            assertThat(minutes).isPositive();
            assertThat(
                            query(
                                    "select count(*) from weir.http_request_1min where bucket >="
                                            + " '2026-11-01Z'"))
                    .containsExactly(String.valueOf(5 * minutes));
        } finally {
            writer.shutdown();
        }
    }

    @ParameterizedTest
    @CsvSource({"America/Sao_Paulo, 'ISO, DMY'", "Asia/Kolkata, 'ISO, YMD'"})
    void theSessionsZoneDoesNotMatter(String zone, String dateStyle) throws SQLException {
        List<List<String>> partitions = new ArrayList<>();
        List<List<String>> answers = new ArrayList<>();
        for (String[] settings :
                new String[][] {
                    {"set timezone = 'UTC'"},
                    {"set timezone = '" + zone + "'", "set datestyle = '" + dateStyle + "'"}
                }) {
            emptyTables();
            policy("1min", null, "10 days");
            policy("1hour", null, "10 days");
            ensure("1min", "2026-10-24");
            ensure("1hour", "2026-10-24");
            fill("1min", "2026-10-24 23:50Z");
            fill("1hour", "2026-10-24 23:00Z");
            maintain("2026-11-11 00:30Z", settings);
            try (Connection connection = connect(settings);
                    Statement statement = connection.createStatement()) {
                assertThat(
                                Rows.of(
                                        statement,
                                        "select weir.restore_partition('http_request_1min',"
                                                + " '2026-10-24 23:59:59+00')"))
                        .containsExactly("t");
            }
            partitions.add(
                    query(
                            "select relname || ' ' || amname || ' ' || pg_get_expr(relpartbound, c.oid)"
                                    + " from pg_class as c join pg_am on pg_am.oid = relam where"
                                    + " relispartition and relkind = 'r' and relnamespace ="
                                    + " 'weir'::regnamespace order by 1"));
            List<String> answer = new ArrayList<>(answer("1min", "2026-10-24Z", "2026-10-25Z"));
            answer.addAll(answer("1hour", "2026-10-24Z", "2026-10-26Z"));
            answers.add(answer);
        }

        assertThat(partitions.get(1)).isEqualTo(partitions.get(0));
        assertThat(partitions.get(0))
                .contains(
                        "http_request_1min_p2026_10_24 heap FOR VALUES FROM ('2026-10-24 00:00:00+00')"
                                + " TO ('2026-10-25 00:00:00+00')",
                        "http_request_1hour_p2026_10 columnar FOR VALUES FROM ('2026-10-01"
                                + " 00:00:00+00') TO ('2026-11-01 00:00:00+00')");
        assertThat(answers.get(1)).hasSize(10).isEqualTo(answers.get(0));
    }

    private static void policy(String grain, @Nullable String keep, String archiveAfter)
            throws SQLException {
        execute(
                "update weir.retention_policy set keep = %s, archive_after = '%s' where table_name = 'http_request_%s'"
                        .formatted(keep == null ? "null" : "'" + keep + "'", archiveAfter, grain));
    }

    private static void ensure(String grain, String day) throws SQLException {
        ensure(grain, day, day);
    }

    private static void ensure(String grain, String first, String last) throws SQLException {
        execute(
                "select weir.ensure_partitions('http_request_%s', '%sZ', '%sZ')"
                        .formatted(grain, first, last));
    }

    /** Rows of five sites in five minutes. */
    private static void fill(String grain, String first) throws SQLException {
        execute(
                insert(
                        grain,
                        "timestamptz '%s' + n * interval '1 %s'"
                                .formatted(first, grain.equals("1min") ? "minute" : "hour"),
                        5));
    }

    /** Rows of five sites in the buckets of n from 0 on. */
    private static String insert(String grain, String bucket, int buckets) {
        return """
        insert into weir.http_request_%1$s
        select site, %2$s, 10 * site, 10 * site - 1, 1, 5, 700, 300, 9000,
               (select hll_add_agg(hll_hash_integer(100 * site + visitor), 11, 5, 0, 1)
                from generate_series(1, 40) as visitor),
               jsonb_build_object('BR', site, 'US', 9 * site), '{"200": 9}',
               '[100:102]={2,0,3}'::%3$s, true, true, timestamptz '2026-11-01Z'
        from generate_series(1, 5) as site, generate_series(0, %4$d - 1) as n
        """
                .formatted(grain, bucket, grain.equals("1min") ? "int[]" : "bigint[]", buckets);
    }

    private static List<String> answer(String grain, String from, String to) throws SQLException {
        return query(ANSWER.formatted(grain, from, to));
    }

    private static List<String> archived(String grain) throws SQLException {
        return partitions(grain, "is_archived");
    }

    private static List<String> heap(String grain) throws SQLException {
        return partitions(grain, "not is_archived");
    }

    private static List<String> partitions(String grain, String condition) throws SQLException {
        return query(
                "select relation from weir.partitions() where parent = 'http_request_%s' and %s order by 1"
                        .formatted(grain, condition));
    }

    private static List<String> days(String first, String last) {
        return LocalDate.parse(first)
                .datesUntil(LocalDate.parse(last).plusDays(1))
                .map(day -> "http_request_1min_p" + day.toString().replace('-', '_'))
                .toList();
    }

    private static List<String> months(String first, String last) {
        return Stream.iterate(
                        YearMonth.parse(first),
                        month -> !month.isAfter(YearMonth.parse(last)),
                        month -> month.plusMonths(1))
                .map(month -> "http_request_1hour_p" + month.toString().replace('-', '_'))
                .toList();
    }

    /** What the server said, a line each. */
    private static List<String> maintain(String moment, String... settings) throws SQLException {
        List<String> said = new ArrayList<>();
        try (Connection connection = connect(settings);
                Statement statement = connection.createStatement()) {
            statement.execute("call weir.maintain(moment => '" + moment + "')");
            for (SQLWarning line = statement.getWarnings();
                    line != null;
                    line = line.getNextWarning()) {
                said.add(line.getMessage());
            }
        }
        return said;
    }

    private static Connection connect(String... settings) throws SQLException {
        Connection connection = CITUS.connect();
        try (Statement statement = connection.createStatement()) {
            for (String setting : settings) {
                statement.execute(setting);
            }
        }
        return connection;
    }

    private static void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static List<String> query(String sql) throws SQLException {
        try (Connection connection = connect("set timezone = 'UTC'");
                Statement statement = connection.createStatement()) {
            return Rows.of(statement, sql);
        }
    }
}
