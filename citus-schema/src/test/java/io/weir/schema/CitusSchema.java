package io.weir.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testing.CitusExtension;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;

/** The schema {@code weir} of tests on Citus. */
final class CitusSchema {

    /** One on each worker: every change of a table costs as much for each shard. */
    static final int SHARDS = 2;

    private CitusSchema() {}

    static SchemaMigration of(CitusExtension cluster) {
        return new SchemaMigration(cluster.jdbcUrl(), cluster.user(), null, "weir")
                .withShards(SHARDS);
    }

    /** The queries that nodes are asked to answer one; none may keep its rows in between. */
    static List<String> sent(CitusExtension cluster, String sql) throws SQLException {
        List<String> sent = new ArrayList<>();
        try (Connection connection = cluster.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("set citus.log_remote_commands = on");
            statement.execute("set client_min_messages = notice");
            statement.execute(sql);
            for (SQLWarning w = statement.getWarnings(); w != null; w = w.getNextWarning()) {
                String message = String.valueOf(w.getMessage());
                assertThat(message).doesNotContain("intermediate_result");
                if (message.startsWith("issuing SELECT ")) {
                    sent.add(message.substring("issuing ".length()));
                }
            }
        }
        return sent;
    }
}
