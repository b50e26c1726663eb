package io.weir.tools.recount;

import io.weir.database.Database;
import io.weir.database.SchemaName;
import io.weir.database.Session;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/** Reads what the job has written; a member of weir_reader or weir_writer sees all of it. */
public final class StoredRows {

    private static final int ROWS_AT_ONCE = 2_000;

    /** How many columns stand before the measures. */
    private static final int KEY_AND_FLAGS = 4;

    private static final String SELECT =
            """
            select site_id, bucket, is_whole, is_final,
                   request_count, success_count, error_count, timed_count, response_time_sum_usec,
                   response_time_max_usec, bytes_sum,
                   encode(hll_send(distinct_ip_addresses), 'hex') as distinct_ip_addresses,
                   country_counters, status_counters, response_time_histogram, duplicate_count
            from ${schema}.%s
            where bucket >= ? and bucket < ?%s
            order by site_id, bucket
            """;

    private final Database database;
    private final SchemaName schema;
    private final @Nullable Integer site;

    /**
     * @param site the only one whose rows are read, null for all
     */
    public StoredRows(Database database, SchemaName schema, @Nullable Integer site) {
        this.database = database;
        this.schema = schema;
        this.site = site;
    }

    /** From when on the retention policy keeps rows of each table, epoch milliseconds. */
    Map<RowTable, Long> keptSince() {
        return ask(
                session ->
                        session.read(
                                """
                                select extract(epoch from minutes)::float8 as minute,
                                       extract(epoch from hours)::float8 as hour,
                                       extract(epoch from days)::float8 as day
                                from ${schema}.kept_since()
                                """,
                                StoredRows::keptSince));
    }

    private static Map<RowTable, Long> keptSince(ResultSet row) throws SQLException {
        boolean unused = row.next();
        Map<RowTable, Long> kept = new EnumMap<>(RowTable.class);
        for (RowTable table : RowTable.values()) {
            // infinity becomes the largest number
            kept.put(table, (long) (row.getDouble(table.unit()) * 1_000));
        }
        return kept;
    }

    /** Hands out the rows whose buckets begin in the range, by site and bucket. */
    void read(RowTable table, TimeRange buckets, Consumer<StoredRow> reader) {
        String query = SELECT.formatted(table.table(), site == null ? "" : " and site_id = ?");
        Object[] parameters =
                site == null
                        ? new Object[] {buckets.from(), buckets.to()}
                        : new Object[] {buckets.from(), buckets.to(), site};
        boolean unused =
                ask(
                        session -> {
                            // or the driver fetches all rows at once
                            session.connection().setAutoCommit(false);
                            session.connection()
                                    .unwrap(PGConnection.class)
                                    .setDefaultFetchSize(ROWS_AT_ONCE);
                            return session.read(query, rows -> handOut(rows, reader), parameters);
                        });
    }

    private static boolean handOut(ResultSet rows, Consumer<StoredRow> reader) throws SQLException {
        List<String> columns = Session.columns(rows);
        List<String> measures = columns.subList(KEY_AND_FLAGS, columns.size());
        while (rows.next()) {
            reader.accept(row(rows, measures));
        }
        return true;
    }

    private static StoredRow row(ResultSet row, List<String> measures) throws SQLException {
        Map<String, String> cells = new LinkedHashMap<>();
        for (int i = 0; i < measures.size(); i++) {
            cells.put(measures.get(i), String.valueOf(row.getString(KEY_AND_FLAGS + i + 1)));
        }
        long bucketMillis =
                Objects.requireNonNull(row.getObject("bucket", OffsetDateTime.class))
                        .toInstant()
                        .toEpochMilli();
        return new StoredRow(
                new RowKey(row.getInt("site_id"), bucketMillis),
                row.getBoolean("is_whole"),
                row.getBoolean("is_final"),
                cells);
    }

    private <T> T ask(Database.Question<T> question) {
        return database.ask(schema, () -> "make it a member of weir_reader", question);
    }
}
