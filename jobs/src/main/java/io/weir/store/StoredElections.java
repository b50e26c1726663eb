package io.weir.store;

import io.weir.election.ElectionSettings;
import io.weir.election.ElectionStore;
import io.weir.election.TopSite;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/** What the database knows of elections. */
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
    private final StoreReader reader;

    public StoredElections(StoreOptions options) {
        this.options = options;
        this.reader = new StoreReader(options, "Reading the elections");
    }

    @Override
    public List<ElectionSettings> readSettings() throws IOException {
        return reader.read(
                connection -> reader.rows(connection, SETTINGS, StoredElections::settings));
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

    /** No election can be held before this is read. */
    @Override
    public Past readPast() throws IOException, InterruptedException {
        return reader.readPatiently(this::past);
    }

    private Past past(Connection connection) throws SQLException {
        connection.setAutoCommit(false);
        try (Statement lock = connection.createStatement()) {
            lock.execute(LOCK_SITES.formatted(options.schema()));
        }
        List<Long> last = reader.rows(connection, LAST_ELECTION, row -> row.getLong(1));
        List<TopSite> sites = reader.rows(connection, SITES, TopSiteColumns::read);
        connection.rollback();
        return new Past(last.isEmpty() ? null : last.get(0), sites);
    }
}
