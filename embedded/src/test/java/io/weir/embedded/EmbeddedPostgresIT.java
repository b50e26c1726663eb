package io.weir.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbeddedPostgresIT {

    @Test
    void keepsItsRowsAndItsPortAcrossARestart(@TempDir Path folder) throws SQLException {
        int port;
        try (EmbeddedPostgres first = EmbeddedPostgres.start(folder.resolve("data"))) {
            port = first.port();
            execute(first, "create table kept (n int)");
            execute(first, "insert into kept values (42)");
        }

        try (EmbeddedPostgres second = EmbeddedPostgres.start(folder.resolve("data"), port);
                Connection connection = connect(second);
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery("select n from kept")) {
            rows.next();
            assertThat(rows.getInt(1)).isEqualTo(42);
            assertThat(second.port()).isEqualTo(port);
        }
    }

    private static void execute(EmbeddedPostgres server, String sql) throws SQLException {
        try (Connection connection = connect(server);
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static Connection connect(EmbeddedPostgres server) throws SQLException {
        return DriverManager.getConnection(server.jdbcUrl(), server.user(), "");
    }
}
