package io.weir.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.weir.testing.CitusExtension;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The schema on a coordinator and two workers. */
class CitusSchemaIT {

    private static final int SITES = 10;

    @RegisterExtension static final CitusExtension CITUS = new CitusExtension();

    private static int firstRun;

    @BeforeAll
    static void start() throws SQLException {
        firstRun = migration().migrate();
        execute("update weir.retention_policy set keep = null");
        for (String grain : List.of("1min", "1hour", "1day")) {
            query(
                    "select weir.ensure_partitions('http_request_%s', '2026-11-24Z', '2026-11-24Z')"
                            .formatted(grain));
            // Site s: s requests, all but one timed with bucket 100 + s, s visitors.
            for (int site = 1; site <= SITES; site++) {
                execute(
                        """
                        insert into weir.http_request_%1$s
                        select %2$d, '2026-11-24Z'::timestamptz, %2$d, %2$d - 1, 1, %2$d, 2000 * %2$d, 3000, 100,
                               hll_add_agg(hll_hash_integer(visitor), 11, 5, 0, 1),
                               '{"BR": %2$d, "C%2$d": 1}'::jsonb, '{"200": 1}'::jsonb,
                               '[100:101]={%3$d,1}'::int[], true, true, now()
                        from generate_series(1, %2$d) as visitor
                        """
                                .formatted(grain, site, site - 1));
            }
        }
    }

    @Test
    void migratesOnce() {
        assertThat(firstRun).isPositive();
        assertThat(migration().migrate()).isZero();
    }

    @Test
    void anOwnerNeedsToBeNoSuperuser() throws SQLException {
        execute("create role plain_owner login createrole");
        execute("grant create on database postgres to plain_owner");

        int scripts = new SchemaMigration(CITUS.jdbcUrl(), "plain_owner", null, "owned").migrate();

        assertThat(scripts).isEqualTo(firstRun);
        assertThat(query("select distinct tableowner from pg_tables where schemaname = 'owned'"))
                .containsExactly("plain_owner");
        execute("drop schema owned cascade"); // other tests count tables
    }

    @Test
    void everyShardOfAPartitionIsVacuumedOften() throws SQLException {
        assertThat(
                        query(
                                "select result, count(*) from run_command_on_shards('weir.http_request_1min_p2026_11_24',"
                                        + " $$select reloptions from pg_class where oid = '%s'::regclass$$) group by 1"))
                .containsExactly("{autovacuum_vacuum_scale_factor=0.05}|8");
    }

    @Test
    void theTablesLieTogetherBySite() throws SQLException {
        assertThat(
                        query(
                                "select distinct partmethod, column_to_column_name(logicalrelid,"
                                        + " partkey), colocationid = (select colocationid from"
                                        + " pg_dist_partition where logicalrelid ="
                                        + " 'weir.http_request_1min'::regclass) from"
                                        + " pg_dist_partition where logicalrelid::text like"
                                        + " 'weir.http_request%'"))
                .containsExactly("h|site_id|t");
        assertThat(
                        query(
                                "select logicalrelid, count(*), count(distinct nodeport) from"
                                        + " pg_dist_shard join pg_dist_shard_placement using (shardid)"
                                        + " where logicalrelid::text ~ '_1(min|hour|day)$'"
                                        + " group by 1"))
                .containsExactlyInAnyOrder(
                        "weir.breakdown_1day|8|2",
                        "weir.breakdown_1hour|8|2",
                        "weir.http_request_1day|8|2",
                        "weir.http_request_1hour|8|2",
                        "weir.http_request_1min|8|2");
    }

    @Test
    void makesTheSamePartitionsWhateverTheZoneOfTheSession() throws SQLException {
        List<String> made = new ArrayList<>();
        for (String zone : List.of("America/Sao_Paulo", "UTC")) {
            try (Connection connection = CITUS.connect();
                    Statement statement = connection.createStatement()) {
                statement.execute("set timezone = '" + zone + "'");
                for (String grain : List.of("1min", "1hour", "1day")) {
                    statement.execute(
                            "select weir.ensure_partitions('http_request_%s', '2027-12-31Z', '2028-01-01Z')"
                                    .formatted(grain));
                }
                statement.execute("set timezone = 'UTC'");
                made.add(
                        Rows.of(
                                        statement,
                                        "select relname || ' ' || pg_get_expr(relpartbound, oid) from"
                                                + " pg_class where relname ~ '^http_request_.*_p202[78]'"
                                                + " and relispartition and relkind = 'r' and"
                                                + " relnamespace = 'weir'::regnamespace order by 1")
                                .toString());
            }
        }

        assertThat(made.get(1)).isEqualTo(made.get(0));
        assertThat(made.get(0).split(", ", -1))
                .hasSize(6)
                .contains(
                        "http_request_1min_p2027_12_31 FOR VALUES FROM ('2027-12-31 00:00:00+00')"
                                + " TO ('2028-01-01 00:00:00+00')");
    }

