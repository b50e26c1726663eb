package io.weir.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
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
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MaintenanceIT {

    private static Store store;

    @BeforeAll
    static void start(@TempDir Path folder) throws SQLException {
        store = Store.start(folder);
        store.execute(
                "delete from weir.retention_policy where table_name not like 'http_request%' or table_name like '%late'");
        store.execute("create role lodger login");
        store.execute("select weir.set_tenant('lodger', '{1}')");
        store.execute("create role dashboard login in role weir_reader");
    }

    @AfterAll
    static void stop() {
        store.close();
    }

    @BeforeEach
    void emptyTables() throws SQLException {
        String partitions =
                store.row("select string_agg('weir.' || relation, ', ') from weir.partitions()");
        if (!partitions.equals("null")) {
            store.execute("drop table " + partitions);
        }
        store.execute("truncate weir.maintenance_log");
        store.execute(
                "update weir.retention_policy set archive_after = null, keep ="
                        + " (case partition_span when 'day' then '7 days' when 'month' then '90 days'"
                        + " else '5 years' end)::interval, partitions_ahead = case partition_span when"
                        + " 'day' then 7 when 'month' then 2 else 1 end");
    }

    @Test
    void lateRowsHavePartitionsOfTheirOwn() throws SQLException {
        store.execute(
                "insert into weir.retention_policy values ('http_request_1min_late', '9 days', null, 'day', 1)");
        try {
            ensure("http_request_1min_late", "2026-11-01Z", "2026-11-20Z");

            maintain("2026-11-24 10:00Z");

            assertThat(partitions("http_request_1min_late"))
                    .isEqualTo(
                            days("2026-11-15", 11).stream()
                                    .map(name -> name.replace("_p", "_late_p"))
                                    .toList());
            assertThat(
                            store.row(
                                    "select expired at time zone 'UTC' from"
                                            + " weir.admit_buckets('http_request_1min_late',"
                                            + " '{2020-01-01Z, now}') as expired"))
                    .isEqualTo("2020-01-01 00:00:00");
        } finally {
            emptyTables();
            store.execute(
                    "delete from weir.retention_policy where table_name = 'http_request_1min_late'");
        }
    }

    /** One of the two clocks is wrong, and nobody knows which. */
    @Test
    void rowsAreGivenUpOnlyIfTheWritersClockAgrees() throws SQLException {
        assertThat(admitted("now() - interval '19 days'", "now()")).isEqualTo("1");
        assertThat(admitted("now() - interval '19 days'", "now() - interval '19 days'"))
                .isEqualTo("0");

        assertThat(admitted("now() + interval '9 days'", "now()")).isEqualTo("1");
        assertThatThrownBy(() -> admitted("now() + interval '9 days'", "now() + interval '9 days'"))
                .hasMessageContaining("further in the future than partitions of")
                .hasMessageContaining("but by the writer")
                .hasMessageContaining("Set the clock that is wrong.");
    }

    private static String admitted(String bucket, String moment) throws SQLException {
        return store.row(
                "select count(*) from weir.admit_buckets('http_request_1min', array[%s], %s)"
                        .formatted(bucket, moment));
    }

    @Test
    void aNewInstallationCanTakeAWeekOfBacklog() throws SQLException {
        maintain("2026-11-24 10:00Z");

        assertThat(partitions("http_request_1min")).isEqualTo(days("2026-11-17", 15));
        assertThat(partitions("http_request_1hour")).isEqualTo(months("2026-11", 3));
        assertThat(partitions("http_request_1day"))
                .containsExactly("http_request_1day_p2026", "http_request_1day_p2027");
        assertThat(store.row("select count(*), min(action) from weir.maintenance_log"))
                .isEqualTo("20|make");
    }

    @Test
    void threeYearsKeepWhatThePolicyKeepsAndNothingElse() throws SQLException {
        ensure("http_request_1min", "2024-02-20Z", "2024-03-10Z");
        ensure("http_request_1min", "2026-10-01Z", "2026-12-31Z");
        ensure("http_request_1hour", "2024-01-01Z", "2026-12-31Z");
        ensure("http_request_1day", "2024-01-01Z", "2026-12-31Z");

        maintain("2026-12-31 12:00Z");

        assertThat(partitions("http_request_1min")).isEqualTo(days("2026-12-24", 15));
        // 90 days before the end of the year is 2 October: the whole of that month stays
        assertThat(partitions("http_request_1hour")).isEqualTo(months("2026-10", 5));
        assertThat(partitions("http_request_1day"))
                .containsExactly(
                        "http_request_1day_p2024",
                        "http_request_1day_p2025",
                        "http_request_1day_p2026",
                        "http_request_1day_p2027");
        assertThat(
                        store.row(
                                "select count(*) filter (where action = 'drop' and relation like"
                                        + " '%1min%'), count(*) filter (where action = 'drop' and"
                                        + " relation like '%1hour%') from weir.maintenance_log"))
                .isEqualTo(20 + 31 + 30 + 23 + "|33");
    }

    @Test
    void monthAfterMonthLeavesNoGapAndNothingOld() throws SQLException {
        store.execute(
                "update weir.retention_policy set partitions_ahead = 1 where table_name ="
                        + " 'http_request_1min'");
        for (YearMonth month = YearMonth.of(2024, 1);
                month.isBefore(YearMonth.of(2027, 1));
                month = month.plusMonths(1)) {
            maintain(month + "-05 03:00Z");
        }

        assertThat(partitions("http_request_1min")).isEqualTo(days("2026-11-28", 9));
        assertThat(partitions("http_request_1hour")).isEqualTo(months("2026-09", 6));
        assertThat(partitions("http_request_1day"))
                .containsExactly(
                        "http_request_1day_p2023",
                        "http_request_1day_p2024",
                        "http_request_1day_p2025",
                        "http_request_1day_p2026",
                        "http_request_1day_p2027");
    }

    @Test
    void aPartitionGoesTheMomentItsLastRowIsTooOld() throws SQLException {
        store.execute(
                "update weir.retention_policy set keep = '30 days' where table_name ="
                        + " 'http_request_1min'");
        fill("2026-10-01Z", "2026-10-31Z");

        maintain("2026-10-31 23:59:59.999Z");
        assertThat(partitions("http_request_1min")).contains("http_request_1min_p2026_10_01");

        maintain("2026-11-01Z");
        assertThat(partitions("http_request_1min"))
                .doesNotContain("http_request_1min_p2026_10_01")
                .contains("http_request_1min_p2026_10_02");
    }

    @Test
    void nothingIsMadeThatThePolicyWouldDrop() throws SQLException {
        store.execute(
                "update weir.retention_policy set keep = '1 day' where table_name ="
                        + " 'http_request_1min'");
        maintain("2026-11-24 00:30Z");
        List<String> before = partitions("http_request_1min");

        maintain("2026-11-24 00:30Z");

        assertThat(before).isEqualTo(days("2026-11-23", 9));
        assertThat(partitions("http_request_1min")).isEqualTo(before);
        assertThat(store.row("select count(*) from weir.maintenance_log where action <> 'make'"))
                .isEqualTo("0");
    }

    /** A plain run after one that goes back further, and the other way round. */
    @Test
    void noRunDropsWhatAnotherMadeAndThePolicyKeeps() throws SQLException {
        store.execute(
                "update weir.retention_policy set keep = '30 days' where table_name ="
                        + " 'http_request_1min'");
        call(List.of(), "'40 days', '1 hour', '2026-11-24 10:00Z'");
        assertThat(partitions("http_request_1min")).isEqualTo(days("2026-10-25", 38));

        for (String arguments :
                List.of(
                        "moment => '2026-11-24 10:00Z'",
                        "'0 days', '0 hours', '2026-11-24 10:00Z'",
                        "'40 days', '1 hour', '2026-11-24 10:00Z'",
                        "moment => '2026-11-24 10:00Z'")) {
            assertThat(call(List.of(), arguments)).as(arguments).isEmpty();
        }
        assertThat(partitions("http_request_1min")).isEqualTo(days("2026-10-25", 38));
        assertThat(partitions("http_request_1hour")).isEqualTo(months("2026-10", 4));
    }

    @Test
    void withoutALimitEverythingIsKept() throws SQLException {
        store.execute("update weir.retention_policy set keep = null");
        fill("2024-01-01Z", "2024-03-01Z");

        maintain("2039-01-01Z");

        assertThat(partitions("http_request_1min")).containsAll(days("2024-01-01", 61));
        assertThat(partitions("http_request_1hour")).containsAll(months("2024-01", 3));
        assertThat(partitions("http_request_1day")).contains("http_request_1day_p2024");
    }

    @Test
    void withoutCitusNothingIsArchivedAndNothingFails() throws SQLException {
        store.execute(
                "update weir.retention_policy set keep = '30 days', archive_after = '8 days' where"
                        + " table_name = 'http_request_1min'");
        fill("2026-10-01Z", "2026-11-24Z");

        maintain("2026-11-24 10:00Z");

        assertThat(partitions("http_request_1min")).isEqualTo(days("2026-10-25", 38));
        assertThat(
                        store.row(
                                "select count(*) filter (where is_archived), weir.can_archive(),"
                                        + " weir.restore_partition('http_request_1min', '2026-11-01Z') from"
                                        + " weir.partitions()"))
                .isEqualTo("0|f|f");
        assertThat(
                        store.row(
                                "select count(*) from weir.maintenance_log where action not in"
                                        + " ('make', 'drop')"))
                .isEqualTo("0");
    }

    @Test
    void anotherTableNeedsOnlyItsRowInThePolicy() throws SQLException {
        store.execute(
                "create table weir.extra (day timestamptz not null) partition by range (day)");
        try {
            store.execute(
                    "insert into weir.retention_policy values ('extra', '1 month', null, 'month', 1)");
            ensure("extra", "2026-01-31Z", "2026-02-01Z");

            maintain("2026-11-24 10:00Z");

            assertThat(partitions("extra")).containsExactly("extra_p2026_11", "extra_p2026_12");
        } finally {
            store.execute("delete from weir.retention_policy where table_name = 'extra'");
            store.execute("drop table weir.extra");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"America/Sao_Paulo", "Asia/Kolkata", "America/New_York"})
    void theSessionsZoneDoesNotMatter(String zone) throws SQLException {
        fill("2026-10-01Z", "2026-11-08Z");
        List<String> settings =
                List.of("set timezone = '" + zone + "'", "set datestyle = 'ISO, DMY'");

        // 1 hour after midnight of UTC, and clocks went back in New York on the first
        call(settings, "'7 days', '1 hour', '2026-11-08 01:00Z'");

        assertThat(partitions("http_request_1min")).isEqualTo(days("2026-11-01", 15));
        assertThat(partitions("http_request_1hour")).isEqualTo(months("2026-10", 4));
        assertThat(
                        store.row(
                                "select pg_get_expr(relpartbound, oid) from pg_class where relname ="
                                        + " 'http_request_1min_p2026_11_15'"))
                .isEqualTo(
                        "FOR VALUES FROM ('2026-11-15 00:00:00+00') TO ('2026-11-16 00:00:00+00')");
        assertThat(
                        store.row(
                                "select message from weir.maintenance_log where relation ="
                                        + " 'http_request_1min_p2026_10_31'"))
                .isEqualTo("2026-10-31 to 2026-11-01 UTC");
    }

    @Test
    void runsAtTheSameTimeDoNoHarm() throws Exception {
        fill("2026-08-01Z", "2026-11-24Z");
        Callable<List<String>> run =
                () -> call(List.of(), "'7 days', '1 hour', '2026-11-24 10:00Z'");
        ExecutorService callers = Executors.newFixedThreadPool(4);
        int done = 0;
        try {
            for (Future<List<String>> answer : callers.invokeAll(Collections.nCopies(4, run))) {
                done +=
                        (int)
                                answer.get().stream()
                                        .filter(line -> !line.contains("another"))
                                        .count();
            }
        } finally {
            callers.shutdown();
        }
        maintain("2026-11-24 10:00Z");

        assertThat(partitions("http_request_1min")).isEqualTo(days("2026-11-17", 15));
        assertThat(partitions("http_request_1hour")).isEqualTo(months("2026-08", 6));
        assertThat(store.row("select count(*), count(distinct relation) from weir.maintenance_log"))
                .isEqualTo(done + "|" + done);
    }

    @Test
    void aSecondRunSaysSoAndReturns() throws SQLException {
        try (Connection first = store.connect();
                Statement statement = first.createStatement()) {
            first.setAutoCommit(false);
            statement.execute("select weir.lock_mutex('maintain')");

            assertThat(call(List.of(), "")).containsExactly("another run is at work");
            assertThat(partitions("http_request_1min")).isEmpty();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"lodger", "dashboard"})
    void whoMayOnlyReadCannotStopTheWork(String role) throws SQLException {
        List<String> impatient = List.of("set lock_timeout = '2s'");
        try (Connection idle = DriverManager.getConnection(store.server.jdbcUrl(), role, "")) {
            TenantAttempts.lockAll(idle, ".");

            assertThat(call(impatient, "'7 days', '1 hour', '2026-11-24 10:00Z'"))
                    .hasSize(20)
                    .allMatch(line -> line.startsWith("make "));
            try (Connection owner = store.connect();
                    Statement statement = owner.createStatement()) {
                statement.execute(impatient.get(0));
                assertThat(
                                Rows.of(
                                        statement,
                                        "select weir.ensure_partitions('http_request_1min',"
                                                + " '2026-12-02Z', '2026-12-02Z'),"
                                                + " weir.restore_partition('http_request_1min',"
                                                + " '2026-12-02Z')"))
                        .containsExactly("1|f");
                owner.setAutoCommit(false);
                assertThat(Rows.of(statement, "select version from weir.configure_election()"))
                        .containsExactly("2");
                owner.rollback();
            }
        }
    }

    @Test
    void sitesThatLeftTheListLongAgoArePurged() throws SQLException {
        String seen = "1, 1, 1, '2026-01-01Z', '2026-01-01Z', '2026-01-01 01:00Z'";
        store.execute(
                "insert into weir.top_site values"
                        + " (1, %s, null, '2026-01-01 01:00Z'),".formatted(seen)
                        + " (2, %s, '2026-08-26 09:59Z', '2026-08-26 09:59Z'),".formatted(seen)
                        + " (3, %s, '2026-08-26 10:00Z', '2026-08-26 10:00Z')".formatted(seen));

        maintain("2026-11-24 10:00Z"); // 90 days after the last

        assertThat(store.row("select string_agg(site_id::text, ' ' order by 1) from weir.top_site"))
                .isEqualTo("1 3");
        assertThat(
                        store.row(
                                "select relation, message from weir.maintenance_log where action ="
                                        + " 'purge'"))
                .isEqualTo("top_site|1 site that left the list before 2026-08-26 10:00 UTC");
        store.execute("delete from weir.top_site");
    }

    @Test
    void aLongReaderDelaysItsTableAndNoOther() throws SQLException {
        fill("2026-11-01Z", "2026-11-24Z");
        try (Connection reader = store.connect();
                Statement statement = reader.createStatement()) {
            reader.setAutoCommit(false);
            statement.executeQuery("select count(*) from weir.traffic_1min").close();

            assertThatThrownBy(
                            () ->
                                    call(
                                            List.of("set lock_timeout = '100ms'"),
                                            "'7 days', '1 hour', '2026-11-24 10:00Z'"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining(
                            "others hold locks on http_request_1min: run maintain again")
                    .extracting(e -> ((SQLException) e).getSQLState())
                    .isEqualTo("55P03");
            // a partition is made beside readers, and dropped only without them
            assertThat(partitions("http_request_1min")).isEqualTo(days("2026-11-01", 31));
            assertThat(partitions("http_request_1hour")).isEqualTo(months("2026-11", 3));
            assertThat(
                            store.row(
                                    "select relation, message from weir.maintenance_log where action"
                                            + " = 'wait'"))
                    .startsWith("http_request_1min_p2026_11_01|drop: ")
                    .contains("lock timeout");
        }

        maintain("2026-11-24 10:00Z");

        assertThat(partitions("http_request_1min")).isEqualTo(days("2026-11-17", 15));
    }

    @ParameterizedTest
    @CsvSource({
        "keep = '-1 day', keep_is_a_time",
        "keep = '0', keep_is_a_time",
        "archive_after = '0', archive_is_a_time",
        "archive_after = '8 days', archived_before_dropped",
        "partition_span = 'week', span_is_known",
        "partition_span = 'Day', span_is_known",
        "partition_span = 'month', span_of_http_request_1min_is_a_day",
        "partitions_ahead = 0, next_partition_is_ready"
    })
    void refusesAPolicyThatMakesNoSense(String change, String constraint) {
        assertThatThrownBy(
                        () ->
                                store.execute(
                                        "update weir.retention_policy set "
                                                + change
                                                + " where table_name = 'http_request_1min'"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining(constraint);
    }

    @ParameterizedTest
    @ValueSource(strings = {"'-1 day'", "null", "'1 day', null", "'1 day', '0', 'infinity'"})
    void refusesTimesThatMakeNoSense(String arguments) {
        assertThatThrownBy(() -> call(List.of(), arguments))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("maintain needs");
    }

    private static void fill(String first, String last) throws SQLException {
        for (String grain : List.of("1min", "1hour", "1day")) {
            ensure("http_request_" + grain, first, last);
        }
    }

    private static void ensure(String table, String first, String last) throws SQLException {
        store.execute(
                "select weir.ensure_partitions('%s', '%s', '%s')".formatted(table, first, last));
    }

    private static void maintain(String moment) throws SQLException {
        call(List.of(), "'7 days', '1 hour', '" + moment + "'");
    }

    /** What the server said, a line each. */
    private static List<String> call(List<String> settings, String arguments) throws SQLException {
        List<String> said = new ArrayList<>();
        try (Connection connection = store.connect();
                Statement statement = connection.createStatement()) {
            for (String setting : settings) {
                statement.execute(setting);
            }
            statement.execute("call weir.maintain(" + arguments + ")");
            for (SQLWarning line = statement.getWarnings();
                    line != null;
                    line = line.getNextWarning()) {
                said.add(line.getMessage());
            }
        }
        return said;
    }

    private static List<String> partitions(String table) throws SQLException {
        String names =
                store.row(
                        "select coalesce(string_agg(relname, ',' order by relname), '') from"
                                + " pg_inherits join pg_class on oid = inhrelid where inhparent ="
                                + " 'weir."
                                + table
                                + "'::regclass");
        return names.isEmpty() ? List.of() : List.of(names.split(","));
    }

    private static List<String> days(String first, int count) {
        return IntStream.range(0, count)
                .mapToObj(
                        day ->
                                "http_request_1min_p"
                                        + LocalDate.parse(first)
                                                .plusDays(day)
                                                .toString()
                                                .replace('-', '_'))
                .toList();
    }

    private static List<String> months(String first, int count) {
        return IntStream.range(0, count)
                .mapToObj(
                        month ->
                                "http_request_1hour_p"
                                        + YearMonth.parse(first)
                                                .plusMonths(month)
                                                .toString()
                                                .replace('-', '_'))
                .toList();
    }
}
