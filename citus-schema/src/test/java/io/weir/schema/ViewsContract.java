package io.weir.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.weir.schema.KeyCounts.Counts;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Definitions of views, and the keys with the most requests, on whatever server there is. */
abstract class ViewsContract {

    private static final String OWNER = "postgres";
    private static final String READER = "analyst";
    private static final String TENANT = "shop";
    private static final String SITE_1 = "1, '2026-10-01Z', '2026-10-04Z'";

    private static final KeyCounts KEYS = new KeyCounts(false);
    private static final KeyCounts PAIRS = new KeyCounts(true);

    /** The last row of {@link #top} has no rank. */
    private record Line(
            @Nullable Integer rank,
            KeyCounts.Key key,
            Counts counts,
            long atMost,
            @Nullable Double average,
            @Nullable Double share,
            boolean isWhole) {}

    abstract Connection connect(String user) throws SQLException;

    static void fill(Connection owner) throws SQLException {
        try (Statement statement = owner.createStatement()) {
            for (String sql :
                    List.of(
                            "update weir.retention_policy set keep = null where table_name like 'breakdown%'",
                            "select weir.ensure_partitions('breakdown_1hour', '2026-10-01Z', '2026-10-03Z')",
                            "select weir.ensure_partitions('breakdown_1day', '2026-10-01Z', '2026-10-03Z')",
                            "create role " + READER + " login in role weir_reader",
                            "create role stranger login",
                            "create role " + TENANT + " login",
                            "select weir.set_tenant('" + TENANT + "', '{2,3}')",
                            "select weir.define_view('all_keys', 'url_path')",
                            "select weir.define_view('cut', 'url_path', 'status >= 500', 10, '{1,2,3}')",
                            "select weir.define_view('pairs', '{country,field:plan}'::text[])")) {
                statement.execute(sql);
            }
        }
        owner.setAutoCommit(false);
        KEYS.store(owner, 1, false);
        KEYS.store(owner, 2, true);
        PAIRS.store(owner, 3, true);
        owner.commit();
        owner.setAutoCommit(true);
    }

    @Test
    void keysThatAreAllListedAreCountedExactly() throws SQLException {
        Random random = new Random(1);
        for (int i = 0; i < 12; i++) {
            Integer site = i % 4 == 0 ? null : i % 4;
            Instant since = KeyCounts.FROM.plus(Duration.ofHours(random.nextInt(40)));
            Instant until = since.plus(Duration.ofHours(1 + random.nextInt(30)));
            Map<KeyCounts.Key, Counts> truth = KEYS.of(site, since, until);

            List<Line> lines = top("all_keys", site, since, until, 10);

            List<KeyCounts.Key> ranked = KeyCounts.ranked(truth);
            assertThat(lines).hasSize(Math.min(ranked.size(), 10) + 1);
            Counts shown = Counts.NONE;
            for (int rank = 1; rank < lines.size(); rank++) {
                Line line = lines.get(rank - 1);
                Counts counts = counts(truth, ranked.get(rank - 1));
                shown = shown.plus(counts);
                assertThat(line.rank()).isEqualTo(rank);
                assertThat(line.key()).isEqualTo(ranked.get(rank - 1));
                assertMeasures(line, counts, KeyCounts.total(truth).requests());
                assertThat(line.atMost()).isEqualTo(counts.requests());
            }
            Counts total = KeyCounts.total(truth);
            Counts rest =
                    new Counts(
                            total.requests() - shown.requests(),
                            total.errors() - shown.errors(),
                            total.bytes() - shown.bytes(),
                            total.timed() - shown.timed(),
                            total.usec() - shown.usec());
            Line other = lines.get(lines.size() - 1);
            assertThat(other.rank()).isNull();
            assertThat(other.key()).isEqualTo(new KeyCounts.Key(null, null));
            assertMeasures(other, rest, total.requests());
            assertThat(other.atMost()).isEqualTo(rest.requests());
            assertThat(lines).allMatch(Line::isWhole);
        }
    }