    @Test
    void theSketchColumnsRefuseOtherParameters() throws SQLException {
        assertThat(
                        query(
                                "select format_type(atttypid, atttypmod) from pg_attribute where"
                                        + " attrelid in ('weir.http_request_1min'::regclass,"
                                        + " 'weir.http_request_1hour'::regclass,"
                                        + " 'weir.http_request_1day'::regclass) and attname ="
                                        + " 'distinct_ip_addresses'"))
                .hasSize(3)
                .containsOnly("hll(11,5,0,1)");
        assertThatThrownBy(
                        () ->
                                execute(
                                        "update weir.http_request_1min set distinct_ip_addresses ="
                                                + " hll_empty(12, 5, 0, 1) where site_id = 1"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("source uses 4096 and dest uses 2048");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1min", "1hour", "1day"})
    void viewsAnswerForOneSiteFromOneShard(String grain) throws SQLException {
        String sql = "select * from weir.traffic_" + grain + " where site_id = 4";

        assertThat(String.join("\n", query("explain " + sql))).contains("Task Count: 1\n");

        String row =
                query(
                                "select request_count, average_response_time_msec, p50_msec,"
                                        + " p99_msec, distinct_ip_address_count, error_rate from ("
                                        + sql
                                        + ") as t")
                        .get(0);
        double[] numbers =
                Arrays.stream(row.split("\\|", -1)).mapToDouble(Double::parseDouble).toArray();
        double[] expected = {4, 2, milliseconds(100), milliseconds(101), 4, 0.25};
        assertThat(numbers).containsExactly(expected, within(0.01));
    }

    @ParameterizedTest
    @ValueSource(strings = {"1min", "1hour", "1day"})
    void numbersOfAllSitesAreMadeOfPartsOfTheShards(String grain) throws SQLException {
        String sql =
                "select sum(request_count), weir.histogram_sum(response_time_histogram::bigint[]),"
                        + " hll_cardinality(hll_union_agg(distinct_ip_addresses)),"
                        + " weir.jsonb_sum(country_counters) from weir.traffic_"
                        + grain;

        String[] row = query(sql).get(0).split("\\|", -1);

        assertThat(row[0]).isEqualTo("55");
        assertThat(row[1]).isEqualTo("[100:101]={45,10}");
        assertThat(Double.parseDouble(row[2])).isCloseTo(10, within(0.1));
        assertThat(row[3])
                .startsWith("{\"BR\": 55, \"C1\": 1, \"C2\": 1, ")
                .contains("\"C10\": 1")
                .endsWith("}");

        String plan = String.join("\n", query("explain (verbose) " + sql));
        assertThat(plan).contains("Task Count: 8");
        // What the shards are asked for: a part of each aggregate, no rows.
        String asked = plan.substring(plan.indexOf("Query:")).lines().findFirst().orElseThrow();
        assertThat(asked)
                .contains("worker_partial_agg('weir.histogram_sum")
                .contains("worker_partial_agg('weir.jsonb_sum")
                .contains("hll_union_agg");
    }

    /** Middle of a histogram's bucket. */
    private static double milliseconds(int bucket) {
        double g = 1.025 / 0.975;
        return 2 * Math.pow(g, bucket) / (g + 1) / 1000;
    }

    private static SchemaMigration migration() {
        return new SchemaMigration(CITUS.jdbcUrl(), CITUS.user(), null, "weir");
    }

    private static void execute(String sql) throws SQLException {
        try (Connection connection = CITUS.connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static List<String> query(String sql) throws SQLException {
        try (Connection connection = CITUS.connect();
                Statement statement = connection.createStatement()) {
            return Rows.of(statement, sql);
        }
    }
}
