package io.weir.schema;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** On plain PostgreSQL with the stand-in for the extension hll. */
class RebuildIT extends RebuildTests {

    private static Store store;

    @BeforeAll
    static void start(@TempDir Path folder) {
        store = Store.start(folder);
    }

    @AfterAll
    static void stop() {
        store.close();
    }

    @Override
    Connection connect() throws SQLException {
        return store.connect();
    }

    @Override
    String lockWaits() {
        return "select count(*) from pg_stat_activity where wait_event_type = 'Lock'";
    }
}
