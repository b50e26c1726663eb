package io.weir.store;

import static io.weir.store.Column.Type.BIGINT;
import static io.weir.store.Column.Type.BOOLEAN;
import static io.weir.store.Column.Type.BYTEA;
import static io.weir.store.Column.Type.INT;
import static io.weir.store.Column.Type.TEXT;
import static io.weir.store.Column.Type.TIMESTAMPTZ;
import static java.util.stream.Collectors.joining;

import io.weir.agent.Agents;
import io.weir.breakdown.Breakdown;
import io.weir.breakdown.Breakdown.Followed;
import io.weir.breakdown.BreakdownRow;
import io.weir.breakdown.Counts;
import io.weir.traffic.Grain;
import io.weir.view.ViewKey;
import java.io.Serializable;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map.Entry;
import java.util.SortedMap;
import java.util.function.Function;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Writes the rows of views so that a row can only grow, by the rule of {@link TrafficUpsert}. While
 * a row's keys were all followed, the row that has seen the most requests is the same whoever
 * writes it; otherwise its bounds hold for the same requests.
 */
public final class BreakdownUpsert implements Upsert<BreakdownRow, BreakdownUpsert.Key> {

    private static final String GROWS =
            """
            excluded.is_whole >= t.is_whole \
            AND ((excluded.request_count, excluded.is_final) >= (t.request_count, t.is_final) \
            OR excluded.is_final AND NOT t.is_whole)""";

    private static final Comparator<BreakdownRow> BY_CONTENT =
            Comparator.comparing(BreakdownRow::requestCount).thenComparing(BreakdownRow::isFinal);

    private static final Column<Listed> BUCKET =
            Column.of("bucket", TIMESTAMPTZ, listed -> listed.row.bucketMillis());

    private static final List<Column<Listed>> COLUMNS =
            List.of(
                    Column.of("site_id", INT, listed -> listed.row.siteId()),
                    Column.of("view_id", INT, listed -> listed.row.viewId()),
                    BUCKET,
                    total("request_count", Counts::requests),
                    total("error_count", Counts::errors),
                    total("bytes_sum", Counts::bytes),
                    total("timed_count", Counts::timed),
                    total("response_time_sum_usec", Counts::responseTimeMicros),
                    Column.<Listed>of(
                                    "distinct_keys",
                                    BYTEA,
                                    listed -> listed.breakdown().keys().toBytes())
                            .castTo("hll"),
                    Column.of("is_exact", BOOLEAN, listed -> listed.breakdown().isExact()),
                    Column.of("unlisted_max", BIGINT, listed -> listed.breakdown().unlistedMax()),
                    texts("keys", Listed::keys),
                    texts("second_keys", Listed::secondKeys),
                    numbers("request_counts", followed -> followed.counts().requests()),
                    Column.<Listed>of("missed_counts", TEXT, Listed::missedCounts)
                            .castTo("bigint[]"),
                    numbers("error_counts", followed -> followed.counts().errors()),
                    numbers("bytes_sums", followed -> followed.counts().bytes()),
                    numbers("timed_counts", followed -> followed.counts().timed()),
                    numbers(
                            "response_time_sums_usec",
                            followed -> followed.counts().responseTimeMicros()),
                    Column.of("is_whole", BOOLEAN, listed -> listed.row.isWhole()),
                    Column.<Listed>of("is_final", BOOLEAN, listed -> listed.row.isFinal())
                            .updatedTo("t.is_final OR excluded.is_final"),
                    Column.<Listed>of("agents_as_of", TEXT, listed -> Agents.AS_OF.toString())
                            .castTo("date"),
                    Column.of("updated_at", TIMESTAMPTZ, listed -> listed.row.updatedAtMillis()));

    private final String schema;

    /** Writes to tables of the given schema, a plain lower-case identifier. */
    public BreakdownUpsert(String schema) {
        this.schema = schema;
    }

    @Override
    public Key keyOf(BreakdownRow row) {
        return new Key(row.grain(), row.siteId(), row.viewId(), row.bucketMillis());
    }

