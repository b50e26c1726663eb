package io.weir.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.offset;
import static org.assertj.core.api.Assertions.withinPercentage;

import io.weir.schema.Requests.Request;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What the functions of ranges answer, the same on every store. */
abstract class RangesContract {

    static final Requests REQUESTS = Requests.make();

    private static final List<String> SESSION_ZONES =
            List.of("UTC", "America/Sao_Paulo", "Asia/Kolkata");

    abstract Connection connect(String user) throws SQLException;

    /** As the owner. */
    abstract Connection connect() throws SQLException;

    @BeforeEach
    void keepForEver() throws SQLException {
        keep("1min", null);
        keep("1hour", null);
        keep("1day", null);
    }

    @ParameterizedTest
    @CsvSource({
        // days; hours; minutes. Requests lie just before and at every end
        "2024-03-29T00:00:00Z, 2024-04-01T00:00:00Z",
        "2024-03-29T13:00:00Z, 2024-03-29T18:00:00Z",
        "2024-03-29T18:15:00Z, 2024-03-29T18:30:00Z",
        // ragged at one end or both
        "2024-03-29T00:00:00Z, 2024-03-31T18:30:00Z",
        "2024-03-29T13:30:00Z, 2024-04-01T00:00:00Z",
        "2024-03-29T13:30:00Z, 2024-04-01T18:15:00Z",
        "2024-03-29T13:00:00Z, 2024-04-01T22:00:00Z",
        // over midnight, over the hour, no whole day, no whole hour
        "2024-03-29T22:59:00Z, 2024-03-30T00:01:00Z",
        "2024-03-29T13:30:00Z, 2024-03-29T18:45:00Z",
        "2024-03-29T12:59:00Z, 2024-03-29T13:30:00Z",
        "2024-03-29T23:59:00Z, 2024-03-31T00:01:00Z",
        "2024-03-29T23:00:00Z, 2024-03-30T03:00:00Z",
        // all, over months
        "2024-01-01T00:00:30Z, 2025-01-01T00:00:00Z"
    })
    void anyRangeIsExact(Instant since, Instant until) throws SQLException {
        Instant first = since.truncatedTo(ChronoUnit.MINUTES);
        for (Integer site : Arrays.asList(1, null)) {
            for (String zone : site == null ? List.of("UTC") : SESSION_ZONES) {
                assertAnswers(zone, site, since, until, REQUESTS.of(site, first, until));
            }
        }
    }

    @Test
    void endsWithinAMinuteGoOutwards() throws SQLException {
        assertAnswers(
                "UTC",
                1,
                Instant.parse("2024-03-29T13:30:59Z"),
                Instant.parse("2024-03-30T13:30:00.001Z"),
                REQUESTS.of(
                        1,
                        Instant.parse("2024-03-29T13:30:00Z"),
                        Instant.parse("2024-03-30T13:31:00Z")));
    }

    @Test
    void endsGoOutwardsToTheGrainThatIsKept() throws SQLException {
        Instant since = Instant.parse("2024-03-29T13:30:00Z");
        Instant until = Instant.parse("2024-03-31T18:30:00Z");

        keep("1min", "1 day");
        assertAnswers(
                "Asia/Kolkata",
                2,
                since,
                until,
                REQUESTS.of(
                        2,
                        Instant.parse("2024-03-29T13:00:00Z"),
                        Instant.parse("2024-03-31T19:00:00Z")));

        keep("1hour", "2 days");
        assertAnswers(
                "Asia/Kolkata",
                2,
                since,
                until,
                REQUESTS.of(
                        2,
                        Instant.parse("2024-03-29T00:00:00Z"),
                        Instant.parse("2024-04-01T00:00:00Z")));

        keep("1day", "3 days");
        assertThat(one("UTC", call("unique_visitors", 2, since, until))).isEqualTo("0");
    }