    private static void assertMeasures(Line line, Counts expected, long total) {
        assertThat(line.counts().requests()).isEqualTo(expected.requests());
        assertThat(line.counts().errors()).isEqualTo(expected.errors());
        assertThat(line.counts().bytes()).isEqualTo(expected.bytes());
        if (expected.timed() == 0) {
            assertThat(line.average()).isNull();
        } else {
            assertThat(line.average())
                    .isCloseTo(expected.usec() / 1e3 / expected.timed(), within(1e-9));
        }
        assertThat(line.share())
                .isEqualTo(
                        total == 0 ? null : Double.valueOf((double) expected.requests() / total));
    }

    @ParameterizedTest
    @CsvSource({"cut, 2", "pairs, 3"})
    void theTruthLiesWithinTheBoundsAndAllAddUp(String view, int seed) throws SQLException {
        KeyCounts made = view.equals("pairs") ? PAIRS : KEYS;
        Random random = new Random(seed);
        int inexact = 0;
        for (int i = 0; i < 40; i++) {
            Integer site = i % 4 == 0 ? null : i % 4;
            Instant since = KeyCounts.FROM.plus(Duration.ofHours(random.nextInt(60)));
            Instant until = since.plus(Duration.ofHours(1 + random.nextInt(60)));
            Map<KeyCounts.Key, Counts> truth = made.of(site, since, until);
            Counts total = KeyCounts.total(truth);

            List<Line> lines = top(view, site, since, until, 1 + random.nextInt(40));

            Counts sum = lines.stream().map(Line::counts).reduce(Counts.NONE, Counts::plus);
            assertThat(sum.requests()).isEqualTo(total.requests());
            assertThat(sum.errors()).isEqualTo(total.errors());
            assertThat(sum.bytes()).isEqualTo(total.bytes());
            long before = Long.MAX_VALUE;
            for (Line line : lines.subList(0, lines.size() - 1)) {
                assertThat(counts(truth, line.key()).requests())
                        .as("%s of %s to %s", line, since, until)
                        .isBetween(line.counts().requests(), line.atMost());
                assertThat(line.counts().requests()).isLessThanOrEqualTo(before);
                before = line.counts().requests();
                inexact += line.counts().requests() < line.atMost() ? 1 : 0;
            }
        }
        assertThat(inexact).isPositive();
    }

    @Test
    void twoHoursAddUpAsOnPaper() throws SQLException {
        execute(
                row(
                        "'2026-10-01 00:00Z'",
                        "100, 9, 900, 10, 20000",
                        "f, 7",
                        "{/a,/b}",
                        "{50,20}",
                        "{3,2}"),
                row(
                        "'2026-10-01 01:00Z'",
                        "80, 1, 100, 0, 0",
                        "t, 5",
                        "{/b,NULL}",
                        "{30,6}",
                        "{}"));
        try {
            // /a: 50 to 50 + 3 + 5; /b: 50 to 50 + 2; null: 6 to 6 + 7
            assertThat(
                            query(
                                    OWNER,
                                    "select rank, key, request_count, at_most_count, error_count, bytes_sum, average_response_time_msec, is_other, is_whole"
                                            + " from weir.top('all_keys', 8, '2026-10-01Z', '2026-10-01 02:00Z')"))
                    .containsExactly(
                            "1|/a|50|58|1|10|2.5|f|t",
                            "2|/b|50|52|2|20|2.5|f|t",
                            "3|null|6|13|1|10|2.5|f|t",
                            "null|null|74|74|6|960|1.6666666666666667|t|t");
        } finally {
            execute("delete from weir.breakdown_1hour where site_id = 8");
        }
    }

