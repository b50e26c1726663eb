package io.weir.tools.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.embedded.EmbeddedPostgres;
import io.weir.rig.Typed;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.LocalDate;
import java.time.ZoneOffset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VerifyCommandIT {

    @Test
    void theExitCodeSaysWhetherTheSchemaIsAsItShouldBe(@TempDir Path folder) throws SQLException {
        try (EmbeddedPostgres server = EmbeddedPostgres.start(folder.resolve("data"))) {
            int thisYear = LocalDate.now(ZoneOffset.UTC).getYear();
            Typed typed = Typed.at(server.jdbcUrl(), server.user());
            assertThat(typed.weir("schema", "migrate", "--shards", "4")).isZero();
            assertThat(typed.out())
                    .contains("schema weir is not distributed: --shards has no effect");

            try (Connection connection =
                            DriverManager.getConnection(server.jdbcUrl(), server.user(), "");
                    Statement statement = connection.createStatement()) {
                statement.execute("drop table weir.http_request_1day_p" + thisYear);
            }
            assertThat(typed.weir("schema", "verify")).isEqualTo(1);
            assertThat(typed.out())
                    .contains(
                            "partitions of weir.http_request_1day: expected", "missing", "maintain")
                    .contains("schema weir: 1 difference (");

            assertThat(typed.weir("maintain")).isZero();
            assertThat(typed.weir("schema", "verify")).isZero();
            assertThat(typed.out())
                    .contains("not distributed: no Citus")
                    .containsPattern("schema weir is as it should be \\(\\d+ checks\\)");
            assertThat(typed.err()).isEmpty();

            Typed reader = Typed.at(server.jdbcUrl(), "reader");
            try (Connection connection =
                            DriverManager.getConnection(server.jdbcUrl(), server.user(), "");
                    Statement statement = connection.createStatement()) {
                statement.execute("create role reader login in role weir_reader");
            }
            assertThat(reader.weir("schema", "verify")).isEqualTo(1);
            assertThat(reader.out())
                    .contains("migrations: not checked, ")
                    .containsPattern(
                            "schema weir: \\d+ checks are fine, 1 could not be made: run it as"
                                    + " postgres\n")
                    .doesNotContain("as it should be");
        }
    }
}
