package io.weir.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testing.CitusExtension;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Ranges on Citus: the same answers, and none of them pulls rows to the coordinator. */
class CitusRangesIT extends RangesContract {

    @RegisterExtension static final CitusExtension CITUS = new CitusExtension();

    /** So many that a site's shard holds few others, as its plans are looked at. */
    private static final int SHARDS = 8;

    @BeforeAll
    static void start() throws SQLException {
        CitusSchema.of(CITUS).withShards(SHARDS).migrate();
        try (Connection connection = CITUS.connect();
                Statement statement = connection.createStatement()) {
            REQUESTS.store(connection);
            statement.execute("analyze");
        }
    }

    @Override
    Connection connect(String user) throws SQLException {
        return CITUS.connect(user);
    }

    @Override
    Connection connect() throws SQLException {
        return CITUS.connect();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1min", "1hour", "1day"})
    void aViewOfOneSiteAndTimeIsOneTaskOnOnePartitionOfEachTable(String grain) throws SQLException {
        String plan =
                String.join(
                        "\n",
                        rows(
                                "UTC",
                                "explain select * from weir.traffic_"
                                        + grain
                                        + " where site_id = 1 and bucket >= '2024-03-29Z' and bucket"
                                        + " < '2024-03-30Z'"));

        assertThat(plan).contains("Task Count: 1\n").doesNotContain("Distributed Subplan");
        assertThat(plan.lines().filter(line -> line.contains(" on http_request_"))).hasSize(2);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "unique_visitors(%s, '2024-03-29 13:01Z', '2024-04-01 17:41Z')",
                "response_times(%s, '2024-03-29 13:01Z', '2024-04-01 17:41Z')",
                "countries(%s, '2024-03-29 13:01Z', '2024-04-01 17:41Z')",
                "status_codes(%s, '2024-03-29 13:01Z', '2024-04-01 17:41Z')",
                "traffic(%s, '2024-03-29Z', '2024-03-30Z')",
                "traffic(%s, '2024-03-29Z', '2024-04-07Z')",
                "traffic(%s, '2024-01-01Z', '2024-12-31Z')",
                "traffic_day(%s, '2024-03-29', '2024-04-02', 'Asia/Kolkata')",
                "traffic_day(%s, '2024-03-29', '2024-04-02', 'Europe/Berlin')",
                "traffic_day(%s, '2024-03-29', '2024-04-02', 'UTC')"
            })
    void aFunctionAsksOneShardForASiteAndEveryShardForAPartOfAll(String call) throws SQLException {
        List<String> ofOne = sent("select * from weir." + call.formatted(1));
        List<String> ofAll = sent("select * from weir." + call.formatted("null"));

        assertThat(ofOne).hasSize(1);
        assertThat(ofOne.get(0)).contains("site_id OPERATOR(pg_catalog.=) 1");
        assertThat(ofAll).hasSize(SHARDS);
        assertThat(ofAll)
                .allSatisfy(
                        query ->
                                assertThat(query)
                                        // sums of the shard under other names, not its rows
                                        .containsPattern(
                                                "^SELECT [^F]*(hll_union_agg|worker_partial_agg)")
                                        .doesNotContain("read_intermediate_result"));
    }

    /**
     * What the nodes are asked for while a statement runs. The policy is read where the caller is;
     * nothing else is, as would be what Citus keeps in between.
     */
    private static List<String> sent(String sql) throws SQLException {
        List<String> sent = new ArrayList<>();
        try (Connection connection = CITUS.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("set citus.log_remote_commands = on");
            statement.execute("set client_min_messages = notice");
            statement.execute(sql);
            for (SQLWarning w = statement.getWarnings(); w != null; w = w.getNextWarning()) {
                String message = String.valueOf(w.getMessage());
                if (message.startsWith("executing ")) {
                    assertThat(message)
                            .containsPattern(" FROM .*weir.(grain|retention_policy)_\\d+ ");
                } else if (message.startsWith("issuing SELECT ")) {
                    sent.add(message.substring("issuing ".length()));
                } else {
                    // BEGIN, COMMIT and what goes with them
                    assertThat(message).doesNotContain("intermediate_result");
                }
            }
        }
        return sent;
    }
}