    /** Each key has 1 error, 10 bytes and 1 timed request of 2.5 ms. */
    private static String row(
            String bucket,
            String totals,
            String limits,
            String keys,
            String counts,
            String missed) {
        String[] each = keys.split(",", -1);
        String ones = "{" + "1,".repeat(each.length - 1) + "1}";
        return "insert into weir.breakdown_1hour values (8, 1, %s, %s, '\\x118b40', %s, '%s', '{}', '%s', '%s', '%s', '%s', '%s', '%s', true, true, now())"
                .formatted(
                        bucket,
                        totals,
                        limits.replace("f,", "false,").replace("t,", "true,"),
                        keys,
                        counts,
                        missed,
                        ones,
                        ones.replace("1", "10"),
                        ones,
                        ones.replace("1", "2500"));
    }

    @Test
    void whereNothingIsStoredTheRestIsZero() throws SQLException {
        assertThat(
                        query(
                                READER,
                                "select * from weir.top('all_keys', 7, '2026-10-01Z', '2026-10-04Z')"))
                .containsExactly("null|null|null|0|0|0|0|null|null|t|t");
    }

    @Test
    void aRangeIsMadeOfDaysThatAreOverAndHoursAtItsEnds() throws SQLException {
        String pieces =
                "select grain, starts_at at time zone 'UTC', ends_at at time zone 'UTC' from weir.breakdown_pieces(%s)";

        assertThat(query(READER, pieces.formatted("'2026-10-01 05:00Z', '2026-10-03 02:00Z'")))
                .containsExactly(
                        "1hour|2026-10-01 05:00:00|2026-10-02 00:00:00",
                        "1day|2026-10-02 00:00:00|2026-10-03 00:00:00",
                        "1hour|2026-10-03 00:00:00|2026-10-03 02:00:00");
        assertThat(query(READER, pieces.formatted("'2026-10-01 05:00Z', '2026-10-02 02:00Z'")))
                .containsExactly("1hour|2026-10-01 05:00:00|2026-10-02 02:00:00");
        assertThat(query(READER, pieces.formatted("'2026-10-01Z', '2026-10-03Z'")))
                .containsExactly("1day|2026-10-01 00:00:00|2026-10-03 00:00:00");
        assertThat(query(READER, pieces.formatted("'2026-10-01Z', '2026-10-01Z'"))).isEmpty();

        Instant today = Instant.now().truncatedTo(ChronoUnit.DAYS);
        assertThat(
                        query(
                                READER,
                                pieces.formatted(
                                        "'%s', '%s'"
                                                .formatted(
                                                        today.minus(Duration.ofDays(1)),
                                                        today.plus(Duration.ofDays(1))))))
                .containsExactly(
                        "1day|%s|%s".formatted(utc(today.minus(Duration.ofDays(1))), utc(today)),
                        "1hour|%s|%s".formatted(utc(today), utc(today.plus(Duration.ofDays(1)))));
    }

    @Test
    void whereHoursAreNotKeptAnEndGoesOutwardsAndWhereDaysAreNotTheAnswerIsNotWhole()
            throws SQLException {
        Instant today = Instant.now().truncatedTo(ChronoUnit.DAYS);
        Instant since = today.minus(Duration.ofDays(5)).plus(Duration.ofHours(3));
        Instant until = today.minus(Duration.ofDays(3)).plus(Duration.ofHours(3));
        String pieces =
                "select grain, starts_at at time zone 'UTC', ends_at at time zone 'UTC' from weir.breakdown_pieces('%s', '%s')"
                        .formatted(since, until);
        String isWhole =
                "select is_whole from weir.top('all_keys', 7, '%s', '%s')".formatted(since, until);
        execute(
                "update weir.retention_policy set keep = '2 days' where table_name = 'breakdown_1hour'");
        try {
            assertThat(query(READER, pieces))
                    .containsExactly(
                            "1day|%s|%s"
                                    .formatted(
                                            utc(today.minus(Duration.ofDays(5))),
                                            utc(today.minus(Duration.ofDays(2)))));
            assertThat(query(READER, isWhole)).containsExactly("t");

            execute(
                    "update weir.retention_policy set keep = '4 days' where table_name = 'breakdown_1day'");
            assertThat(query(READER, pieces))
                    .containsExactly(
                            "1day|%s|%s"
                                    .formatted(
                                            utc(today.minus(Duration.ofDays(3))),
                                            utc(today.minus(Duration.ofDays(2)))));
            assertThat(query(READER, isWhole)).containsExactly("f");
        } finally {
            execute(
                    "update weir.retention_policy set keep = null where table_name like 'breakdown%'");
        }
    }

