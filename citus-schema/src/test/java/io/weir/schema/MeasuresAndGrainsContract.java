package io.weir.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A migration adds measures and a grain of its own, and everything else follows. */
abstract class MeasuresAndGrainsContract {

    private static final String NOW = "2026-11-25Z";

    private static final String COLUMNS =
            "request_count, success_count, error_count, timed_count, response_time_sum_usec,"
                    + " response_time_max_usec, bytes_sum, distinct_ip_addresses, country_counters,"
                    + " status_counters, response_time_histogram, is_final, is_whole, updated_at";

    /** The values of {@link #COLUMNS}, of 2 requests. */
    private static final String KNOWN =
            "2, 1, 1, 0, 0, null, 5, '\\x118b40', '{\"BR\": 2}', '{\"200\": 2}', '{}', true, true, now()";

    private static final String SCRATCH = ", scratch_count, scratch_max_usec, scratch_counters";

    private static final List<String> TABLES =
            List.of("http_request_1min", "http_request_1hour", "http_request_1day");

    private static final List<String> LONGER_KEY = List.of("part_1min", "part_1hour");

    abstract SchemaMigration migration();

    abstract Connection connect() throws SQLException;

    /** Rows are there when the measures come, and others come after. */
    final void fill() throws SQLException {
        migration().migrate();
        execute(
                "create role analyst_of_measures login in role weir_reader",
                "update retention_policy set keep = null",
                "select make_traffic_table('part_1min', '1min', 'A part of the traffic', '{part text not null}'),"
                        + " make_traffic_table('part_1hour', '1hour', 'A part of the traffic', '{part text not null}')");
        for (String table : query("select table_name from traffic_table")) {
            execute(
                    "select ensure_partitions('%s', '2026-11-20Z', '2026-11-20Z')"
                            .formatted(table));
        }
        execute(
                insert("http_request_1min", "", "1, '2026-11-20 10:00Z'", ""),
                insert("http_request_1hour", "", "1, '2026-11-20 10:00Z'", ""));

        execute(
                "select add_measure('scratch_count', 'bigint', 'coalesce(sum(%s), 0)::bigint',"
                        + " 'Scratch requests', value_before => '0')",
                "select add_measure('scratch_max_usec', 'bigint', 'max(%s)', 'Longest scratch time')",
                "select add_measure('scratch_counters', 'jsonb', 'jsonb_sum(%s)', 'Scratch requests by"
                        + " version', value_before => '''{}''')",
                "insert into grain values ('5min', '5 minutes', 'five minutes', '1min', 'day', '30"
                        + " days', 7)",
                "select make_traffic_table('http_request_5min', '5min', 'Requests by site and five"
                        + " minutes, a partition a UTC day')",
                "select ensure_partitions('http_request_5min', '2026-11-20Z', '2026-11-20Z')",
                "update retention_policy set keep = null");
        assertThat(migration().migrate()).isZero();

        for (int minute = 0; minute < 4; minute++) {
            String bucket = "'2026-11-20 11:%02dZ'".formatted(5 * minute / 2);
            String measured = ", %d, %d, '{\"1.3\": %1$d}'".formatted(minute, 100 * minute + 7);
            execute(insert("http_request_1min", SCRATCH, "2, " + bucket, measured));
            for (String part : List.of("a", "b")) {
                execute(
                        insert(
                                "part_1min",
                                ", part" + SCRATCH,
                                "2, " + bucket,
                                ", '" + part + "'" + measured));
            }
        }
        for (String coarse :
                List.of(
                        "http_request_5min",
                        "http_request_1hour",
                        "http_request_1day",
                        "part_1hour")) {
            query(
                    "select rebuild('%s', '2026-11-20Z', '2026-11-21Z', moment => '%s')"
                            .formatted(coarse, NOW));
        }
    }

    @Test
    void everyTableHasTheMeasureAndItsComment() throws SQLException {
        for (String table : query("select table_name from traffic_table")) {
            assertThat(
                            query(
                                    ("select attname, format_type(atttypid, null), attnotnull,"
                                                    + " attstattarget, col_description(attrelid, attnum) from"
                                                    + " pg_attribute where attrelid = '%s'::regclass and attname in"
                                                    + " ('scratch_count', 'scratch_max_usec', 'scratch_counters') order by 1")
                                            .formatted(table)))
                    .as(table)
                    .containsExactly(
                            "scratch_count|bigint|t|0|Scratch requests",
                            "scratch_counters|jsonb|t|0|Scratch requests by version",
                            "scratch_max_usec|bigint|f|0|Longest scratch time");
        }
        assertThat(new SchemaVerification(migration(), null).run().found())
                .noneMatch(finding -> finding.toString().contains("column"));
    }

    @Test
    void rowsOfATimeBeforeHaveTheValueThatWasGiven() throws SQLException {
        for (String table : List.of("http_request_1min", "http_request_1hour")) {
            assertThat(
                            query(
                                    "select scratch_count, scratch_max_usec, scratch_counters from "
                                            + table
                                            + " where site_id = 1"))
                    .containsExactly("0|null|{}");
        }
    }

    @Test
    void readersSeeTheMeasureInEveryView() throws SQLException {
        for (String view :
                List.of("traffic_1min", "traffic_5min", "traffic_1hour", "traffic_1day")) {
            assertThat(
                            query(
                                    "set role analyst_of_measures",
                                    "select sum(scratch_count), max(scratch_max_usec),"
                                            + " sum((scratch_counters ->> '1.3')::int), sum(request_count) from "
                                            + view
                                            + " where site_id = 2"))
                    .as(view)
                    .containsExactly("6|307|6|8");
            assertThat(
                            query(
                                    "select count(*) from pg_attribute where attrelid = '%s'::regclass and col_description(attrelid, attnum) is null"
                                            .formatted(view)))
                    .containsExactly("0");
        }
    }

