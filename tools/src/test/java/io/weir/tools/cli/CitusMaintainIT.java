package io.weir.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.rig.Typed;
import io.weir.schema.SchemaMigration;
import io.weir.testing.CitusExtension;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** The command on a coordinator and two workers. */
@Timeout(120)
class CitusMaintainIT {

    @RegisterExtension static final CitusExtension CITUS = new CitusExtension();

    private final Typed typed = Typed.at(CITUS.jdbcUrl(), CITUS.user());

    @BeforeAll
    static void migrate() {
        new SchemaMigration(CITUS.jdbcUrl(), CITUS.user(), null, "weir").migrate();
    }

    @Test
    void saysWhatItArchivedAndNothingOfHow() throws SQLException {
        LocalDate old = LocalDate.now(ZoneOffset.UTC).minusDays(30);
        try (Connection connection =
                        DriverManager.getConnection(CITUS.jdbcUrl(), CITUS.user(), "");
                Statement statement = connection.createStatement()) {
            statement.execute(
                    "update weir.retention_policy set keep = null, archive_after = '20 days'"
                            + " where table_name = 'http_request_1min'");
            statement.execute(
                    "select weir.ensure_partitions('http_request_1min', '%1$sZ', '%1$sZ')"
                            .formatted(old));
        }

        assertThat(typed.weir("maintain")).isZero();
        String said = typed.out();
        assertThat(typed.weir("maintain")).isZero();

        assertThat(said.lines())
                .allMatch(line -> line.matches("schema weir: (make|archive) [a-z0-9_]+ .*UTC\\)"))
                .filteredOn(line -> line.contains("archive"))
                .containsExactly(
                        "schema weir: archive http_request_1min_p%s (%s to %s UTC)"
                                .formatted(old.toString().replace('-', '_'), old, old.plusDays(1)));
        assertThat(typed.out()).endsWith("schema weir: nothing to do" + System.lineSeparator());
    }
}
