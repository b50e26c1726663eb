package io.weir.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What rebuild, audit and reset_range do, on whatever server the subclass connects to. */
abstract class RebuildTests {

    /** When the hours from 10 to 12 of 20 November 2026 have been over for long. */
    static final String NOW = "2026-11-21 10:30Z";

    /** Of {@link #minutesOf}: 10 + 20 + 5 requests. */
    private static final String HOUR =
            "35|33|2|6|14000|9000|301|\\x138b40002700450061|{\"BR\": 24, \"US\": 11}"
                    + "|{\"200\": 33, \"404\": 1, \"500\": 1}|[40:50]={3,2,0,0,0,0,0,0,0,0,1}";

    abstract Connection connect() throws SQLException;

    /** A query that counts the sessions that wait for a lock. */
    abstract String lockWaits();

    @BeforeEach
    void emptyTables() throws SQLException {
        execute(
                "update weir.retention_policy set keep = (case when partition_span = 'day' then '7"
                        + " days' when partition_span = 'month' then '90 days' else '5 years'"
                        + " end)::interval");
        empty("late_of is null");
    }

    private void empty(String tables) throws SQLException {
        for (String table : query("select table_name from weir.traffic_table where " + tables)) {
            execute("delete from weir." + table); // quicker than truncate on Citus
            execute(
                    "select weir.ensure_partitions('%s', '2026-11-14Z', '2026-11-22Z')"
                            .formatted(table));
        }
    }

    @Test
    void anHourIsTheSumOfItsMinutes() throws SQLException {
        minutesOf(1, "2026-11-20 10");
        minutesOf(2, "2026-11-20 10");
        minutesOf(1, "2026-11-20 11");

        assertThat(rebuildHours("2026-11-20Z", "2026-11-21Z")).isEqualTo(3);

        assertThat(query(cells() + " from weir.http_request_1hour order by 1, 2"))
                .containsExactly(
                        "1|2026-11-20 10:00:00|" + HOUR + "|t|t",
                        "1|2026-11-20 11:00:00|" + HOUR + "|t|t",
                        "2|2026-11-20 10:00:00|" + HOUR + "|t|t");
        assertThat(audit()).containsExactly("1day|1|missing", "1day|2|missing");
    }

    @Test
    void aDayIsTheSumOfItsHours() throws SQLException {
        minutesOf(1, "2026-11-20 00");
        minutesOf(1, "2026-11-20 23");
        rebuildHours("2026-11-20Z", "2026-11-21Z");

        assertThat(rebuildDays("2026-11-20Z", "2026-11-21Z")).isEqualTo(1);

        assertThat(query(cells() + " from weir.http_request_1day"))
                .containsExactly(
                        "1|2026-11-20 00:00:00|70|66|4|12|28000|9000|602"
                                + "|\\x138b40002700450061|{\"BR\": 48, \"US\": 22}"
                                + "|{\"200\": 66, \"404\": 2, \"500\": 2}"
                                + "|[40:50]={6,4,0,0,0,0,0,0,0,0,2}|t|t");
        assertThat(audit()).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Asia/Kolkata", "America/Sao_Paulo"})
    void windowsAreThoseOfUtcWhateverTheSessionsZone(String zone) throws SQLException {
        minutesOf(1, "2026-11-20 00");
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("set timezone = '" + zone + "'");
            statement.execute("set datestyle = 'ISO, DMY'");
            statement.execute("set search_path = public, weir");
            statement.execute(
                    "select weir.rebuild_hours('-infinity', 'infinity', moment => '2026-11-21 12:00:00Z')");
            statement.execute(
                    "select weir.rebuild_days('-infinity', 'infinity', moment => '2026-11-21 12:00:00Z')");
        }

        assertThat(query("select bucket at time zone 'UTC' from weir.http_request_1hour"))
                .containsExactly("2026-11-20 00:00:00");
        assertThat(query("select bucket at time zone 'UTC' from weir.http_request_1day"))
                .containsExactly("2026-11-20 00:00:00");
    }

