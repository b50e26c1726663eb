package io.weir.testing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.LoggerFactory;

class EmbeddedCitusIT {

    @Test
    void twoWorkersHoldTheShards(@TempDir Path folder) throws SQLException {
        assumeCitus();
        try (EmbeddedCitus citus = EmbeddedCitus.start(folder);
                Connection connection =
                        DriverManager.getConnection(citus.jdbcUrl(), citus.user(), "");
                Statement statement = connection.createStatement()) {
            statement.execute("create table t (id int primary key)");
            statement.execute("select create_distributed_table('t', 'id', shard_count => 4)");
            statement.execute("insert into t select generate_series(1, 100)");

            try (ResultSet row =
                    statement.executeQuery(
                            "select (select count(*) from t), count(*), count(distinct nodeport)"
                                    + " from pg_dist_shard_placement join pg_dist_node using"
                                    + " (nodename, nodeport) where groupid > 0")) {
                assertThat(row.next()).isTrue();
                assertThat(row.getInt(1)).isEqualTo(100);
                assertThat(row.getInt(2)).isEqualTo(4);
                assertThat(row.getInt(3)).isEqualTo(2);
            }
        }
    }

    @Test
    void aWorkerThatWasStoppedComesBackWithItsRows(@TempDir Path folder) throws SQLException {
        assumeCitus();
        try (EmbeddedCitus citus = EmbeddedCitus.start(folder);
                Connection connection =
                        DriverManager.getConnection(citus.jdbcUrl(), citus.user(), "");
                Statement statement = connection.createStatement()) {
            statement.execute("create table t (id int primary key)");
            statement.execute("select create_distributed_table('t', 'id', shard_count => 4)");
            statement.execute("insert into t select generate_series(1, 100)");

            citus.stopWorker(2);
            assertThatThrownBy(() -> statement.executeQuery("select count(*) from t"))
                    .isInstanceOf(SQLException.class);
            citus.startWorker(2);

            try (ResultSet row = statement.executeQuery("select count(*) from t")) {
                assertThat(row.next()).isTrue();
                assertThat(row.getInt(1)).isEqualTo(100);
            }
        }
    }

    private void assumeCitus() {
        Optional<String> missing = EmbeddedCitus.missing();
        missing.ifPresent(
                reason ->
                        LoggerFactory.getLogger(getClass())
                                .warn("SKIPPED, NOT TESTED ON CITUS: {}", reason));
        assumeTrue(missing.isEmpty(), missing::toString);
    }
}
