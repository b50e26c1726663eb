package io.weir.schema;

import static org.assertj.core.api.Assertions.assertThat;

import io.weir.testing.CitusExtension;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The queries of the dashboards on Citus: the same answers, and one shard asked for one site. */
class CitusQueriesIT extends QueriesContract {

    @RegisterExtension static final CitusExtension CITUS = new CitusExtension();

    @BeforeAll
    static void start() throws SQLException {
        CitusSchema.of(CITUS).migrate();
        try (Connection connection = CITUS.connect()) {
            fill(connection);
        }
    }

    @Override
    Connection connect() throws SQLException {
        return CITUS.connect();
    }

    @Override
    Connection connectAsReader() throws SQLException {
        return CITUS.connect("dashboard");
    }

    static List<String> queriesOfASite() {
        return queryNames().stream()
                .filter(name -> NamedQuery.load(name).text().contains("$site"))
                .toList();
    }

    /**
     * What Citus sends while a query runs, from within functions too. The policy and the names of
     * sites are read where the query is.
     */
    @ParameterizedTest
    @MethodSource("queriesOfASite")
    void aQueryOfOneSiteIsOneTaskAndKeepsNoRowsInBetween(String name) throws SQLException {
        List<String> sent = new ArrayList<>();
        try (Connection connection = CITUS.connect();
                Statement statement = connection.createStatement()) {
            statement.execute("set citus.log_remote_commands = on");
            statement.execute("set client_min_messages = notice");
            statement.execute(
                    NamedQuery.load(name)
                            .expand(
                                    Instant.parse("2024-03-29T13:01:00Z"),
                                    Instant.parse("2024-03-31T17:41:00Z"),
                                    1,
                                    300,
                                    "weir"));
            for (SQLWarning w = statement.getWarnings(); w != null; w = w.getNextWarning()) {
                String message = String.valueOf(w.getMessage());
                assertThat(message).doesNotContain("intermediate_result");
                if (message.startsWith("issuing SELECT ")) {
                    sent.add(message);
                }
            }
        }
        assertThat(sent).hasSize(1);
        assertThat(sent.get(0))
                .containsPattern("site_id\\)? OPERATOR\\(pg_catalog.=\\) 1\\b")
                .contains("2024-03-");
    }
}