    /** The minutes of the older end are gone, those of the newer are kept. */
    @Test
    void eachEndGoesAsFarAsItMust() throws SQLException {
        keepSince("1min", "2024-03-30T12:00:30Z");

        assertAnswers(
                "UTC",
                1,
                Instant.parse("2024-03-29T13:30:00Z"),
                Instant.parse("2024-03-31T18:30:00Z"),
                REQUESTS.of(
                        1,
                        Instant.parse("2024-03-29T13:00:00Z"),
                        Instant.parse("2024-03-31T18:30:00Z")));
    }

    /** Of the day in which the range ends, minutes and hours are kept from some time on only. */
    @ParameterizedTest
    @CsvSource({
        "2024-03-31T12:00:30Z, 2024-03-31T17:00:30Z",
        "2024-03-31T17:00:30Z, 2024-03-31T12:00:30Z",
        "2024-03-31T12:00:30Z, 2024-04-01T12:00:30Z"
    })
    void anEndGoesOutwardsToTheDayWhereNothingFinerReachesBackToIt(
            String oldestMinute, String oldestHour) throws SQLException {
        keepSince("1min", oldestMinute);
        keepSince("1hour", oldestHour);

        assertAnswers(
                "UTC",
                1,
                Instant.parse("2024-03-29T13:30:00Z"),
                Instant.parse("2024-03-31T18:30:00Z"),
                REQUESTS.of(
                        1,
                        Instant.parse("2024-03-29T00:00:00Z"),
                        Instant.parse("2024-04-01T00:00:00Z")));
    }

    @Test
    void finerRowsTakeThePlaceOfCoarserOnesThatAreNotKept() throws SQLException {
        Instant since = Instant.parse("2024-03-29T13:30:00Z");
        Instant until = Instant.parse("2024-04-01T18:30:00Z");
        for (String grain : List.of("1hour", "1day")) {
            for (String oldest :
                    List.of(
                            "2024-03-30T12:30:30Z",
                            "2024-04-01T12:30:30Z",
                            "2024-05-01T00:00:00Z")) {
                keepForEver();
                keepSince(grain, oldest);
                assertAnswers("UTC", 1, since, until, REQUESTS.of(1, since, until));
            }
        }
    }

    @Test
    void nothingIsAnsweredOfNothing() throws SQLException {
        Instant since = Instant.parse("2024-06-01T00:00:00Z");
        for (Instant until : List.of(since, since.minusSeconds(1), since.plusSeconds(90_000))) {
            assertThat(one("UTC", call("unique_visitors", 1, since, until))).isEqualTo("0");
            assertThat(one("UTC", call("response_times", 1, since, until)))
                    .isEqualTo("0|null|null|null|null|null|null|null");
            assertThat(rows("UTC", call("countries", null, since, until))).isEmpty();
            assertThat(rows("UTC", call("traffic", 1, since, until))).isEmpty();
        }
        assertThatThrownBy(() -> one("UTC", "select weir.unique_visitors(1, null, now())"))
                .hasMessageContaining("a range needs its two ends, got <NULL> and ");
        assertThatThrownBy(() -> one("UTC", "select weir.traffic(1, '-infinity', now())"))
                .hasMessageContaining("a range needs its two ends");
        assertThatThrownBy(
                        () ->
                                one(
                                        "UTC",
                                        "select weir.traffic(1, now() - interval '1 h', now(), 0)"))
                .hasMessageContaining("a chart needs a point or more, got 0");
    }