    @Test
    void aLateRowIsAddedByTheMergeOfEachMeasure() throws SQLException {
        String late = ", 5, 1000, '{\"1.3\": 5, \"2\": 1}'";
        assertThat(
                        query(
                                "begin",
                                insert(
                                        "http_request_1min_late",
                                        SCRATCH,
                                        "2, '2026-11-20 11:02Z'",
                                        late),
                                insert(
                                        "http_request_1min_late",
                                        SCRATCH,
                                        "2, '2026-11-20 11:03Z'",
                                        late),
                                "select to_char(bucket at time zone 'UTC', 'HH24:MI'), scratch_count,"
                                        + " scratch_max_usec, scratch_counters, request_count, late_count"
                                        + " from traffic_1min where site_id = 2 order by 1"))
                .containsExactly(
                        "11:00|0|7|{\"1.3\": 0}|2|0",
                        "11:02|6|1000|{\"2\": 1, \"1.3\": 6}|4|2",
                        "11:03|5|1000|{\"2\": 1, \"1.3\": 5}|2|2",
                        "11:05|2|207|{\"1.3\": 2}|2|0",
                        "11:07|3|307|{\"1.3\": 3}|2|0");
    }

    @Test
    void coarserRowsAreItsSums() throws SQLException {
        String measures = "scratch_count, scratch_max_usec, scratch_counters, request_count";
        assertThat(query("select " + measures + " from http_request_1hour where site_id = 2"))
                .containsExactly("6|307|{\"1.3\": 6}|8");
        assertThat(query("select " + measures + " from http_request_1day order by site_id"))
                .containsExactly("0|null|{}|2", "6|307|{\"1.3\": 6}|8");
        assertThat(query("select part, " + measures + " from part_1hour order by part"))
                .containsExactly("a|6|307|{\"1.3\": 6}|8", "b|6|307|{\"1.3\": 6}|8");
        assertThat(
                        query(
                                "select to_char(bucket at time zone 'UTC', 'HH24:MI'), "
                                        + measures
                                        + " from http_request_5min where site_id = 2 order by 1"))
                .containsExactly("11:00|1|107|{\"1.3\": 1}|4", "11:05|5|307|{\"1.3\": 5}|4");
    }

    @Test
    void anAuditNamesIt() throws SQLException {
        String audit =
                "select grain, problem, detail from audit('2026-11-20Z', '2026-11-21Z', moment => '"
                        + NOW
                        + "') order by 1, 3";
        assertThat(query(audit)).isEmpty();

        assertThat(
                        query(
                                "begin",
                                "update http_request_1hour set scratch_count = 9, scratch_max_usec = null where site_id = 2",
                                "update part_1hour set scratch_counters = '{}' where part = 'b'",
                                "update http_request_5min set scratch_count = 2 where bucket = '2026-11-20 11:00Z'",
                                audit))
                .containsExactly(
                        "1day|differs|scratch_count 6, its hours have 9, scratch_max_usec 307, its hours have null",
                        "1hour|differs|scratch_count 9, its minutes have 6, scratch_max_usec null, its minutes have 307",
                        "5min|differs|scratch_count 2, its minutes have 1",
                        "part_1hour|differs|part b: scratch_counters");
    }

    @Test
    void aNumberIsNotNegative() {
        for (String table : TABLES) {
            assertThatThrownBy(() -> execute("update " + table + " set scratch_count = -1"))
                    .hasMessageContaining("nothing_is_negative");
        }
    }

    @Test
    void aRangeSumsIt() throws SQLException {
        String sums =
                "select range_sums(null, 2, '2026-11-20 11:01Z', '2026-11-21Z', 'scratch_count', 'scratch_counters')";

        assertThat(query(query(sums).get(0))).containsExactly("6|{\"1.3\": 6}");
    }

    @Test
    void aSeriesTakesTheGrainThatSuits() throws SQLException {
        assertThat(query("select traffic_grain('2026-11-20 10:00Z', '2026-11-20 12:00Z', 24)"))
                .containsExactly("5min");
        assertThat(
                        query(
                                "select grain, request_count from traffic(2, '2026-11-20 10:00Z',"
                                        + " '2026-11-20 12:00Z', 24)"))
                .containsExactly("5min|4", "5min|4");
    }

    @Test
    void tenantsAreBoundInTheNewTables() throws SQLException {
        assertThat(
                        query(
                                "select relname from pg_class where relnamespace = 'scratch'::regnamespace and relname = any ('{part_1min,part_1hour,http_request_5min}') and relrowsecurity"))
                .hasSize(3);
        assertThat(query("select site_tables()"))
                .containsAll(TABLES)
                .containsAll(LONGER_KEY)
                .contains("http_request_5min");
    }

    /** Columns and values beyond the known ones begin with a comma. */
    private static String insert(String table, String columns, String key, String values) {
        return "insert into %s (site_id, bucket, %s%s) values (%s, %s%s)"
                .formatted(table, COLUMNS, columns, key, KNOWN, values);
    }

    private void execute(String... statements) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("set search_path = scratch, public");
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }

    /** What the last of the statements answers. */
    private List<String> query(String... statements) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute("set search_path = scratch, public");
            for (int i = 0; i < statements.length - 1; i++) {
                statement.execute(statements[i]);
            }
            return Rows.of(statement, statements[statements.length - 1]);
        }
    }
}
