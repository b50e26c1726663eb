package io.weir.schema;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** Views on a server without extensions. */
class ViewsIT extends ViewsContract {

    private static Store store;

    @BeforeAll
    static void start(@TempDir Path folder) throws SQLException {
        store = Store.start(folder);
        try (Connection connection = store.connect()) {
            fill(connection);
        }
    }

    @AfterAll
    static void stop() {
        store.close();
    }

    @Override
    Connection connect(String user) throws SQLException {
        return DriverManager.getConnection(store.server.jdbcUrl(), user, "");
    }
}
