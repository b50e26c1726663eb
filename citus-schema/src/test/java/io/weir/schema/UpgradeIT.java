package io.weir.schema;

import io.weir.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** On plain PostgreSQL with the stand-in for the extension hll. */
class UpgradeIT extends UpgradeContract {

    private static EmbeddedPostgres server;

    @BeforeAll
    static void start(@TempDir Path folder) {
        server = EmbeddedPostgres.start(folder.resolve("data"));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Override
    SchemaMigration migration() {
        return new SchemaMigration(server.jdbcUrl(), server.user(), null, "weir");
    }

    @Override
    Connection connect() throws SQLException {
        return DriverManager.getConnection(server.jdbcUrl(), server.user(), "");
    }
}
