package io.weir.tools.budget;

import io.weir.database.Session;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How long a table of traffic keeps its rows.
 *
 * @param table its name
 * @param length of its buckets
 * @param partitionSpan how much time a partition holds
 * @param keep a partition that ended this long ago is dropped; null keeps for ever
 * @param archiveAfter a partition that ended this long ago becomes columnar; null never
 */
public record TablePolicy(
        String table,
        Duration length,
        Duration partitionSpan,
        @Nullable Duration keep,
        @Nullable Duration archiveAfter) {

    private static final String ALL =
            """
            select table_name, extract(epoch from length),
                   extract(epoch from ('1 ' || policy.partition_span)::interval),
                   extract(epoch from policy.keep), extract(epoch from archive_after)
            from ${schema}.traffic_table
            join ${schema}.grain on grain.name = traffic_table.grain
            join ${schema}.retention_policy as policy using (table_name)
            where late_of is null and key = '{site_id,bucket}'
            order by length, table_name
            """;

    /** What a schema has for its tables of traffic, the shortest buckets first. */
    public static List<TablePolicy> all(Session session) throws SQLException {
        return session.list(
                ALL,
                row ->
                        new TablePolicy(
                                row.getString(1),
                                Duration.ofSeconds(row.getLong(2)),
                                Duration.ofSeconds(row.getLong(3)),
                                duration(row, 4),
                                duration(row, 5)));
    }

    private static @Nullable Duration duration(ResultSet row, int column) throws SQLException {
        long seconds = row.getLong(column);
        return row.wasNull() ? null : Duration.ofSeconds(seconds);
    }

    /** The same with another time after which rows are dropped. */
    public TablePolicy keeping(Duration other) {
        return new TablePolicy(table, length, partitionSpan, other, archiveAfter);
    }

    /** The same with another time after which rows are archived. */
    public TablePolicy archivingAfter(Duration other) {
        return new TablePolicy(table, length, partitionSpan, keep, other);
    }
}