    /** Rows of the day and the hour that run lag behind their minutes, or are not there yet. */
    @Test
    void whatIsNotOverIsMadeOfMinutes() throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false); // now() stands still
            statement.execute("select weir.ensure_partitions('http_request_1min', now(), now())");
            statement.execute(
                    "insert into weir.http_request_1min values (77, date_trunc('minute', now()), 3,"
                            + " 3, 0, 0, 0, null, 0, '\\x138b400021', '{\"BR\": 3}', '{\"200\": 3}',"
                            + " '{}', true, false, now())");
            assertThat(
                            Rows.of(
                                    statement,
                                    "select * from weir.countries(77, now() - interval '2 days',"
                                            + " now() + interval '2 days')"))
                    .containsExactly("BR|3");
            assertThat(
                            Rows.of(
                                    statement,
                                    "select sum(request_count), bool_or(is_final) from"
                                            + " weir.traffic_day(77, current_date - 2, current_date"
                                            + " + 2, 'Asia/Kolkata')"))
                    .containsExactly("3|f");
            connection.rollback();
        }
    }

    @ParameterizedTest
    @CsvSource({
        // minutes in the range, points, grain
        "1440, 300, 1min", // 1440 or 24 of 300
        "10080, 300, 1hour", // 10080 or 168
        "60, 300, 1min",
        "43200, 300, 1hour", // 720 or 30
        "525600, 300, 1day", // 8760 or 365
        "525600, 10000, 1hour",
        "1440, 1, 1day",
        "1440, 24, 1hour",
        "60, 7, 1hour", // 60 is 8.6 times too many, 1 is 7 times too few
        "60, 8, 1min" // 7.5 and 8
    })
    void theGrainIsTheOneNearestToThePoints(int minutes, int points, String grain)
            throws SQLException {
        Instant until = Instant.parse("2024-03-31T00:00:00Z");
        Instant since = until.minus(Duration.ofMinutes(minutes));

        assertThat(
                        one(
                                "UTC",
                                "select weir.traffic_grain('%s', '%s', %d)"
                                        .formatted(since, until, points)))
                .isEqualTo(grain);
    }

    @Test
    void aGrainThatNoLongerKeepsTheRangeIsNotTaken() throws SQLException {
        String hour = "select weir.traffic_grain('2024-03-30T10:00:00Z', '2024-03-30T11:00:00Z')";
        assertThat(one("UTC", hour)).isEqualTo("1min");
        keepSince("1min", "2024-03-30T10:30:00Z");
        assertThat(one("UTC", hour)).isEqualTo("1hour");
        keepSince("1hour", "2024-03-30T10:30:00Z");
        assertThat(one("UTC", hour)).isEqualTo("1day");
        keepSince("1day", "2024-03-30T10:20:00Z");
        assertThat(one("UTC", hour)).isEqualTo("1day");
    }

    @ParameterizedTest
    @CsvSource({
        "1min, 2024-03-30T10:00:00Z, 2024-03-30T13:00:00Z, 300",
        "1min, 2024-03-30T10:00:20Z, 2024-03-30T10:20:01Z, 300",
        "1hour, 2024-03-29T13:30:00Z, 2024-03-31T17:00:01Z, 60",
        "1day, 2024-03-29T13:30:00Z, 2024-04-01T00:00:00Z, 4"
    })
    void aSeriesHasTheBucketsThatTheRangeTouches(
            String grain, Instant since, Instant until, int points) throws SQLException {
        long millis =
                switch (grain) {
                    case "1min" -> 60_000;
                    case "1hour" -> 3_600_000;
                    default -> 86_400_000;
                };
        Function<Instant, Instant> bucket =
                at -> Instant.ofEpochMilli(at.toEpochMilli() / millis * millis);
        for (Integer site : Arrays.asList(2, null)) {
            Map<String, Requests> expected = new TreeMap<>();
            for (Instant at = bucket.apply(since); at.isBefore(until); at = at.plusMillis(millis)) {
                Requests requests = REQUESTS.of(site, at, at.plusMillis(millis));
                if (requests.count() > 0) {
                    expected.put(at.getEpochSecond() + "|" + grain, requests);
                }
            }
            for (String zone : SESSION_ZONES) {
                assertMeasured(
                        rows(
                                zone,
                                "select extract(epoch from bucket)::bigint, grain, "
                                        + MEASURED
                                        + ", is_whole and is_final from weir.traffic(%s, '%s', '%s', %d)"
                                                .formatted(site, since, until, points)),
                        expected);
            }
        }
    }

    @Test
    void everySumSaysHowManyRequestsCameLate() throws SQLException {
        String range = "'2024-03-29Z', '2024-03-31Z'";
        Requests all =
                REQUESTS.of(
                        null,
                        Instant.parse("2024-03-29T00:00:00Z"),
                        Instant.parse("2024-03-31T00:00:00Z"));
        String sums = all.count() + "|" + all.where(Request::isLate).count();
        String ofBoth = "select sum(request_count), sum(late_count) from ";
        String within = " where bucket >= '2024-03-29Z' and bucket < '2024-03-31Z'";
        assertThat(sums).doesNotContain("|0");
        for (String source :
                List.of(
                        "weir.traffic_1min" + within,
                        "weir.traffic_1hour" + within,
                        "weir.traffic_1day" + within,
                        "weir.traffic(null, " + range + ")",
                        "weir.traffic_counts(null, " + range + ")",
                        "weir.traffic_day(null, '2024-03-29', '2024-03-31', 'UTC')",
                        "weir.totals(null, " + range + ")",
                        "weir.site_totals(null, " + range + ")")) {
            assertThat(one("UTC", ofBoth + source)).as(source).isEqualTo(sums);
        }
    }

    /** Late rows do not say whether those that came in time are whole and final, unless alone. */
    @Test
    void flagsAreThoseOfTheRequestsInTime() throws SQLException {
        String row =
                " values (%d, '2024-03-29 0%d:00Z', 2, 1, 1, 0, 0, null, 5, '\\x138b400021', '{\"BR\": 2}', '{\"200\": 2}', '{}', %s, '2024-04-0%d')";
        String flags =
                "select to_char(bucket at time zone 'UTC', 'HH24'), request_count, is_whole, is_final, late_count";
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            connection.setAutoCommit(false);
            statement.execute("set timezone = 'UTC'");
            for (String main :
                    List.of(
                            row.formatted(88, 1, "true, true", 1),
                            row.formatted(89, 3, "true, true", 1))) {
                statement.execute("insert into weir.http_request_1hour" + main);
            }
            for (String late :
                    List.of(
                            row.formatted(88, 1, "false, false", 2),
                            row.formatted(88, 2, "true, false", 2),
                            row.formatted(88, 3, "false, false", 2))) {
                statement.execute("insert into weir.http_request_1hour_late" + late);
            }

            assertThat(
                            Rows.of(
                                    statement,
                                    flags
                                            + ", updated_at::date from weir.traffic_1hour where site_id = 88 order by 1"))
                    .containsExactly(
                            "01|4|t|t|2|2024-04-02",
                            "02|2|t|f|2|2024-04-02",
                            "03|2|f|f|2|2024-04-02");
            assertThat(
                            Rows.of(
                                    statement,
                                    flags
                                            + " from weir.traffic(88, '2024-03-29 01:00Z', '2024-03-29 04:00Z', 3) order by 1"))
                    .containsExactly("01|4|t|t|2", "02|2|t|f|2", "03|2|f|f|2");
            assertThat(
                            Rows.of(
                                            statement,
                                            flags
                                                    + " from weir.traffic(null, '2024-03-29 03:00Z', '2024-03-29 04:00Z', 1) where bucket = '2024-03-29 03:00Z'")
                                    .get(0))
                    .contains("|t|t|");
            connection.rollback();
        }
    }

    @ParameterizedTest
    @CsvSource({
        "Europe/Berlin, 2024-03-30, 2024-04-01", // 24 and 23 hours
        "Europe/Berlin, 2024-10-26, 2024-10-28", // 24 and 25 hours
        "Australia/Lord_Howe, 2024-04-06, 2024-04-08", // offset 11 to 10:30
        "Australia/Lord_Howe, 2024-10-06, 2024-10-08",
        "Atlantic/Azores, 2024-10-26, 2024-10-28", // a midnight that comes twice
        "Atlantic/Azores, 2024-10-27, 2024-10-28",
        "Atlantic/Azores, 2024-10-26, 2024-10-27",
        "Asia/Kolkata, 2024-03-30, 2024-04-01",
        "Asia/Kathmandu, 2024-03-30, 2024-04-01",
        "America/Sao_Paulo, 2024-03-29, 2024-04-01",
        "UTC, 2024-03-29, 2024-04-02"
    })
    void daysAreThoseOfTheZone(ZoneId zone, LocalDate since, LocalDate until) throws SQLException {
        for (Integer site : Arrays.asList(1, null)) {
            Map<String, Requests> expected = new TreeMap<>();
            for (LocalDate day = since; day.isBefore(until); day = day.plusDays(1)) {
                Instant starts = day.atStartOfDay(zone).toInstant();
                Instant ends = day.plusDays(1).atStartOfDay(zone).toInstant();
                Requests requests = REQUESTS.of(site, starts, ends);
                assertThat(requests.count()).isPositive();
                expected.put(
                        "%s|%s|%s".formatted(day, starts.getEpochSecond(), ends.getEpochSecond()),
                        requests);
            }
            for (String session : SESSION_ZONES) {
                assertMeasured(days(session, site, since, until, zone), expected);
            }
        }
    }

    @Test
    void anHourBelongsToTheDayInWhichItStartsWhereMinutesAreGone() throws SQLException {
        keep("1min", "1 day");
        LocalDate day = LocalDate.parse("2024-03-30");

        String[] row =
                days("UTC", 1, day, day.plusDays(1), ZoneId.of("Asia/Kolkata"))
                        .get(0)
                        .split("\\|", -1);

        // from 18:30 to 18:30: from 19:00 to 19:00
        Requests expected =
                REQUESTS.of(
                        1,
                        Instant.parse("2024-03-29T19:00:00Z"),
                        Instant.parse("2024-03-30T19:00:00Z"));
        assertThat(row[3]).isEqualTo("" + expected.count());
        assertThat(
                        one(
                                "UTC",
                                "select is_exact from weir.traffic_day(1, '2024-03-30',"
                                        + " '2024-03-31', 'Asia/Kolkata')"))
                .isEqualTo("f");
        assertThat(
                        one(
                                "UTC",
                                "select is_exact from weir.traffic_day(1, '2024-03-30',"
                                        + " '2024-03-31', 'Europe/Berlin')"))
                .isEqualTo("t");
    }

    @Test
    void daysOfUtcTakeThePlaceOfHoursThatAreGone() throws SQLException {
        keep("1min", "1 day");
        keepSince("1hour", "2024-03-31T00:30:00Z");

        List<String> days =
                rows(
                        "UTC",
                        "select day, request_count, is_exact from weir.traffic_day(1, '2024-03-29',"
                                + " '2024-04-02', 'Europe/Berlin')");

        assertThat(days)
                .containsExactly(
                        "2024-03-29|" + utc("2024-03-29T00:00:00Z", "2024-03-30T00:00:00Z") + "|f",
                        "2024-03-30|" + utc("2024-03-30T00:00:00Z", "2024-03-31T00:00:00Z") + "|f",
                        "2024-03-31|" + utc("2024-03-31T00:00:00Z", "2024-04-01T00:00:00Z") + "|f",
                        "2024-04-01|" + utc("2024-03-31T22:00:00Z", "2024-04-01T22:00:00Z") + "|t");
    }

    private static long utc(String since, String until) {
        return REQUESTS.of(1, Instant.parse(since), Instant.parse(until)).count();
    }

    @ParameterizedTest
    @ValueSource(strings = {"[240:242]={3,2,9}", "{5}", "[0:3]={1,0,0,99}", "[7:8]={0,0}", "{}"})
    void severalPercentilesAreWhatEachIs(String histogram) throws SQLException {
        String each =
                "select array[weir.percentile(h, 0.0), weir.percentile(h, 0.01), weir.percentile(h,"
                        + " 0.5), weir.percentile(h, 1)] from (select '%s'::bigint[] as h) as t";
        String all = "select weir.percentiles('%s', '{0, 0.01, 0.5, 1}')";

        assertThat(one("UTC", all.formatted(histogram)).replace("null", "{NULL,NULL,NULL,NULL}"))
                .isEqualTo(one("UTC", each.formatted(histogram)));
    }

    @Test
    void anUnknownZoneIsRefused() {
        String sql = "select * from weir.traffic_day(1, '2024-03-30', '2024-03-31', %s)";
        assertThatThrownBy(() -> rows("UTC", sql.formatted("'Europe/Atlantis'")))
                .hasMessageContaining("time zone \"Europe/Atlantis\" not recognized");
        assertThatThrownBy(() -> rows("UTC", sql.formatted("null")))
                .hasMessageContaining("days need a time zone, such as Europe/Berlin");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1min", "1hour", "1day"})
    void viewsDoNotShowWhatThePolicyNoLongerKeeps(String grain) throws SQLException {
        String sql =
                "select count(*) filter (where bucket < '2024-03-31 12:00Z'), count(*) filter"
                        + " (where bucket >= '2024-04-01 12:00Z') from weir.traffic_"
                        + grain;
        String table =
                sql.replace(
                        "weir.traffic_" + grain,
                        "(select site_id, bucket from weir.http_request_%1$s union select site_id, bucket from weir.http_request_%1$s_late) as b"
                                .formatted(grain));
        String all = one("UTC", table);
        String newer = all.substring(all.indexOf('|'));
        for (String zone : SESSION_ZONES) {
            keep(grain, null);
            assertThat(one(zone, sql)).isEqualTo(all).doesNotStartWith("0");
            keepSince(grain, "2024-03-31T12:00:00Z");
            assertThat(one(zone, sql)).isEqualTo("0" + newer).doesNotEndWith("|0");
            keep(grain, "1 day");
            assertThat(one(zone, sql)).isEqualTo("0|0");
            assertThat(one(zone, table)).isEqualTo(all);
        }
    }

    /** With a search path of its own. */
    @Test
    void aReaderMayAsk() throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("create role chart login in role weir_reader");
        }
        try (Connection connection = connect("chart");
                Statement statement = connection.createStatement()) {
            statement.execute("set search_path = pg_catalog");
            String range = "(1, '2024-03-29Z', '2024-04-01Z')";
            for (String function :
                    List.of(
                            "unique_visitors",
                            "response_times",
                            "countries",
                            "status_codes",
                            "traffic")) {
                assertThat(Rows.of(statement, "select * from weir." + function + range))
                        .isNotEmpty();
            }
            assertThat(
                            Rows.of(
                                    statement,
                                    "select * from weir.traffic_day(1, '2024-03-30',"
                                            + " '2024-04-01', 'Asia/Kolkata')"))
                    .hasSize(2);
        }
    }

    static final String MEASURED =
            "request_count, success_count, error_count, round((error_rate * 1e6)::numeric), bytes_sum,"
                    + " timed_count, average_response_time_msec, max_response_time_msec, p50_msec,"
                    + " p90_msec, p95_msec, p99_msec, round(distinct_ip_address_count)";

    private List<String> days(
            String session, @Nullable Integer site, LocalDate since, LocalDate until, ZoneId zone)
            throws SQLException {
        return rows(
                session,
                "select day, extract(epoch from starts_at)::bigint, extract(epoch from"
                        + " ends_at)::bigint, "
                        + MEASURED
                        + ", is_exact and is_whole and is_final from weir.traffic_day(%s, '%s', '%s', '%s')"
                                .formatted(site, since, until, zone));
    }

    /** Rows in order, each with its key, then {@link #MEASURED}, then a truth. */
    private static void assertMeasured(List<String> rows, Map<String, Requests> expected) {
        Map<String, String[]> answers = new LinkedHashMap<>();
        for (String row : rows) {
            String[] cells = row.split("\\|", -1);
            int key = cells.length - 14;
            answers.put(
                    String.join("|", List.of(cells).subList(0, key)),
                    Arrays.copyOfRange(cells, key, cells.length));
        }
        assertThat(answers.keySet()).containsExactlyElementsOf(expected.keySet());
        expected.forEach(
                (key, requests) -> {
                    String[] cells = Objects.requireNonNull(answers.get(key));
                    List<Long> times = requests.times();
                    assertThat(List.of(cells).subList(0, 6))
                            .as(key)
                            .containsExactly(
                                    "" + requests.count(),
                                    "" + (requests.count() - requests.errors()),
                                    "" + requests.errors(),
                                    "" + Math.round(1e6 * requests.errors() / requests.count()),
                                    "" + 100 * requests.count(),
                                    "" + times.size());
                    assertTimes(cells, 6, requests);
                    assertThat(cells[12]).as(key).isEqualTo("" + requests.visitors());
                    assertThat(cells[13]).as(key).isEqualTo("t");
                });
    }

    private static void assertTimes(String[] cells, int from, Requests requests) {
        List<Long> times = requests.times();
        if (times.isEmpty()) {
            assertThat(List.of(cells).subList(from, from + 6)).containsOnly("null");
            return;
        }
        assertThat(Double.parseDouble(cells[from]))
                .isCloseTo(
                        times.stream().mapToLong(t -> t).average().orElseThrow() / 1000,
                        offset(1e-6));
        assertThat(Double.parseDouble(cells[from + 1]))
                .isEqualTo(times.get(times.size() - 1) / 1000.0);
        int[] percents = {50, 90, 95, 99};
        for (int i = 0; i < percents.length; i++) {
            assertThat(Double.parseDouble(cells[from + 2 + i]))
                    .isCloseTo(requests.percentile(percents[i]), withinPercentage(2.51));
        }
    }

    private void assertAnswers(
            String zone, @Nullable Integer site, Instant since, Instant until, Requests expected)
            throws SQLException {
        assertThat(expected.count()).isPositive();
        assertThat(
                        Math.round(
                                Double.parseDouble(
                                        one(zone, call("unique_visitors", site, since, until)))))
                .isEqualTo(expected.visitors());
        String[] times = one(zone, call("response_times", site, since, until)).split("\\|", -1);
        assertThat(times[0]).isEqualTo("" + expected.times().size());
        assertTimes(times, 1, expected);
        assertThat(rows(zone, call("countries", site, since, until)))
                .containsExactlyElementsOf(sorted(expected.by(Request::country)));
        assertThat(rows(zone, call("status_codes", site, since, until)))
                .containsExactlyElementsOf(sorted(expected.by(Request::status)));
    }

    private static List<String> sorted(Map<String, Long> counters) {
        return counters.entrySet().stream()
                .sorted(
                        Map.Entry.<String, Long>comparingByValue()
                                .reversed()
                                .thenComparing(Map.Entry.comparingByKey()))
                .map(e -> e.getKey() + "|" + e.getValue())
                .toList();
    }

    static String call(String function, @Nullable Integer site, Instant since, Instant until) {
        return "select * from weir.%s(%s, '%s', '%s')".formatted(function, site, since, until);
    }

    private void keep(String grain, @Nullable String interval) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "update weir.retention_policy set keep = %s where table_name = 'http_request_%s'"
                            .formatted(interval == null ? "null" : "'" + interval + "'", grain));
        }
    }

    /** Keeps what is at most this old, for a second or so. */
    private void keepSince(String grain, String oldest) throws SQLException {
        Duration age = Duration.between(Instant.parse(oldest), Instant.now());
        keep(grain, age.toSeconds() + " seconds");
    }

    String one(String zone, String sql) throws SQLException {
        List<String> rows = rows(zone, sql);
        assertThat(rows).hasSize(1);
        return rows.get(0);
    }

    List<String> rows(String zone, String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("set timezone = '" + zone + "'");
            return Rows.of(statement, sql);
        }
    }
}
