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
import java.util.Optional;
import org.apache.flink.connector.jdbc.datasource.connections.SimpleJdbcConnectionProvider;
import org.jspecify.annotations.Nullable;

/** What the database knows of elections. Every read has a connection of its own. */
public final class StoredElections implements ElectionStore {

    private static final long serialVersionUID = 1;

    private static final String SETTINGS =
            """
            SELECT version,
                   CASE WHEN isfinite(holds_from) THEN (extract(epoch FROM holds_from) * 1000)::bigint END,
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
            SELECT (extract(epoch FROM max(election)) * 1000)::bigint FROM "%s".top_site_election""";

    /** The list, and sites that have left it but whose minutes may still be in a window. */
    private static final String SITES =
            """
            SELECT site_id, total_hits, last_election_hits, times_elected,
                   (extract(epoch FROM first_seen) * 1000)::bigint,
                   (extract(epoch FROM last_seen) * 1000)::bigint,
                   (extract(epoch FROM counted_until) * 1000)::bigint,
                   (extract(epoch FROM left_at) * 1000)::bigint,
                   (extract(epoch FROM election) * 1000)::bigint
            FROM "%1$s".top_site
            WHERE left_at IS NULL
               OR counted_until > (SELECT max(election) FROM "%1$s".top_site_election)
                                - (SELECT max(election_window) FROM "%1$s".top_site_config)""";

    private final StoreOptions options;

    public StoredElections(StoreOptions options) {
        this.options = options;
    }

    @Override
    public List<ElectionSettings> readSettings() throws IOException {
        return read(
                connection ->
                        rows(connection, SETTINGS.formatted(options.schema()), this::settings));
    }

    @Override
    public Past readPast() throws IOException {
        return read(
                connection -> {
                    connection.setAutoCommit(false);
                    String schema = options.schema();
                    try (Statement lock = connection.createStatement()) {
                        lock.execute(LOCK_SITES.formatted(schema));
                    }
                    List<Optional<Long>> last =
                            rows(
                                    connection,
                                    LAST_ELECTION.formatted(schema),
                                    row -> Optional.ofNullable(nullableLong(row, 1)));
                    List<TopSite> sites = rows(connection, SITES.formatted(schema), this::site);
                    connection.rollback();
                    return new Past(last.get(0).orElse(null), sites);
                });
    }

    private ElectionSettings settings(ResultSet row) throws SQLException {
        Long holdsFrom = nullableLong(row, 2);
        return new ElectionSettings(
                row.getInt(1),
                holdsFrom == null ? Long.MIN_VALUE : holdsFrom,
                row.getLong(3),
                row.getLong(4),
                row.getLong(5),
                row.getInt(6),
                row.getLong(7));
    }

    private TopSite site(ResultSet row) throws SQLException {
        return new TopSite(
                row.getInt(1),
                row.getLong(2),
                row.getLong(3),
                row.getInt(4),
                row.getLong(5),
                row.getLong(6),
                row.getLong(7),
                nullableLong(row, 8),
                row.getLong(9));
    }

    private static @Nullable Long nullableLong(ResultSet row, int column) throws SQLException {
        long value = row.getLong(column);
        return row.wasNull() ? null : value;
    }

    private <T> T read(Read<Connection, T> query) throws IOException {
        SimpleJdbcConnectionProvider provider =
                new SimpleJdbcConnectionProvider(StoreConnection.jdbcOptions(options));
        try {
            return query.of(provider.getOrEstablishConnection());
        } catch (SQLException e) {
            throw new IOException(
                    "Reading the elections of %s failed (SQLSTATE %s): %s"
                            .formatted(options.address(), StoreErrors.sqlState(e), e.getMessage()),
                    e);
        } catch (ClassNotFoundException e) {
            throw new IOException("The PostgreSQL driver is not in the job's jar", e);
        } finally {
            provider.closeConnection();
        }
    }

    private static <T> List<T> rows(Connection connection, String query, Read<ResultSet, T> read)
            throws SQLException {
        List<T> result = new ArrayList<>();
        try (Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(query)) {
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
