package io.weir.schema;

import io.weir.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;

/** A server without extensions that holds the schema {@code weir}, for the tests. */
final class Store implements AutoCloseable {

    final EmbeddedPostgres server;

    private Store(EmbeddedPostgres server) {
        this.server = server;
    }

    static Store start(Path folder) {
        Store store = new Store(EmbeddedPostgres.start(folder.resolve("data")));
        store.migration("weir").migrate();
        return store;
    }

    SchemaMigration migration(String schema) {
        return new SchemaMigration(server.jdbcUrl(), server.user(), null, schema);
    }

    Connection connect() throws SQLException {
        return DriverManager.getConnection(server.jdbcUrl(), server.user(), "");
    }

    void execute(String sql) throws SQLException {
        try (Connection connection = connect();
                Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The single row of a query as text, columns separated by a bar, null as {@code null}. */
    String row(String sql) throws SQLException {
        try (Connection connection = connect()) {
            return row(connection, sql);
        }
    }

    static String row(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            return Rows.of(statement, sql).stream().findFirst().orElse("");
        }
    }

    double number(String sql) throws SQLException {
        return Double.parseDouble(row(sql));
    }

    @Override
    public void close() {
        server.close();
    }
}
