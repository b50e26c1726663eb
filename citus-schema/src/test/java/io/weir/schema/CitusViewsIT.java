package io.weir.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testing.CitusExtension;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** Views on Citus: the same answers, and one shard asked for one site. */
class CitusViewsIT extends ViewsContract {

    @RegisterExtension static final CitusExtension CITUS = new CitusExtension();

    @BeforeAll
    static void start() throws SQLException {
        CitusSchema.of(CITUS).migrate();
        try (Connection connection = CITUS.connect()) {
            fill(connection);
        }
    }

    @Override
    Connection connect(String user) throws SQLException {
        return CITUS.connect(user);
    }

    @Test
    void oneShardIsAskedForASiteAndEveryShardForAPartOfAll() throws SQLException {
        String top = "select * from weir.top('cut', %s, '2026-10-01 05:00Z', '2026-10-03 07:00Z')";

        assertThat(CitusSchema.sent(CITUS, top.formatted(1)))
                .hasSize(1)
                .allSatisfy(sql -> assertThat(sql).contains("site_id OPERATOR(pg_catalog.=) 1"));
        List<String> ofAll = CitusSchema.sent(CITUS, top.formatted("null"));
        assertThat(ofAll)
                .hasSize(CitusSchema.SHARDS)
                .allSatisfy(
                        sql ->
                                assertThat(sql)
                                        .containsPattern("^SELECT [^F]*sum\\(")
                                        .contains("GROUP BY"));
    }
}
