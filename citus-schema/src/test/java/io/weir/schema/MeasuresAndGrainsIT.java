package io.weir.schema;

import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;

/** On plain PostgreSQL with the stand-in for the extension hll. */
class MeasuresAndGrainsIT extends MeasuresAndGrainsContract {

    private static Store store;

    @BeforeAll
    static void start(@TempDir Path folder) throws SQLException {
        store = Store.start(folder);
        new MeasuresAndGrainsIT().fill();
    }

    @AfterAll
    static void stop() {
        store.close();
    }

    @Override
    SchemaMigration migration() {
        return store.migration("scratch");
    }

    @Override
    Connection connect() throws SQLException {
        return store.connect();
    }
}