    @Override
    public BreakdownRow merge(BreakdownRow held, BreakdownRow offered) {
        if (!grows(offered, held)) {
            return held;
        }
        return held.isFinal() ? offered.asFinal() : offered;
    }

    private static boolean grows(BreakdownRow offered, BreakdownRow held) {
        return (offered.isWhole() || !held.isWhole())
                && (BY_CONTENT.compare(offered, held) >= 0 || offered.isFinal() && !held.isWhole());
    }

    /** A day says by itself what it holds. */
    @Override
    public boolean belongTogether(BreakdownRow row, BreakdownRow next) {
        return false;
    }

    @Override
    public List<Batch<?>> batches(SortedMap<Key, BreakdownRow> rows) {
        EnumMap<Grain, List<Listed>> byGrain = new EnumMap<>(Grain.class);
        rows.values()
                .forEach(
                        row ->
                                byGrain.computeIfAbsent(row.grain(), first -> new ArrayList<>())
                                        .add(Listed.of(row)));
        List<Batch<?>> batches = new ArrayList<>();
        byGrain.forEach(
                (grain, same) ->
                        batches.add(
                                new Batch<>(
                                        statement(grain),
                                        keyOf(same.get(0).row).toString(),
                                        same)));
        return batches;
    }

    private TableStatement<Listed> statement(Grain grain) {
        return TableStatement.upsert(
                        schema,
                        "breakdown_" + grain.suffix(),
                        COLUMNS,
                        List.of("site_id", "view_id", "bucket"),
                        GROWS)
                .partitionedBy(BUCKET);
    }

    private static Column<Listed> total(String name, ToLongFunction<Counts> value) {
        return Column.of(name, BIGINT, listed -> value.applyAsLong(listed.breakdown().total()));
    }

    private static Column<Listed> texts(String name, Column.Value<Listed> value) {
        return Column.of(name, TEXT, value).castTo("text[]");
    }

    private static Column<Listed> numbers(String name, ToLongFunction<Followed> value) {
        return Column.<Listed>of(name, TEXT, listed -> listed.numbers(value)).castTo("bigint[]");
    }

    /** A row and the keys that it lists, which take a while to sort. */
    record Listed(BreakdownRow row, List<Entry<ViewKey, Followed>> entries)
            implements Serializable {

        static Listed of(BreakdownRow row) {
            return new Listed(row, row.breakdown().entries());
        }

        private Breakdown breakdown() {
            return row.breakdown();
        }

        private String keys() {
            return array(entry -> quoted(entry.getKey().first()));
        }

        private String secondKeys() {
            return entries.stream().allMatch(entry -> entry.getKey().second() == null)
                    ? "{}"
                    : array(entry -> quoted(entry.getKey().second()));
        }

        private String missedCounts() {
            return breakdown().isExact() ? "{}" : numbers(Followed::missed);
        }

        private String numbers(ToLongFunction<Followed> value) {
            return array(entry -> Long.toString(value.applyAsLong(entry.getValue())));
        }

        private String array(Function<Entry<ViewKey, Followed>, String> element) {
            return entries.stream().map(element).collect(joining(",", "{", "}"));
        }

        /** An element of an array, as PostgreSQL reads it. */
        private static String quoted(@Nullable String text) {
            return text == null
                    ? "NULL"
                    : '"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
        }
    }

    /** Table and primary key. */
    public record Key(Grain grain, int siteId, int viewId, long bucketMillis)
            implements Comparable<Key>, Serializable {

        private static final Comparator<Key> ORDER =
                Comparator.comparing(Key::grain)
                        .thenComparingInt(Key::siteId)
                        .thenComparingInt(Key::viewId)
                        .thenComparingLong(Key::bucketMillis);

        @Override
        public int compareTo(Key other) {
            return ORDER.compare(this, other);
        }

        @Override
        public String toString() {
            return "site_id %d, view_id %d, bucket %s"
                    .formatted(siteId, viewId, Instant.ofEpochMilli(bucketMillis));
        }
    }
}
