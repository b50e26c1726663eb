package io.weir.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testing.CitusExtension;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Statistics on Citus: the same answers, and one shard asked for one site. */
class CitusStatisticsIT extends AnomaliesContract {

    @RegisterExtension static final CitusExtension CITUS = new CitusExtension();

    @BeforeAll
    static void start() throws SQLException {
        CitusSchema.of(CITUS).migrate();
        try (Connection connection = CITUS.connect()) {
            fill(connection);
        }
    }

    @Override
    Connection connectAsReader() throws SQLException {
        return CITUS.connect(READER);
    }

    @Override
    Connection connect() throws SQLException {
        return CITUS.connect();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "1; statistics(%s, '2024-03-29Z', '2024-04-02Z', '1hour', 'p95_msec')",
                "1; regression(%s, '2024-03-29Z', '2024-04-02Z', '1hour', 'error_count', 'bytes_sum')",
                "1; response_time_percentiles(%s, '2024-03-29 13:01Z', '2024-04-01 17:41Z', '{0.5}')",
                "4; compare(%s, '2024-03-29Z', '2024-03-30Z', '2024-03-30Z', '2024-03-31Z')"
            })
    void aFunctionAsksOneShardForASiteAndEveryShardForAPartOfAll(int queries, String call)
            throws SQLException {
        assertThat(CitusSchema.sent(CITUS, "select * from weir." + call.formatted(1)))
                .hasSize(queries)
                .allSatisfy(sql -> assertThat(sql).contains("site_id OPERATOR(pg_catalog.=) 1"));
        assertThat(CitusSchema.sent(CITUS, "select * from weir." + call.formatted("null")))
                .hasSize(queries * CitusSchema.SHARDS)
                .allSatisfy(
                        sql ->
                                assertThat(sql)
                                        .containsPattern(
                                                "^SELECT [^F]*(hll_union_agg|worker_partial_agg|sum)")
                                        .doesNotContain("read_intermediate_result"));
    }

    @Test
    void theShardsComputePartsOfSkewnessAndKurtosis() throws SQLException {
        assertThat(
                        CitusSchema.sent(
                                CITUS,
                                "select weir.skewness(request_count), weir.kurtosis(request_count)"
                                        + " from weir.traffic_1hour_parts"))
                .hasSize(CitusSchema.SHARDS)
                .allSatisfy(sql -> assertThat(sql).contains("worker_partial_agg"));
    }
}
