package io.weir.schema;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.weir.testing.CitusExtension;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** On a coordinator and two workers with the extension hll. */
class CitusRebuildIT extends RebuildTests {

    @RegisterExtension static final CitusExtension CITUS = new CitusExtension();

    private static final Map<String, String> PARAMETERS =
            Map.of(
                    "$1", "'{2026-11-20 00:00Z}'::timestamptz[]",
                    "$2", "'2026-11-20 00:00Z'::timestamptz",
                    "$3", "'2026-11-21 00:00Z'::timestamptz",
                    "$5", "'2026-11-21 00:00Z'::timestamptz");

    @BeforeAll
    static void migrate() {
        CitusSchema.of(CITUS).migrate();
    }

    @Override
    Connection connect() throws SQLException {
        return CITUS.connect();
    }

    @Override
    String lockWaits() {
        return "select count(*) from citus_lock_waits";
    }

    @ParameterizedTest
    @ValueSource(strings = {"http_request_1hour", "http_request_1day"})
    void everyShardRebuildsItsOwnRows(String coarse) throws SQLException {
        minutesOf(1, "2026-11-20 00");

        assertThat(plan("rebuild_sql", coarse, "'{2026-11-20 01:00Z}'::timestamptz[]"))
                .contains("Task Count: " + CitusSchema.SHARDS + "\n")
                .contains("Insert on " + coarse)
                .doesNotContain("INSERT/SELECT method", "Subplan", "MapMerge");
    }

    @ParameterizedTest
    @ValueSource(strings = {"http_request_1hour", "http_request_1day"})
    void everyShardComparesItsOwnRows(String coarse) throws SQLException {
        minutesOf(1, "2026-11-20 00");

        assertThat(plan("audit_sql", coarse, "'2026-11-21 00:00Z'::timestamptz"))
                .contains("Task Count: " + CitusSchema.SHARDS + "\n", "Full Join")
                .doesNotContain("Subplan", "MapMerge");
    }

    @Test
    void archivedRowsTakePartButAreNotRebuilt() throws SQLException {
        execute("create extension if not exists citus_columnar");
        minutesOf(1, "2026-11-20 10");
        minutesOf(1, "2026-11-20 11");
        execute(
                "select alter_table_set_access_method('weir.http_request_1min_p2026_11_20', 'columnar')");
        try {
            assertThat(rebuildHours("2026-11-20Z", "2026-11-21Z")).isEqualTo(2);
            assertThat(audit()).containsExactly("1day|1|missing");

            execute(
                    "select alter_table_set_access_method('weir.http_request_1hour_p2026_11', 'columnar')");
            assertThat(rebuildDays("2026-11-20Z", "2026-11-21Z")).isEqualTo(1);
            assertThat(audit()).isEmpty();
            assertThatThrownBy(() -> rebuildHours("2026-11-20Z", "2026-11-21Z"))
                    .isInstanceOf(SQLException.class)
                    .hasMessageContaining(
                            "bring them back first: select"
                                    + " weir.restore_partition('http_request_1hour', '2026-11-01");
        } finally {
            execute("drop table weir.http_request_1min_p2026_11_20");
            execute("drop table weir.http_request_1hour_p2026_11");
        }
    }

    @Test
    void archivedRowsAreBroughtBackToBeReset() throws SQLException {
        execute("create extension if not exists citus_columnar");
        minutesOf(1, "2026-11-20 10");
        execute(
                "select alter_table_set_access_method('weir.http_request_1min_p2026_11_20', 'columnar')");
        String reset =
                "select * from weir.reset_range('2026-11-20', '2026-11-21', moment => '2026-11-22Z')";
        assertThat(query(reset))
                .contains("http_request_1min|3", "http_request_1hour|0", "http_request_1day|0");
    }

    private String plan(String function, String coarse, String fourth) throws SQLException {
        String sql = query("select weir." + function + "('" + coarse + "')").get(0);
        sql = sql.replace("$4", fourth);
        for (Map.Entry<String, String> parameter : PARAMETERS.entrySet()) {
            sql = sql.replace(parameter.getKey(), parameter.getValue());
        }
        return String.join("\n", query("explain " + sql));
    }
}
