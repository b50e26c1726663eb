package io.weir.schema;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Ranges on a server without extensions. */
class RangesIT extends RangesContract {

    private static Store store;

    @BeforeAll
    static void start(@TempDir Path folder) throws SQLException {
        store = Store.start(folder);
        try (Connection connection = store.connect()) {
            REQUESTS.store(connection);
        }
        store.execute("analyze");
    }

    @AfterAll
    static void stop() {
        store.close();
    }

    @Override
    Connection connect(String user) throws SQLException {
        return DriverManager.getConnection(store.server.jdbcUrl(), user, "");
    }

    @Override
    Connection connect() throws SQLException {
        return store.connect();
    }
}
