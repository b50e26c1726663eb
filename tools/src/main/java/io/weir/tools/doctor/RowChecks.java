package io.weir.tools.doctor;

import io.weir.tools.text.Count;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether rows become final, and elections are held.
 *
 * <p>How far the job is in event time it tells by its newest final minute. Only the last day is
 * looked at.
 */
final class RowChecks {

    private static final Duration MARGIN = Duration.ofMinutes(30);

    private final Sql sql;
    private final Duration settle;
    private final Findings findings;

    RowChecks(Sql sql, Duration settle, Findings findings) {
        this.sql = sql;
        this.settle = settle;
        this.findings = findings;
    }

    void run() throws SQLException {
        Instant newest = finalMinute("max");
        if (newest == null) {
            findings.well();
            return;
        }
        neverFinal(newest);
        election(newest);
    }

    private @Nullable Instant finalMinute(String which) throws SQLException {
        return sql.instant(
                "select "
                        + which
                        + "(bucket) from $s.http_request_1min"
                        + " where is_final and bucket > now() - interval '1 day'");
    }

    private void neverFinal(Instant newest) throws SQLException {
        Instant settled = newest.minus(settle).minus(MARGIN);
        List<String> row =
                sql.rows(
                                """
                                select count(*), min(bucket) from $s.http_request_1min
                                where is_whole and not is_final and bucket > now() - interval '1 day'
                                  and bucket < ?::timestamptz
                                """,
                                settled.toString())
                        .get(0);
        findings.check(
                row.get(0).equals("0"),
                "http_request_1min",
                "has "
                        + Count.of(Long.parseLong(row.get(0)), "row")
                        + " that never became final though newer ones did, the first of "
                        + row.get(1),
                "A job that wrote them was lost: count their time again, see"
                        + " docs/operations.md#reset-range");
    }

    private void election(Instant newest) throws SQLException {
        List<List<String>> settings =
                sql.rows(
                        """
                        select extract(epoch from election_schedule_interval)::bigint,
                               extract(epoch from election_window)::bigint
                        from $s.top_site_config where holds_from <= now() order by version desc limit 1
                        """);
        Instant oldest = finalMinute("min");
        if (settings.isEmpty() || oldest == null) {
            findings.wrong(
                    "election",
                    "has no settings that hold",
                    "select weir.configure_election(...): see docs/operations.md#election");
            return;
        }
        long interval = Long.parseLong(settings.get(0).get(0));
        Duration window = Duration.ofSeconds(Long.parseLong(settings.get(0).get(1)));
        // The last boundary that the job has certainly passed, one interval of patience.
        long reached = newest.minus(settle).minus(MARGIN).getEpochSecond();
        Instant due = Instant.ofEpochSecond(Math.floorDiv(reached, interval) * interval);
        boolean isExpected = !due.minus(window).isBefore(oldest);
        Instant last = sql.instant("select max(election) from $s.top_site_election");
        findings.check(
                !isExpected || (last != null && !last.isBefore(due)),
                "election",
                "of " + due + " is overdue, the last one held is " + (last == null ? "none" : last),
                "See docs/operations.md#election");
    }
}
