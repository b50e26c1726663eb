package io.weir.store;

import io.weir.traffic.Grain;
import io.weir.traffic.TrafficRow;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.SortedMap;
import java.util.stream.Collectors;

/**
 * Writes traffic rows so that a row can only grow.
 *
 * <p>Which requests belong to a bucket is fixed by the log, so the row that holds all of them has
 * the highest count of all rows that will ever be offered. The greater row by {@code (is_whole,
 * request_count, is_final)} is kept, whoever writes it, whenever, and however often; {@code
 * is_final} never goes back.
 */
public final class TrafficUpsert implements Upsert<TrafficRow, TrafficKey> {

    private static final Comparator<TrafficRow> GREATER =
            Comparator.comparing(TrafficRow::isWhole)
                    .thenComparingLong(TrafficRow::requestCount)
                    .thenComparing(TrafficRow::isFinal);

    private final EnumMap<Grain, UpsertStatement<TrafficRow>> statements =
            new EnumMap<>(Grain.class);

    /** Writes to the tables of the given schema, a plain lower-case identifier. */
    public TrafficUpsert(String schema) {
        for (Grain grain : Grain.values()) {
            statements.put(grain, new Statement(schema, grain));
        }
    }

    @Override
    public TrafficKey keyOf(TrafficRow row) {
        return TrafficKey.of(row);
    }

    @Override
    public TrafficRow merge(TrafficRow held, TrafficRow offered) {
        if (GREATER.compare(offered, held) < 0) {
            return held;
        }
        return held.isFinal() && !offered.isFinal() ? asFinal(offered) : offered;
    }

    @Override
    public List<Batch<?>> batches(SortedMap<TrafficKey, TrafficRow> rows) {
        EnumMap<Grain, List<TrafficRow>> byGrain = new EnumMap<>(Grain.class);
        for (TrafficRow row : rows.values()) {
            byGrain.computeIfAbsent(row.grain(), grain -> new ArrayList<>()).add(row);
        }
        List<Batch<?>> batches = new ArrayList<>();
        byGrain.forEach(
                (grain, same) ->
                        batches.add(
                                new Batch<>(
                                        Objects.requireNonNull(statements.get(grain)),
                                        TrafficKey.of(same.get(0)).toString(),
                                        same)));
        return batches;
    }

    /** The statement that writes a row of this key; what measures the store uses it alone. */
    public UpsertStatement<TrafficRow> statementFor(TrafficKey key) {
        return Objects.requireNonNull(statements.get(key.grain()));
    }

    private static TrafficRow asFinal(TrafficRow row) {
        return new TrafficRow(
                row.grain(),
                row.siteId(),
                row.bucketMillis(),
                row.requestCount(),
                row.successCount(),
                row.errorCount(),
                row.timedCount(),
                row.responseTimeSumMicros(),
                row.responseTimeMaxMicros(),
                row.bytesSum(),
                row.distinctIpAddresses(),
                row.countryCounters(),
                row.statusCounters(),
                row.responseTimeHistogram(),
                row.isWhole(),
                true,
                row.updatedAtMillis());
    }

    /**
     * The statement of one grain's table.
     *
     * <p>Counters, sketches and histograms travel as text or bytes and are cast row by row: the
     * driver's own arrays of arrays would lose a histogram's lower bound, and have no sketches.
     * What {@code SET} takes must be immutable, or Citus refuses it.
     */
    private record Statement(String table, String query) implements UpsertStatement<TrafficRow> {

        private static final String QUERY =
                """
                INSERT INTO %1$s AS t (
                    site_id, bucket,
                    request_count, success_count, error_count,
                    timed_count, response_time_sum_usec, response_time_max_usec,
                    bytes_sum,
                    distinct_ip_addresses,
                    country_counters, status_counters,
                    response_time_histogram,
                    is_whole, is_final, updated_at)
                SELECT
                    site_id, bucket,
                    request_count, success_count, error_count,
                    timed_count, response_time_sum_usec, response_time_max_usec,
                    bytes_sum,
                    distinct_ip_addresses::hll,
                    country_counters::jsonb, status_counters::jsonb,
                    response_time_histogram::%2$s,
                    is_whole, is_final, updated_at
                FROM unnest(
                    ?::int[], ?::timestamptz[],
                    ?::bigint[], ?::bigint[], ?::bigint[],
                    ?::bigint[], ?::bigint[], ?::bigint[],
                    ?::bigint[],
                    ?::bytea[],
                    ?::text[], ?::text[],
                    ?::text[],
                    ?::boolean[], ?::boolean[], ?::timestamptz[])
                AS batch (
                    site_id, bucket,
                    request_count, success_count, error_count,
                    timed_count, response_time_sum_usec, response_time_max_usec,
                    bytes_sum,
                    distinct_ip_addresses,
                    country_counters, status_counters,
                    response_time_histogram,
                    is_whole, is_final, updated_at)
                ON CONFLICT (site_id, bucket) DO UPDATE SET
                    request_count = excluded.request_count,
                    success_count = excluded.success_count,
                    error_count = excluded.error_count,
                    timed_count = excluded.timed_count,
                    response_time_sum_usec = excluded.response_time_sum_usec,
                    response_time_max_usec = excluded.response_time_max_usec,
                    bytes_sum = excluded.bytes_sum,
                    distinct_ip_addresses = excluded.distinct_ip_addresses,
                    country_counters = excluded.country_counters,
                    status_counters = excluded.status_counters,
                    response_time_histogram = excluded.response_time_histogram,
                    is_whole = excluded.is_whole,
                    is_final = t.is_final OR excluded.is_final,
                    updated_at = excluded.updated_at
                WHERE (excluded.is_whole, excluded.request_count, excluded.is_final)
                   >= (t.is_whole, t.request_count, t.is_final)
                """;

        Statement(String schema, Grain grain) {
            this(
                    schema + "." + grain.table(),
                    QUERY.formatted(
                            "\"" + schema + "\".\"" + grain.table() + "\"",
                            grain == Grain.MINUTE ? "int[]" : "bigint[]"));
        }

        @Override
        public Set<Instant> buckets(List<TrafficRow> rows) {
            return rows.stream()
                    .map(row -> Instant.ofEpochMilli(row.bucketMillis()))
                    .collect(Collectors.toSet());
        }

        @Override
        public void statement(PreparedStatement statement, List<TrafficRow> rows)
                throws SQLException {
            new BatchBinder<>(statement, rows)
                    .ints(TrafficRow::siteId)
                    .times(TrafficRow::bucketMillis)
                    .longs(TrafficRow::requestCount)
                    .longs(TrafficRow::successCount)
                    .longs(TrafficRow::errorCount)
                    .longs(TrafficRow::timedCount)
                    .longs(TrafficRow::responseTimeSumMicros)
                    .nullableLongs(TrafficRow::responseTimeMaxMicros)
                    .longs(TrafficRow::bytesSum)
                    .bytes(TrafficRow::distinctIpAddresses)
                    .texts(TrafficRow::countryCounters)
                    .texts(TrafficRow::statusCounters)
                    .texts(TrafficRow::responseTimeHistogram)
                    .booleans(TrafficRow::isWhole)
                    .booleans(TrafficRow::isFinal)
                    .times(TrafficRow::updatedAtMillis);
        }
    }
}
