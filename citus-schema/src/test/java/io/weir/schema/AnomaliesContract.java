package io.weir.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The statistics, comparisons, and what anomalies are found in minutes made by hand.
 *
 * <p>The minutes of each hour have 100, 101 ... 109 requests, six times over, two errors each and
 * 50 ms. So the median is 104.5 requests, the deviations from it are 0.5, 1.5 ... 4.5, their median
 * 2.5, and the robust deviation 3.7065. Wider is what Poisson numbers scatter: (sqrt(104.5) +
 * 2.5)^2 = 161.9 and (sqrt(104.5) - 2.5)^2 = 59.6.
 */
abstract class AnomaliesContract extends ComparisonContract {

    /** Begins an hour that is over, and after which there are minutes. */
    private final String hour =
            "timestamptz '"
                    + Instant.now().truncatedTo(ChronoUnit.HOURS).minus(Duration.ofHours(3))
                    + "'";

    private final String columns =
            "to_char(bucket - " + hour + ", 'MI'), kind, value, history_days";

    @Test
    void minutesOutsideTheBandAreFoundAndNoOthers() throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            fill(
                    statement,
                    80,
                    "generate_series(" + hour + " - interval '9 days', now(), '1 minute')",
                    "");
            set(statement, 5, "162, 2, 50");
            set(statement, 6, "161, 2, 50");
            set(statement, 7, "59, 2, 50");
            set(statement, 8, "60, 2, 50");
            // of 104 requests 15 errors are in the band: (sqrt(0.01914) + 2.5 / sqrt(104))^2 =
            // 0.147
            set(statement, 30, "104, 16, 50");
            set(statement, 31, "104, 15, 50");
            // 50 e^(5 * 0.05) = 64.2
            set(statement, 40, "104, 2, 64.3");
            set(statement, 41, "104, 2, 64.1");
            // of 541 minutes none was silent: two could be chance, 541^-2 > 10^-6
            statement.execute(delete(15, 17));
            statement.execute(delete(25, 26));
        }

        assertThat(anomalies(80))
                .containsExactly(
                        "05|requests|162|9",
                        "07|requests|59|9",
                        "15|silence|0|9",
                        "16|silence|0|9",
                        "17|silence|0|9",
                        "25|requests|0|9",
                        "26|requests|0|9",
                        "30|error_rate|0.15384615384615385|9",
                        "40|response_time|64.3|9");
    }

    @Test
    void threeEarlierWeeksAreJudgedByTheWeekday() throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            // of other days 300 requests more
            fill(
                    statement,
                    83,
                    "generate_series(" + hour + " - interval '22 days', now(), '1 minute')",
                    "+ case when extract(epoch from date_trunc('day', "
                            + hour
                            + ") - date_trunc('day', minute))::int / 86400 % 7 = 0 then 0 else 300 end");
        }

        assertThat(anomalies(83)).isEmpty();
    }

    @Test
    void hoursWithoutThreeEarlierDaysAreNamed() throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            fill(
                    statement,
                    81,
                    "generate_series(" + hour + " - interval '2 days', now(), '1 minute')",
                    "");
        }

        assertThat(anomalies(81)).containsExactly("00|no_history|null|2");
        // a site that nobody knows; the others say how late it is
        assertThat(anomalies(999)).containsExactly("00|no_history|null|0");
    }

    @Test
    void whoFallsSilentIsSeenByTheMinutesOfOthers() throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            fill(
                    statement,
                    84,
                    "generate_series("
                            + hour
                            + " - interval '9 days', "
                            + hour
                            + " + interval '54 minutes', '1 minute')",
                    "");
            fill(statement, 85, "generate_series(" + hour + ", now(), '1 minute')", "");
        }

        assertThat(anomalies(84))
                .containsExactly(
                        "55|silence|0|9",
                        "56|silence|0|9",
                        "57|silence|0|9",
                        "58|silence|0|9",
                        "59|silence|0|9");
    }

    @Test
    void anomaliesOfLongAgoAreRefused() {
        for (String since : List.of("null", "now() - interval '32 days'")) {
            assertThatThrownBy(() -> rows("select * from weir.anomalies(1, " + since + ")"))
                    .hasMessageContaining("anomalies are looked for in the last 31 days, got ");
        }
    }

    /** Of the hour; those that follow are there to say that it is over. */
    private List<String> anomalies(int site) throws SQLException {
        return rows(
                "select %s from weir.anomalies(%d, %s) where bucket < %3$s + interval '1 hour'"
                        .formatted(columns, site, hour));
    }

    private void fill(Statement statement, int site, String minutes, String more)
            throws SQLException {
        statement.execute("set timezone = 'UTC'");
        statement.execute(
                "select weir.ensure_partitions('http_request_1min', now() - interval '30 days', now())");
        statement.execute(
                """
                insert into weir.http_request_1min
                select %d, minute, requests, requests - 2, 2, requests, requests * 50000, 50000, 0,
                       '\\x138b400021', '{}', '{}', ('[200:200]={' || requests || '}')::int[], true, true, now()
                from %s as minute
                cross join lateral (select 100 + extract(minute from minute)::int %% 10 %s as requests) as made
                where minute < date_trunc('minute', now())"""
                        .formatted(site, minutes, more));
    }

    /** Another minute of site 80: requests, errors, milliseconds. */
    private void set(Statement statement, int minute, String values) throws SQLException {
        statement.execute(
                """
                update weir.http_request_1min as minute
                set request_count = r, error_count = e, success_count = r - e, timed_count = r,
                    response_time_sum_usec = r * msec * 1000
                from (values (%s)) as other (r, e, msec)
                where site_id = 80 and bucket = %s + interval '%d minutes'"""
                        .formatted(values, hour, minute));
    }

    private String delete(int first, int last) {
        return "delete from weir.http_request_1min where site_id = 80 and bucket >= %1$s + interval '%2$d minutes' and bucket <= %1$s + interval '%3$d minutes'"
                .formatted(hour, first, last);
    }
}