    @Test
    void whatIsAsItShouldBeIsNotWritten() throws SQLException {
        minutesOf(1, "2026-11-20 10");
        rebuildHours("2026-11-20Z", "2026-11-21Z");
        List<String> before =
                query(
                        "select xmin, ctid, updated_at from weir.http_request_1hour where site_id = 1");

        assertThat(rebuildHours("2026-11-20Z", "2026-11-21Z")).isZero();

        assertThat(
                        query(
                                "select xmin, ctid, updated_at from weir.http_request_1hour where site_id = 1"))
                .isEqualTo(before);
    }

    @Test
    void sumsStopAtTheLargestNumber() throws SQLException {
        minutesOf(1, "2026-11-20 10");
        execute(
                "update weir.http_request_1min set bytes_sum = 9223372036854775807,"
                        + " response_time_sum_usec = 9223372036854775807 where error_count > 0");

        rebuildHours("2026-11-20Z", "2026-11-21Z");

        assertThat(query("select bytes_sum, response_time_sum_usec from weir.http_request_1hour"))
                .containsExactly("9223372036854775807|9223372036854775807");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "request_count = 34, success_count = 32; differs; request_count 34, its minutes have 35",
                "success_count = 32, error_count = 3; differs; error_count 3, its minutes have 2",
                "timed_count = 7; differs; timed_count 7, its minutes have 6",
                "response_time_sum_usec = 1; differs; response_time_sum_usec 1, its minutes have 14000",
                "response_time_max_usec = 9001; differs; response_time_max_usec 9001, its minutes have 9000",
                "timed_count = 0, response_time_max_usec = null; differs; response_time_max_usec null",
                "bytes_sum = 0; differs; bytes_sum 0, its minutes have 301",
                "distinct_ip_addresses = '\\x138b400027004500a1'; differs; distinct_ip_addresses",
                "country_counters = '{\"BR\": 24, \"UY\": 11}'; differs; country_counters",
                "status_counters = '{}'; differs; status_counters",
                "response_time_histogram = '[41:51]={3,2,0,0,0,0,0,0,0,0,1}'; differs; response_time_histogram",
                "response_time_histogram = '{}'; differs; response_time_histogram",
                "is_final = false; not final; it has 35 requests",
                "is_final = false, is_whole = false; not whole; it has 35 requests",
                "is_final = false, is_whole = false, request_count = 90, success_count = 88; not whole; it has 90"
            })
    void damageIsNamedAndRepaired(String damage, String problem, String detail)
            throws SQLException {
        minutesOf(1, "2026-11-20 10");
        minutesOf(2, "2026-11-20 10");
        rebuildAll();
        execute("update weir.http_request_1hour set " + damage + " where site_id = 1");

        assertThat(
                        query(
                                "select grain, site_id, bucket at time zone 'UTC', detail from"
                                        + " weir.audit(moment => '"
                                        + NOW.replace("10:30", "12:00")
                                        + "') where problem = '"
                                        + problem
                                        + "' and grain = '1hour'"))
                .hasSize(1)
                .first()
                .asString()
                .startsWith("1hour|1|2026-11-20 10:00:00|")
                .contains(detail);

        assertThat(rebuildHours("2026-11-20Z", "2026-11-21Z")).isEqualTo(1);
        assertThat(query(cells() + " from weir.http_request_1hour where site_id = 1"))
                .containsExactly("1|2026-11-20 10:00:00|" + HOUR + "|t|t");
        assertThat(audit()).isEmpty();
    }

    /** A row that was made just now may be about to change: it is not compared yet. */
    @Test
    void lateRowsAreComparedAndRepairedAmongThemselves() throws SQLException {
        empty("late_of is not null");
        minutesOf(1, "2026-11-20 10");
        rebuildAll();
        execute(
                "insert into http_request_1min_late select * from http_request_1min where bucket < '2026-11-20 10:30Z'");
        assertThat(audit()).isEmpty();
        execute(
                "update http_request_1min_late set is_final = false, updated_at = '2026-11-21 09:29Z'");

        assertThat(audit()).containsExactly("1hour_late|1|missing");
        assertThat(rebuildHours("2026-11-20Z", "2026-11-21Z")).isEqualTo(1);
        assertThat(rebuildDays("2026-11-20Z", "2026-11-21Z")).isEqualTo(1);
        execute("update weir.retention_policy set keep = null"); // the views look at the clock
        for (String table : List.of("1min", "1hour", "1day")) {
            assertThat(
                            query(
                                    "select sum(request_count), sum(late_count) from weir.traffic_"
                                            + table))
                    .containsExactly("45|10");
        }

        execute(
                "update http_request_1hour_late set request_count = 9, success_count = 9, error_count = 0, updated_at = '2026-11-21 09:29Z'");
        execute("update http_request_1day_late set updated_at = '2026-11-21 09:29Z'");
        assertThat(audit()).contains("1day_late|1|differs", "1hour_late|1|differs");
        empty("late_of is not null");
    }

    @Test
    void aResetLeavesLateRowsAlone() throws SQLException {
        empty("table_name = 'http_request_1min_late'");
        minutesOf(1, "2026-11-20 10");
        execute("insert into http_request_1min_late select * from http_request_1min");
        execute("update retention_policy set keep = '1 hour' where table_name ~ 'late'");

        assertThat(
                        query(
                                "select * from weir.reset_range('2026-11-20', '2026-11-21', moment => '2026-11-22Z')"))
                .contains("http_request_1min|3", "http_request_1hour|0", "http_request_1day|0");

        assertThat(query("select sum(request_count) from weir.http_request_1min_late"))
                .containsExactly("35");
        assertThat(
                        query(
                                "select row_count from weir.remove_site(1) where table_name = 'http_request_1min_late'"))
                .containsExactly("3");
    }

    @Test
    void aMissingRowIsNamedAndRepaired() throws SQLException {
        minutesOf(1, "2026-11-20 10");
        minutesOf(2, "2026-11-20 10");
        rebuildAll();
        execute("delete from weir.http_request_1hour where site_id = 2");
        execute("delete from weir.http_request_1day where site_id = 1");

        assertThat(audit()).containsExactly("1day|1|missing", "1day|2|no hours", "1hour|2|missing");

        rebuildAll();
        assertThat(audit()).isEmpty();
    }

    @Test
    void anHourThatKnowsMoreThanItsMinutesStays() throws SQLException {
        minutesOf(1, "2026-11-20 10");
        rebuildAll();
        execute("delete from weir.http_request_1min where error_count > 0");

        assertThat(rebuildHours("2026-11-20Z", "2026-11-21Z")).isZero();

        assertThat(query(cells() + " from weir.http_request_1hour"))
                .containsExactly("1|2026-11-20 10:00:00|" + HOUR + "|t|t");
        assertThat(audit()).containsExactly("1hour|1|differs");

        execute("delete from weir.http_request_1min");
        assertThat(rebuildHours("2026-11-20Z", "2026-11-21Z")).isZero();
        assertThat(audit()).containsExactly("1hour|1|no minutes");
    }

    @Test
    void minutesThatAreNotWholeMakeNoHourWhole() throws SQLException {
        minutesOf(1, "2026-11-20 10");
        minutesOf(2, "2026-11-20 10");
        rebuildAll();
        execute(
                "update weir.http_request_1min set is_whole = false, is_final = false,"
                        + " request_count = 99, success_count = 98 where site_id = 1 and error_count = 1"
                        + " and timed_count = 5");

        // site 1 has more requests now, but in a row that is not whole
        assertThat(rebuildHours("2026-11-20Z", "2026-11-21Z")).isZero();

        execute("delete from weir.http_request_1hour where site_id = 1");
        assertThat(rebuildHours("2026-11-20Z", "2026-11-21Z")).isEqualTo(1);
        assertThat(
                        query(
                                "select site_id, request_count, is_whole, is_final from"
                                        + " weir.http_request_1hour order by 1"))
                .containsExactly("1|124|f|f", "2|35|t|t");
        assertThat(audit())
                .contains("1hour|1|not whole", "1min|1|not whole")
                .doesNotContain("1hour|1|differs");
    }

    /** A job that stopped or began in an hour shows in the rows of any site. */
    @Test
    void anHourInWhichReadingBrokeOffBecomesNoBetterThanItWas() throws SQLException {
        for (int site = 1; site <= 3; site++) {
            minutesOf(site, "2026-11-20 10");
        }
        rebuildHours("2026-11-20Z", "2026-11-21Z");
        minute(
                9,
                "2026-11-20 10:40Z",
                "1, 1, 0, 0, 0, null, 1, '\\x118b40', '{}', '{}', '{}'",
                true,
                false);
        execute(
                "update weir.http_request_1hour set request_count = 30, success_count = 28, is_final ="
                        + " false where site_id = 1");
        execute(
                "update weir.http_request_1hour set is_whole = false, is_final = false where site_id ="
                        + " 2");
        execute("delete from weir.http_request_1hour where site_id = 3");

        assertThat(rebuildHours("2026-11-20Z", "2026-11-21Z")).isEqualTo(3);

        assertThat(
                        query(
                                "select site_id, request_count, is_whole, is_final from"
                                        + " weir.http_request_1hour order by 1"))
                .containsExactly("1|35|t|f", "2|35|f|f", "3|35|f|f", "9|1|f|f");

        // the minute was read after all
        minute(
                8,
                "2026-11-20 10:40Z",
                "1, 1, 0, 0, 0, null, 1, '\\x118b40', '{}', '{}', '{}'",
                true,
                true);
        execute("update weir.http_request_1min set is_final = true where site_id = 9");
        assertThat(rebuildHours("2026-11-20Z", "2026-11-21Z")).isEqualTo(5);
        assertThat(query("select distinct is_whole, is_final from weir.http_request_1hour"))
                .containsExactly("t|t");
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-20 11:59:59.999Z, 0",
        "2026-11-20 12:00Z, 1",
        "2026-11-20 12:59:59Z, 1",
        "2026-11-20 13:00Z, 2"
    })
    void anHourThatIsNotClosedIsLeftAlone(String moment, int written) throws SQLException {
        minutesOf(1, "2026-11-20 10");
        minutesOf(1, "2026-11-20 11");

        assertThat(
                        query(
                                "select count(distinct bucket) from weir.audit(moment => '"
                                        + moment
                                        + "') where grain = '1hour'"))
                .containsExactly(Integer.toString(written));
        assertThat(
                        query(
                                "select weir.rebuild_hours('2026-11-20Z', '2026-11-21Z', '1 hour', '"
                                        + moment
                                        + "')"))
                .containsExactly(Integer.toString(written));
    }

    @ParameterizedTest
    @CsvSource({
        "2026-11-20 10:00Z, 2026-11-20 12:00Z, 2",
        "2026-11-20 10:00:01Z, 2026-11-20 12:00Z, 1",
        "2026-11-20 10:00Z, 2026-11-20 11:59:59Z, 1",
        "2026-11-20 10:30Z, 2026-11-20 11:30Z, 0",
        "2026-11-21 10:00Z, 2026-11-20 11:30Z, 0",
        "-infinity, infinity, 2"
    })
    void onlyHoursThatLieWhollyInTheRangeAreRebuilt(String since, String until, int written)
            throws SQLException {
        minutesOf(1, "2026-11-20 10");
        minutesOf(1, "2026-11-20 11");

        assertThat(rebuildHours(since, until)).isEqualTo(written);
    }

    @ParameterizedTest
    @CsvSource({"2026-11-27 10:00Z, 2", "2026-11-27 10:00:01Z, 1", "2026-11-27 11:00:01Z, 0"})
    void anHourWhoseMinutesAreInPartTooOldIsLeftAlone(String moment, int written)
            throws SQLException {
        minutesOf(1, "2026-11-20 10");
        minutesOf(1, "2026-11-20 11");

        assertThat(
                        query(
                                "select weir.rebuild_hours('2026-11-20Z', '2026-11-21Z', '1 hour', '"
                                        + moment
                                        + "')"))
                .containsExactly(Integer.toString(written));
        assertThat(
                        query(
                                "select count(*) from weir.audit(moment => '"
                                        + moment
                                        + "') where problem = 'no minutes'"))
                .containsExactly("0");
    }

    @Test
    void anHourWhoseMinutesWereDroppedIsLeftAlone() throws SQLException {
        execute("update weir.retention_policy set keep = null");
        for (int day = 18; day <= 20; day++) {
            minutesOf(1, "2026-11-" + day + " 10");
        }
        rebuildAll();
        assertThat(audit()).isEmpty();
        execute("drop table weir.http_request_1min_p2026_11_19");
        execute("update weir.http_request_1hour set bytes_sum = 0");

        assertThat(audit())
                .filteredOn(finding -> finding.startsWith("1hour"))
                .containsExactly("1hour|1|differs", "1hour|1|differs");
        assertThat(rebuildHours("-infinity", "infinity")).isEqualTo(2);

        assertThat(
                        query(
                                "select bucket at time zone 'UTC', bytes_sum from"
                                        + " weir.http_request_1hour order by 1"))
                .containsExactly(
                        "2026-11-18 10:00:00|301",
                        "2026-11-19 10:00:00|0",
                        "2026-11-20 10:00:00|301");
    }

    @Test
    void aRowThatTheJobWritesAtTheSameTimeStays() throws Exception {
        minutesOf(1, "2026-11-20 10");
        rebuildAll();
        execute("update weir.http_request_1hour set request_count = 30, success_count = 28");
        CompletableFuture<Long> rebuild;
        try (Connection job = connect();
                Statement statement = job.createStatement()) {
            job.setAutoCommit(false);
            statement.execute(
                    "update weir.http_request_1hour set request_count = 41, success_count = 39 where site_id = 1");
            rebuild = CompletableFuture.supplyAsync(() -> rebuildHoursUnchecked());
            Awaitility.await().until(() -> !query(lockWaits()).equals(List.of("0")));
            assertThat(rebuild).isNotDone();
            job.commit();
        }

        assertThat(rebuild.get()).isZero();
        assertThat(query("select request_count from weir.http_request_1hour"))
                .containsExactly("41");
    }

    @Test
    void rowsThatAreNotDoneAreNamedAtEveryGrainOnceTheyAreClosed() throws SQLException {
        for (String grain : List.of("1min", "1hour", "1day")) {
            row(
                    grain,
                    1,
                    "2026-11-20 00:00Z",
                    "1, 1, 0, 0, 0, null, 1, '\\x118b40', '{}', '{}', '{}'",
                    true,
                    false);
            row(
                    grain,
                    2,
                    "2026-11-20 00:00Z",
                    "1, 1, 0, 0, 0, null, 1, '\\x118b40', '{}', '{}', '{}'",
                    false,
                    false);
            row(
                    grain,
                    3,
                    "2026-11-21 00:00Z",
                    "1, 1, 0, 0, 0, null, 1, '\\x118b40', '{}', '{}', '{}'",
                    true,
                    false);
        }

        assertThat(
                        query(
                                "select grain, site_id, problem from weir.audit(moment => '2026-11-21 01:00Z') order by 1, 2"))
                .containsExactly(
                        "1day|1|not final",
                        "1day|2|not whole",
                        "1hour|1|not final",
                        "1hour|2|not whole",
                        "1min|1|not final",
                        "1min|2|not whole");
        assertThat(
                        query(
                                "select grain, site_id from weir.audit('2026-11-20 00:01Z', '2026-11-21Z', moment => '2026-11-21 01:00Z')"))
                .isEmpty();
    }

    @Test
    void readersMayAudit() throws SQLException {
        minutesOf(1, "2026-11-20 10");
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("create role auditor login in role weir_reader");
            statement.execute("set role auditor");
            assertThat(
                            Rows.of(
                                    statement,
                                    "select problem from weir.audit(moment => '" + NOW + "')"))
                    .containsExactly("missing");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"'-1 hour', now()", "null, now()", "'1 hour', 'infinity'"})
    void refusesTimesThatMakeNoSense(String times) {
        for (String call : List.of("rebuild_hours", "rebuild_days", "audit")) {
            assertThatThrownBy(
                            () ->
                                    execute(
                                            "select weir.%s('2026-11-20Z', '2026-11-21Z', %s)"
                                                    .formatted(call, times)))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining("needs a settle");
        }
    }

    @Test
    void resetRefusesWhatCouldNotBeWrittenAgain() throws SQLException {
        minutesOf(1, "2026-11-14 10");

        assertThatThrownBy(
                        () ->
                                query(
                                        "select * from weir.reset_range('2026-11-14', '2026-11-16', moment => '2026-11-22Z')"))
                .hasMessageContaining(
                        "rows of 2026-11-14 could not be written again: http_request_1min keeps 7"
                                + " days");
        assertThat(query("select count(*) from weir.http_request_1min")).containsExactly("3");
    }

    @Test
    void resetTakesWholeDaysOutOfAllGrainsAndViews() throws SQLException {
        for (String hour :
                List.of("2026-11-18 23", "2026-11-19 00", "2026-11-20 23", "2026-11-21 00")) {
            minutesOf(1, hour);
            minutesOf(2, hour);
        }
        for (String table : List.of("breakdown_1hour", "breakdown_1day")) {
            query(
                    "select weir.ensure_partitions('%s', '2026-11-18Z', '2026-11-21Z')"
                            .formatted(table));
            execute(
                    "insert into weir.%s select site, 1, day, 0, 0, 0, 0, 0, '\\x118b40', true, 0, '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', true, true, now() from generate_series(1, 2) as site, generate_series('2026-11-18Z', '2026-11-21Z', interval '1 day') as day"
                            .formatted(table));
        }
        query("select weir.rebuild_hours('-infinity', 'infinity', moment => '2026-11-22 12:00Z')");
        query("select weir.rebuild_days('-infinity', 'infinity', moment => '2026-11-22 12:00Z')");

        assertThat(query("select * from weir.range_rows('2026-11-19', '2026-11-21')"))
                .containsExactly(
                        "http_request_1min|12",
                        "http_request_1hour|4",
                        "http_request_1day|4",
                        "breakdown_1hour|4",
                        "breakdown_1day|4");
        assertThat(
                        query(
                                "select * from weir.reset_range('2026-11-19', '2026-11-21', 2, moment => '2026-11-22Z')"))
                .containsExactly(
                        "http_request_1min|6",
                        "http_request_1hour|2",
                        "http_request_1day|2",
                        "breakdown_1hour|2",
                        "breakdown_1day|2");
        assertThat(
                        query(
                                "select * from weir.reset_range('2026-11-19', '2026-11-21', moment => '2026-11-22Z')"))
                .containsExactly(
                        "http_request_1min|6",
                        "http_request_1hour|2",
                        "http_request_1day|2",
                        "breakdown_1hour|2",
                        "breakdown_1day|2");

        assertThat(
                        query(
                                "select distinct bucket at time zone 'UTC' from weir.http_request_1hour order by 1"))
                .containsExactly("2026-11-18 23:00:00", "2026-11-21 00:00:00");
        assertThat(query("select count(*) from weir.http_request_1min")).containsExactly("12");
        assertThat(query("select count(*) from weir.http_request_1day")).containsExactly("4");
        assertThat(
                        query(
                                "select bucket::date from weir.breakdown_1day where site_id = 1 order by 1"))
                .containsExactly("2026-11-18", "2026-11-21");
        execute("delete from weir.breakdown_1hour");
        execute("delete from weir.breakdown_1day");
    }

    @ParameterizedTest
    @CsvSource({
        "'''2026-11-20'', ''2026-11-21''', 2026-11-21 00:59Z, may still be written",
        "'''2026-11-21'', ''2026-11-20''', 2026-11-22 00:00Z, needs a first day",
        "'''2026-11-20'', ''2026-11-20''', 2026-11-22 00:00Z, needs a first day",
        "'''-infinity'', ''2026-11-20''', 2026-11-22 00:00Z, needs a first day",
        "'null, ''2026-11-20''', 2026-11-22 00:00Z, needs a first day"
    })
    void refusesToResetWhatIsNotOver(String days, String moment, String message)
            throws SQLException {
        minutesOf(1, "2026-11-20 10");

        assertThatThrownBy(
                        () ->
                                execute(
                                        "select weir.reset_range(%s, moment => '%s')"
                                                .formatted(days, moment)))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining(message);
        assertThat(query("select count(*) from weir.http_request_1min")).containsExactly("3");
    }

    @ParameterizedTest
    @ValueSource(strings = {"weir_writer", "weir_reader"})
    void nobodyButTheOwnerMayReset(String role) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("set role " + role);
            assertThatThrownBy(
                            () ->
                                    statement.execute(
                                            "select weir.reset_range('2026-11-19', '2026-11-20')"))
                    .isInstanceOf(SQLException.class)
                    .extracting(e -> ((SQLException) e).getSQLState())
                    .isEqualTo("42501");
        }
    }

    /**
     * Selects key, flags and the measures that {@link #minutesOf} fills: how later ones follow is
     * tested by {@link MeasuresAndGrainsContract}.
     */
    private String cells() throws SQLException {
        return "select site_id, bucket at time zone 'UTC', %s, is_whole, is_final"
                .formatted(
                        query(
                                        "select string_agg(format(comparable, name), ', ' order by"
                                                + " position) from weir.measure where position <= 11")
                                .get(0));
    }

    /** Three minutes of the hour that the text begins: 10 + 20 + 5 requests. */
    final void minutesOf(int site, String hour) throws SQLException {
        minute(
                site,
                hour + ":00Z",
                "10, 9, 1, 5, 5000, 2000, 100, '\\x138b4000230045', '{\"BR\": 4, \"US\": 6}',"
                        + " '{\"200\": 9, \"500\": 1}', '[40:41]={3,2}'",
                true,
                true);
        minute(
                site,
                hour + ":30Z",
                "5, 4, 1, 1, 9000, 9000, 1, '\\x118b40', '{\"US\": 5}', '{\"200\": 4, \"404\": 1}',"
                        + " '[50:50]={1}'",
                true,
                true);
        minute(
                site,
                hour + ":59Z",
                "20, 20, 0, 0, 0, null, 200, '\\x138b4000270061', '{\"BR\": 20}', '{\"200\": 20}', '{}'",
                true,
                true);
    }

    private void minute(int site, String bucket, String cells, boolean isWhole, boolean isFinal)
            throws SQLException {
        row("1min", site, bucket, cells, isWhole, isFinal);
    }

    private void row(
            String grain, int site, String bucket, String cells, boolean isWhole, boolean isFinal)
            throws SQLException {
        execute(
                "insert into weir.http_request_%s values (%d, '%s', %s, %s, %s, now())"
                        .formatted(grain, site, bucket, cells, isWhole, isFinal));
    }

    final long rebuildHours(String since, String until) throws SQLException {
        return Long.parseLong(
                query(
                                "select weir.rebuild_hours('%s', '%s', moment => '%s')"
                                        .formatted(since, until, NOW))
                        .get(0));
    }

    private long rebuildHoursUnchecked() {
        try {
            return rebuildHours("2026-11-20Z", "2026-11-21Z");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    final long rebuildDays(String since, String until) throws SQLException {
        return Long.parseLong(
                query(
                                "select weir.rebuild_days('%s', '%s', moment => '%s')"
                                        .formatted(since, until, NOW))
                        .get(0));
    }

    final void rebuildAll() throws SQLException {
        rebuildHours("-infinity", "infinity");
        rebuildDays("-infinity", "infinity");
    }

    final List<String> audit() throws SQLException {
        return query(
                "select grain, site_id, problem from weir.audit(moment => '"
                        + NOW
                        + "') order by grain, site_id, bucket");
    }

    final void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("set search_path = weir, public");
            statement.execute(sql);
        }
    }

    final List<String> query(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("set search_path = weir, public");
            return Rows.of(statement, sql);
        }
    }
}
