package io.weir.store;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/**
 * Opens partitions that take no rows: those that maintenance has archived are brought back, missing
 * ones are made.
 *
 * <p>The connection commits by itself here. A server that needs longer for it than the caller waits
 * ends its work all the same, and the next attempt finds it done.
 */
final class StorePartitions {

    private final String find;
    private final String restore;
    private final String admit;

    StorePartitions(String schema) {
        this.find =
                """
                SELECT min(bucket)
                FROM unnest(?::timestamptz[]) AS bucket
                JOIN "%s".partitions() ON bucket >= lower_bound AND bucket < upper_bound
                WHERE parent = ? AND is_archived
                GROUP BY relation
                ORDER BY 1"""
                        .formatted(schema);
        this.restore = "SELECT \"%s\".restore_partition(?, ?)".formatted(schema);
        this.admit = "SELECT * FROM \"%s\".admit_buckets(?, ?::timestamptz[], ?)".formatted(schema);
    }

    /** One bucket in each archived partition of the table that holds any of them. */
    List<Instant> find(Connection connection, String table, Collection<Instant> buckets)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(find)) {
            statement.setArray(1, connection.createArrayOf("text", buckets.toArray()));
            statement.setString(2, name(table));
            return instants(statement);
        }
    }

    /** Brings the partition back that holds the bucket; false when another was quicker. */
    boolean restore(Connection connection, String table, Instant bucket) throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(restore)) {
            statement.setString(1, name(table));
            statement.setObject(2, bucket.atOffset(ZoneOffset.UTC));
            try (ResultSet answer = statement.executeQuery()) {
                return answer.next() && answer.getBoolean(1);
            }
        }
    }

    /**
     * Makes the partitions that the buckets lack; returns buckets that are no longer kept, or are
     * further in the future than partitions are made.
     */
    List<Instant> admit(Connection connection, String table, Collection<Instant> buckets)
            throws SQLException {
        try (PreparedStatement statement = connection.prepareStatement(admit)) {
            statement.setString(1, name(table));
            statement.setArray(2, connection.createArrayOf("text", buckets.toArray()));
            statement.setObject(3, OffsetDateTime.now(ZoneOffset.UTC));
            return instants(statement);
        }
    }

    private static List<Instant> instants(PreparedStatement statement) throws SQLException {
        List<Instant> instants = new ArrayList<>();
        try (ResultSet rows = statement.executeQuery()) {
            while (rows.next()) {
                instants.add(rows.getObject(1, OffsetDateTime.class).toInstant());
            }
        }
        return instants;
    }

    private static String name(String table) {
        return table.substring(table.lastIndexOf('.') + 1);
    }
}
