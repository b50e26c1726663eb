package io.weir.store;

import io.weir.request.HostTable;
import io.weir.request.HostTable.Version;
import io.weir.request.KnownHosts;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.apache.flink.util.FlinkRuntimeException;
import org.jspecify.annotations.Nullable;

/**
 * The table {@code site_host}, read when the first request names a host.
 *
 * <p>A version holds from half a minute after it was made, and is committed within ten seconds. So
 * what was read of the table at some time is all that holds for requests that arrived up to then,
 * and for some ten seconds more; for later ones it is read again. An operator may also let a
 * version hold at once, so before a host is unknown the table is read again, too. At most once a
 * second: a request of the future, as its record says, has to do with what is there.
 */
public final class StoredHosts implements KnownHosts {

    private static final long serialVersionUID = 1;

    private static final long HOLDS_FOR_MILLIS = 10_000;
    private static final long READ_AT_MOST_EVERY_NANOS = 1_000_000_000;

    private static final String STATE =
            """
            SELECT (extract(epoch FROM statement_timestamp()) * 1000)::bigint,
                   coalesce((SELECT max(version) FROM "%s".site_host), 0)""";

    private static final String VERSIONS =
            """
            SELECT version, host, coalesce(site_id, NO_SITE),
                   CASE WHEN isfinite(holds_from)
                        THEN ceil(extract(epoch FROM holds_from) * 1000)::bigint
                        ELSE BEFORE_ALL END
            FROM "%s".site_host"""
                    .replace("NO_SITE", Integer.toString(NO_SITE))
                    .replace("BEFORE_ALL", "'" + Long.MIN_VALUE + "'");

    private final StoreReader reader;

    private transient @Nullable Known known;

    public StoredHosts(StoreOptions options) {
        this.reader = new StoreReader(options, "Reading the hosts of sites");
    }

    @Override
    public int siteOf(String host, long atMillis) {
        Known current = readAt(atMillis - HOLDS_FOR_MILLIS);
        int site = current.table.siteOf(host, atMillis);
        return site == NO_SITE ? readAt(atMillis).table.siteOf(host, atMillis) : site;
    }

    /** The table as it was at this instant or later, or within the last second. */
    private Known readAt(long millis) {
        Known current = known;
        if (current == null || !current.isOf(millis)) {
            current = read(current);
            known = current;
        }
        return current;
    }

    private Known read(@Nullable Known before) {
        try {
            return reader.readPatiently(connection -> read(connection, before));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FlinkRuntimeException("Interrupted while the hosts of sites were read", e);
        }
    }

    private Known read(Connection connection, @Nullable Known before) throws SQLException {
        State state = reader.rows(connection, STATE, StoredHosts::state).get(0);
        HostTable table =
                before != null && before.state.version == state.version
                        ? before.table
                        : new HostTable(reader.rows(connection, VERSIONS, StoredHosts::version));
        return new Known(state, System.nanoTime(), table);
    }

    private static State state(ResultSet row) throws SQLException {
        return new State(row.getLong(1), row.getLong(2));
    }

    private static Version version(ResultSet row) throws SQLException {
        return new Version(row.getLong(1), row.getString(2), row.getInt(3), row.getLong(4));
    }

    /** By the database's clock. */
    private record State(long readAtMillis, long version) {}

    private record Known(State state, long readNanos, HostTable table) {

        boolean isOf(long millis) {
            return millis <= state.readAtMillis
                    || System.nanoTime() - readNanos < READ_AT_MOST_EVERY_NANOS;
        }
    }
}
