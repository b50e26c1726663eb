package io.weir.store;

import io.weir.view.View;
import io.weir.view.ViewTable;
import io.weir.view.ViewVersion;
import io.weir.view.Views;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.Array;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.apache.flink.util.FlinkRuntimeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The table {@code view_definition}, read when an hour is asked for that it may not know.
 *
 * <p>A version holds from a full hour that begins ten minutes or more after it was made, and is
 * committed within ten seconds. So what was read of the table at some time is all that holds in
 * hours that begin within the nine minutes after it. Requests are at most {@code
 * event-time.max-ahead} ahead of the machine's time, so the table is read about once an hour.
 */
public final class StoredViews implements Views {

    private static final long serialVersionUID = 1;

    private static final Logger LOG = LoggerFactory.getLogger(StoredViews.class);

    private static final long KNOWN_AHEAD_MILLIS = 9 * 60_000;
    private static final long READ_AT_MOST_EVERY_NANOS = 1_000_000_000;

    private static final String NOW =
            "SELECT (extract(epoch FROM statement_timestamp()) * 1000)::bigint";

    private static final String VERSIONS =
            """
            SELECT version, view_id, dimension, filter, top_entries, sites, state = 'active',
                   CASE WHEN isfinite(holds_from)
                        THEN ceil(extract(epoch FROM holds_from) * 1000)::bigint
                        ELSE BEFORE_ALL END
            FROM "%s".view_definition"""
                    .replace("BEFORE_ALL", "'" + Long.MIN_VALUE + "'");

    private final StoreReader reader;

    private transient @Nullable Known known;

    public StoredViews(StoreOptions options) {
        this.reader = new StoreReader(options, "Reading the views");
    }

    @Override
    public List<View> at(long hourMillis) {
        Known current = known;
        if (current == null || !current.isOf(hourMillis)) {
            current = read();
            known = current;
        }
        return current.table.at(hourMillis);
    }

    private Known read() {
        try {
            return reader.readPatiently(this::read);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FlinkRuntimeException("Interrupted while the views were read", e);
        }
    }

    private Known read(Connection connection) throws SQLException {
        // the database's clock, before its table
        long nowMillis = reader.rows(connection, NOW, row -> row.getLong(1)).get(0);
        ViewTable table = table(connection);
        table.refused().forEach(message -> LOG.error("{}. {}", message, ViewTable.REMEDY));
        return new Known(nowMillis, System.nanoTime(), table);
    }

    private ViewTable table(Connection connection) throws SQLException {
        return new ViewTable(reader.rows(connection, VERSIONS, StoredViews::version));
    }

    /**
     * Which views a job cannot count, and why; reads the table once.
     *
     * @throws IOException when it cannot be read
     */
    public List<String> refused() throws IOException {
        return reader.read(this::table).refused();
    }

    private static ViewVersion version(ResultSet row) throws SQLException {
        Integer[] sites = array(row, 6, Integer[].class);
        return new ViewVersion(
                row.getLong(1),
                row.getInt(2),
                List.of((String[]) row.getArray(3).getArray()),
                row.getString(4),
                row.getInt(5),
                sites == null ? null : Set.copyOf(Arrays.asList(sites)),
                row.getBoolean(7),
                row.getLong(8));
    }

    private static <T> @Nullable T array(ResultSet row, int column, Class<T> type)
            throws SQLException {
        Array array = row.getArray(column);
        return array == null ? null : type.cast(array.getArray());
    }

    private record Known(long readAtMillis, long readNanos, ViewTable table) {

        boolean isOf(long hourMillis) {
            return hourMillis <= readAtMillis + KNOWN_AHEAD_MILLIS
                    || System.nanoTime() - readNanos < READ_AT_MOST_EVERY_NANOS;
        }
    }
}