    private static String utc(Instant instant) {
        return instant.toString().replace('T', ' ').replace("Z", "");
    }

    @Test
    void anAnswerIsWholeIfItsRowsAreAndTheViewWasActiveForTheSite() throws SQLException {
        String definition =
                "insert into weir.view_definition (version, view_id, name, dimension, sites, state, holds_from) values (%d, 900, 'staged', '{host}', %s, '%s', '%s')";
        execute(
                definition.formatted(901, "'{1,2}'", "active", "2026-10-01 05:00Z"),
                definition.formatted(902, "'{1}'", "active", "2026-10-02 05:00Z"),
                definition.formatted(903, "'{1}'", "paused", "2026-10-03 05:00Z"),
                definition.formatted(904, "null", "paused", "2026-10-03 07:00Z"),
                definition.formatted(905, "null", "active", "2026-10-03 07:00Z"));
        try {
            assertThat(isWhole("1, '2026-10-01 05:00Z', '2026-10-03 05:00Z'")).isEqualTo("t");
            assertThat(isWhole("1, '2026-10-01 04:00Z', '2026-10-03 05:00Z'")).isEqualTo("f");
            assertThat(isWhole("1, '2026-10-01 05:00Z', '2026-10-03 06:00Z'")).isEqualTo("f");
            assertThat(isWhole("2, '2026-10-01 05:00Z', '2026-10-02 05:00Z'")).isEqualTo("t");
            assertThat(isWhole("2, '2026-10-01 05:00Z', '2026-10-02 06:00Z'")).isEqualTo("f");
            assertThat(isWhole("3, '2026-10-01 05:00Z', '2026-10-02 05:00Z'")).isEqualTo("f");
            assertThat(isWhole("3, '2026-10-03 07:00Z', '2026-10-03 09:00Z'")).isEqualTo("t");
            assertThat(isWhole("null, '2026-10-01 05:00Z', '2026-10-02 05:00Z'")).isEqualTo("t");
            assertThat(isWhole("null, '2026-10-01 05:00Z', '2026-10-02 06:00Z'")).isEqualTo("f");
            // of a tenant's sites, 2 and 3, and of no other's
            assertThat(isWholeTo(TENANT, "2, '2026-10-01 05:00Z', '2026-10-02 05:00Z'"))
                    .isEqualTo("t");
            assertThat(isWholeTo(TENANT, "1, '2026-10-01 05:00Z', '2026-10-02 05:00Z'"))
                    .isEqualTo("f");
            assertThat(isWholeTo(TENANT, "null, '2026-10-01 05:00Z', '2026-10-02 05:00Z'"))
                    .isEqualTo("f");
            assertThat(isWholeTo(TENANT, "null, '2026-10-03 07:00Z', '2026-10-03 09:00Z'"))
                    .isEqualTo("t");

            execute(
                    "insert into weir.breakdown_1hour select 3, 900, '2026-10-03 08:00Z', 0, 0, 0, 0, 0, '\\x118b40', true, 0, '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', false, false, now()");
            assertThat(isWhole("3, '2026-10-03 07:00Z', '2026-10-03 08:00Z'")).isEqualTo("t");
            assertThat(isWhole("3, '2026-10-03 07:00Z', '2026-10-03 09:00Z'")).isEqualTo("f");
        } finally {
            execute(
                    "delete from weir.view_definition where view_id = 900",
                    "delete from weir.breakdown_1hour where view_id = 900");
        }
    }

    private String isWhole(String arguments) throws SQLException {
        return isWholeTo(READER, arguments);
    }

