package io.weir.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testing.CitusExtension;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;

/** On a coordinator and two workers with the extension hll. */
class CitusMeasuresAndGrainsIT extends MeasuresAndGrainsContract {

    @RegisterExtension static final CitusExtension CITUS = new CitusExtension();

    @BeforeAll
    static void start() throws SQLException {
        new CitusMeasuresAndGrainsIT().fill();
    }

    @Override
    SchemaMigration migration() {
        return new SchemaMigration(CITUS.jdbcUrl(), CITUS.user(), null, "scratch")
                .withShards(CitusSchema.SHARDS);
    }

    @Override
    Connection connect() throws SQLException {
        return CITUS.connect();
    }

    @Test
    void newTablesLieBesideTheMinutes() throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            assertThat(
                            Rows.of(
                                    statement,
                                    "select count(*), count(distinct colocationid) from pg_dist_partition"
                                            + " where logicalrelid::text = any (select 'scratch.' ||"
                                            + " scratch.site_tables())"))
                    .containsExactly("13|1");
        }
    }
}
