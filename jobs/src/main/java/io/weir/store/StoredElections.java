package io.weir.store;

import io.weir.election.ElectionSettings;
import io.weir.election.ElectionStore;
import io.weir.election.TopSite;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.apache.flink.connector.jdbc.datasource.connections.SimpleJdbcConnectionProvider;

/** What the database knows of elections. Every read has a connection of its own. */
public final class StoredElections implements ElectionStore {

    private static final long serialVersionUID = 1;

    private static final String SETTINGS =
            """
            SELECT version,
                   CASE WHEN isfinite(holds_from)
                        THEN (extract(epoch FROM holds_from) * 1000)::bigint
                        ELSE '-9223372036854775808' END,
                   (extract(epoch FROM election_window) * 1000)::bigint,
                   (extract(epoch FROM election_schedule_interval) * 1000)::bigint,
                   min_hits_threshold,
                   max_longterm_entries,
                   (extract(epoch FROM longterm_retention_period) * 1000)::bigint
            FROM "%s".top_site_config
            ORDER BY version""";

    /**
     * Waits for an election that is being written, which lies in both tables or in none. A snapshot
     * of this node would not do: on Citus the rows of sites lie on others.
     */
    private static final String LOCK_SITES =
            """
            LOCK TABLE "%s".top_site IN SHARE MODE""";

    private static final String LAST_ELECTION =
            """
            SELECT (extract(epoch FROM election) * 1000)::bigint FROM "%s".top_site_election
            ORDER BY election DESC LIMIT 1""";

    /** The list, and sites that have left it but whose minutes may still be in a window. */
    private static final String SITES =
            """
            SELECT COLUMNS FROM "%1$s".top_site
            WHERE left_at IS NULL
               OR counted_until > (SELECT max(election) FROM "%1$s".top_site_election)
                                - (SELECT max(election_window) FROM "%1$s".top_site_config)"""
                    .replace("COLUMNS", TableStatement.list(TopSiteColumns.ALL, Column::selected));

    private final StoreOptions options;

    public StoredElections(StoreOptions options) {
        this.options = options;
    }

    @Override
    public List<ElectionSettings> readSettings() throws IOException {
        try {
            return read(connection -> rows(connection, SETTINGS, StoredElections::settings));
        } catch (SQLException e) {
            throw new IOException(
                    "%s failed (SQLSTATE %s): %s"
                            .formatted(activity(), StoreErrors.sqlState(e), e.getMessage()),
                    e);
        }
    }

    private static ElectionSettings settings(ResultSet row) throws SQLException {
        return new ElectionSettings(
                row.getInt(1),
                row.getLong(2),
                row.getLong(3),
                row.getLong(4),
                row.getLong(5),
                row.getInt(6),
                row.getLong(7));
    }

    /** Tries again like a writer: no election can be held before this is read. */
    @Override
    public Past readPast() throws IOException, InterruptedException {
        Retries retries = new Retries(options.retryLimit());
        while (true) {
            try {
                return read(this::past);
            } catch (SQLException e) {
                if (Thread.interrupted()) {
                    throw new InterruptedException("Interrupted: " + e.getMessage());
                }
                retries.pauseAfter(e, activity());
            }
        }
    }

    private Past past(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement lock = connection.createStatement()) {
            lock.execute(LOCK_SITES.formatted(options.schema()));
        }
        List<Long> last = rows(connection, LAST_ELECTION, row -> row.getLong(1));
        List<TopSite> sites = rows(connection, SITES, TopSiteColumns::read);
        connection.rollback();
        return new Past(last.isEmpty() ? null : last.get(0), sites);
    }

    private String activity() {
        return "Reading the elections of " + options.address();
    }

    private <T> T read(Read<Connection, T> query) throws IOException, SQLException {
        SimpleJdbcConnectionProvider provider =
                new SimpleJdbcConnectionProvider(StoreConnection.jdbcOptions(options));
        try {
            return query.of(provider.getOrEstablishConnection());
        } catch (ClassNotFoundException e) {
            throw new IOException("The PostgreSQL driver is not in the job's jar", e);
        } finally {
            provider.closeConnection();
        }
    }

    private <T> List<T> rows(Connection connection, String query, Read<ResultSet, T> read)
            throws SQLException {
        List<T> result = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query.formatted(options.schema()))) {
            while (rows.next()) {
                result.add(read.of(rows));
            }
        }
        return result;
    }

    private interface Read<F, T> {
        T of(F from) throws SQLException;
    }
}