    private String isWholeTo(String user, String arguments) throws SQLException {
        List<String> answers =
                query(user, "select is_whole from weir.top('staged', " + arguments + ")");
        assertThat(answers).hasSize(1);
        return answers.get(0);
    }

    @Test
    void aTenantSeesTheKeysOfItsSites() throws SQLException {
        String keys = "select * from weir.top('all_keys', %s, '2026-10-01Z', '2026-10-04Z')";
        Instant until = KeyCounts.FROM.plus(Duration.ofDays(KeyCounts.DAYS));
        long theirs =
                KeyCounts.total(KEYS.of(2, KeyCounts.FROM, until)).requests()
                        + KeyCounts.total(KEYS.of(3, KeyCounts.FROM, until)).requests();

        assertThat(query(TENANT, keys.formatted(2))).isEqualTo(query(READER, keys.formatted(2)));
        assertThat(query(TENANT, keys.formatted(1)))
                .containsExactly("null|null|null|0|0|0|0|null|null|t|f");
        assertThat(
                        query(
                                TENANT,
                                "select sum(request_count) from ("
                                        + keys.formatted("null")
                                        + ") t"))
                .containsExactly(Long.toString(theirs));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "analyst; select weir.define_view('mine', 'status')",
                "analyst; select weir.pause_view('cut')",
                "analyst; select weir.resume_view('cut')",
                "analyst; select * from weir.remove_view('cut')",
                "analyst; select weir.delete_rows('breakdown_1hour', 'true')",
                "analyst; insert into weir.view_definition select * from weir.view_definition",
                "shop; select * from weir.views()",
                "shop; select * from weir.view_definition",
                "stranger; select * from weir.top('cut', " + SITE_1 + ")",
                "stranger; select * from weir.breakdown_1hour"
            })
    void nobodyDoesMore(String user, String statement) {
        assertThatThrownBy(() -> query(user, statement))
                .isInstanceOf(SQLException.class)
                .extracting(e -> ((SQLException) e).getSQLState())
                .isEqualTo("42501");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "define_view('Mine', 'status'); 22023; 'Mine' cannot name a view: use up to 63 of a-z, 0-9 and _",
                "define_view(null, 'status'); 22023; null cannot name a view",
                "define_view('mine', 'status,country,host'); 22023; view mine needs one dimension or two, not {status,country,host}",
                "define_view('mine', null::text); 22023; view mine needs one dimension or two, not null",
                "define_view('mine', 'agents'); 22023; cannot have the dimension 'agents': use url_path, url, referrer_host, ",
                "define_view('mine', 'field:a b'); 22023; cannot have the dimension 'field:a b'",
                "define_view('mine', array['status', null]); 22023; cannot have the dimension null",
                "define_view('mine', 'host,host'); 22023; has the dimension host twice",
                "define_view('mine', 'host', ''); 22023; has 0 characters: give 1 to 2000",
                "define_view('mine', 'host', repeat('x', 2001)); 22023; has 2001 characters",
                "define_view('mine', 'host', null, 0); 22023; can list 1 to 1000 keys in a row, not 0",
                "define_view('mine', 'host', null, 1001); 22023; not 1001",
                "define_view('mine', 'host', sites => '{}'); 22023; needs 1 to 1000 sites",
                "define_view('mine', 'host', sites => '{1,-1}'); 22023; not {1,-1}",
                "define_view('mine', 'host', sites => array[1, null]); 22023; not {1,NULL}",
                "define_view('cut', 'url'); 42710; view cut has the dimension url_path and the filter status >= 500: these never change",
                "define_view('cut', 'url_path'); 42710; remove the view first, or choose another name",
                "define_view('pairs', 'country'); 42710; view pairs has the dimension country,field:plan and no filter",
                "pause_view('mine'); 42704; there is no view 'mine': weir view list shows those that exist",
                "resume_view(null); 42704; there is no view null",
                "remove_view('mine'); 42704; there is no view 'mine'",
                "top('mine', 1, '2026-10-01Z', '2026-10-02Z'); 42704; there is no view 'mine'",
                "top('cut', 1, '2026-10-01 00:30Z', '2026-10-01 04:00:01Z'); 22023; use 2026-10-01 00:00:00+00 to 2026-10-01 05:00:00+00",
                "top('cut', 1, null, '2026-10-02Z'); 22023; a range needs its two ends",
                "top('cut', 1, '2026-10-01Z', '2026-10-02Z', 0); 22023; top shows 1 to 1000 keys, not 0"
            })
    void whatCannotBeIsRefused(String call, String state, String message) {
        assertThatThrownBy(() -> query(OWNER, "select * from weir." + call))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining(message)
                .extracting(e -> ((SQLException) e).getSQLState())
                .isEqualTo(state);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bucket = bucket + interval '1 minute'",
                "error_count = request_count + 1",
                "unlisted_max = -1",
                "keys = keys || '/more'::text",
                "second_keys = '{a}'",
                "missed_counts = missed_counts || 1::bigint",
                "is_whole = false"
            })
    void aRowThatCannotBeIsRefused(String change) {
        assertThatThrownBy(
                        () ->
                                execute(
                                        "update weir.breakdown_1hour set "
                                                + change
                                                + " where site_id = 1 and view_id = 1"))
                .isInstanceOf(SQLException.class);
    }

    @Test
    void aChangeHoldsFromTheNextFullHourThatIsTenMinutesAway() throws SQLException {
        assertThat(query(OWNER, "select weir.define_view('early', 'status', top_entries => 5)"))
                .containsExactly("-infinity");
        execute(
                "insert into weir.intake_partition values ('t', 0, 0, 0, 1, 1, 0, 0, 0, 0, '{}', now())");
        try {
            assertHoldsFromNextHour("select weir.define_view('early', 'status', top_entries => 6)");
            assertThat(
                            query(
                                    READER,
                                    "select view_id, state, top_entries, next_state, next_top_entries, isfinite(holds_from), isfinite(next_holds_from) from weir.views() where name = 'early'"))
                    .containsExactly(id("early") + "|active|5|active|6|f|t");
            assertHoldsFromNextHour(
                    "select weir.define_view('later', 'status', sites => '{2,1,2}')");
            assertThat(
                            query(
                                    READER,
                                    "select state, sites, next_state, next_sites, newest_hour from weir.views() where name = 'later'"))
                    .containsExactly("null|null|active|{1,2}|null");
            List<String> versions = query(READER, "select count(*) from weir.view_definition");
            assertHoldsFromNextHour("select weir.define_view('later', 'status', sites => '{1,2}')");
            assertHoldsFromNextHour("select weir.resume_view('later')");
            assertThat(query(READER, "select count(*) from weir.view_definition"))
                    .isEqualTo(versions);
            assertHoldsFromNextHour("select weir.pause_view('later')");
            assertHoldsFromNextHour("select weir.define_view('later', 'status', top_entries => 7)");
            assertThat(
                            query(
                                    READER,
                                    "select next_state, next_top_entries, next_sites from weir.views() where name = 'later'"))
                    .containsExactly("paused|7|null");
        } finally {
            execute(
                    "select * from weir.remove_view('early')",
                    "select * from weir.remove_view('later')",
                    "delete from weir.intake_partition");
        }
    }

    private void assertHoldsFromNextHour(String change) throws SQLException {
        Instant before = nextHour();
        String answer = query(OWNER, "select extract(epoch from (" + change + "))::bigint").get(0);
        assertThat(Instant.ofEpochSecond(Long.parseLong(answer))).isBetween(before, nextHour());
    }

    private static Instant nextHour() {
        Instant soonest = Instant.now().plus(Duration.ofMinutes(10));
        Instant hour = soonest.truncatedTo(ChronoUnit.HOURS);
        return hour.equals(soonest) ? hour : hour.plus(Duration.ofHours(1));
    }

    @Test
    void aRemovedViewIsGoneAndItsNameIsFree() throws SQLException {
        execute("select weir.define_view('passing', 'host')");
        String first = id("passing");
        execute(
                "insert into weir.breakdown_1hour select 1, "
                        + first
                        + ", bucket, 0, 0, 0, 0, 0, '\\x118b40', true, 0, '{}', '{}', '{}', '{}', '{}', '{}', '{}', '{}', true, true, now() from weir.breakdown_1hour where site_id = 1 and view_id = 1");
        List<String> others =
                query(OWNER, "select count(*) from weir.breakdown_1hour where view_id < 4");
        List<String> hours =
                query(OWNER, "select count(*) from weir.breakdown_1hour where view_id = " + first);

        assertThat(query(READER, "select * from weir.view_rows('passing')"))
                .containsExactly("breakdown_1hour|" + hours.get(0), "breakdown_1day|0");
        assertThat(query(OWNER, "select * from weir.remove_view('passing')"))
                .containsExactly("breakdown_1hour|" + hours.get(0), "breakdown_1day|0");

        assertThat(query(OWNER, "select count(*) from weir.breakdown_1hour where view_id < 4"))
                .isEqualTo(others);
        assertThat(
                        query(
                                OWNER,
                                "select count(*) from weir.breakdown_1hour where view_id = "
                                        + first))
                .containsExactly("0");
        assertThat(query(READER, "select name from weir.views()")).doesNotContain("passing");
        execute("select weir.define_view('passing', 'status')");
        assertThat(Integer.parseInt(id("passing"))).isGreaterThan(Integer.parseInt(first));
        execute("select * from weir.remove_view('passing')");
    }

    @Test
    void thereAreTwentyViewsAtMost() throws SQLException {
        List<String> added = new ArrayList<>();
        try {
            for (int i = query(READER, "select name from weir.views()").size(); i < 20; i++) {
                added.add("view_" + i);
                execute("select weir.define_view('view_%d', 'host')".formatted(i));
            }
            assertThatThrownBy(() -> execute("select weir.define_view('one_more', 'host')"))
                    .hasMessageContaining("there are 20 views already: remove one first");
        } finally {
            for (String name : added) {
                execute("select * from weir.remove_view('" + name + "')");
            }
        }
    }

    private String id(String view) throws SQLException {
        return query(READER, "select view_id from weir.views() where name = '" + view + "'").get(0);
    }

    private static Counts counts(Map<KeyCounts.Key, Counts> truth, KeyCounts.Key key) {
        return Objects.requireNonNull(truth.get(key), key::toString);
    }

    private List<Line> top(String view, @Nullable Integer site, Instant since, Instant until, int n)
            throws SQLException {
        List<Line> lines = new ArrayList<>();
        try (Connection connection = connect(READER);
                Statement statement = connection.createStatement()) {
            statement.execute("set search_path = pg_catalog");
            statement.execute("set timezone = 'Asia/Kolkata'");
            try (ResultSet row =
                    statement.executeQuery(
                            "select * from weir.top('%s', %s, '%s', '%s', %d)"
                                    .formatted(view, site, since, until, n))) {
                while (row.next()) {
                    assertThat(row.getBoolean("is_other")).isEqualTo(row.getObject("rank") == null);
                    lines.add(
                            new Line(
                                    row.getObject("rank", Integer.class),
                                    new KeyCounts.Key(
                                            row.getString("key"), row.getString("second_key")),
                                    new Counts(
                                            row.getLong("request_count"),
                                            row.getLong("error_count"),
                                            row.getLong("bytes_sum"),
                                            0,
                                            0),
                                    row.getLong("at_most_count"),
                                    row.getObject("average_response_time_msec", Double.class),
                                    row.getObject("share", Double.class),
                                    row.getBoolean("is_whole")));
                }
            }
        }
        return lines;
    }

    private void execute(String... statements) throws SQLException {
        try (Connection connection = connect(OWNER);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    private List<String> query(String user, String sql) throws SQLException {
        try (Connection connection = connect(user);
                Statement statement = connection.createStatement()) {
            return Rows.of(statement, sql);
        }
    }
}
