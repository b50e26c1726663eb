package io.weir.store;

import static io.weir.store.Column.Type.BOOLEAN;
import static io.weir.store.Column.Type.INT;
import static io.weir.store.Column.Type.TIMESTAMPTZ;
import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toList;

import io.weir.traffic.Grain;
import io.weir.traffic.Measure;
import io.weir.traffic.TrafficRow;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.function.Function;

/**
 * Writes traffic rows so that a row can only grow.
 *
 * <p>Which requests belong to a bucket is fixed by the log, so the row that holds all of them has
 * the highest counts, of requests and of duplicates, of all rows that will ever be offered. That
 * row is kept, whoever writes it, whenever, and however often; {@code is_final} never goes back. A
 * row that is not whole gives way to a whole one that has seen as much, or is final: while a job
 * reads a bucket again from its beginning, readers do not see it shrink. The schema has the same
 * rule for rows that it rebuilds: {@code growth()}.
 */
public final class TrafficUpsert implements Upsert<TrafficRow, TrafficKey> {

    /** {@link #grows} in SQL, of the row offered ({@code excluded}) and the row held. */
    private static final String GROWS =
            """
            excluded.is_whole >= t.is_whole \
            AND ((excluded.request_count, excluded.duplicate_count, excluded.is_final) \
            >= (t.request_count, t.duplicate_count, t.is_final) \
            OR excluded.is_final AND NOT t.is_whole)""";

    private static final Comparator<TrafficRow> BY_CONTENT =
            Comparator.comparing(TrafficRow::requestCount)
                    .thenComparing(row -> row.traffic().duplicateCount())
                    .thenComparing(TrafficRow::isFinal);

    private static final Column<TrafficRow> BUCKET =
            Column.of("bucket", TIMESTAMPTZ, TrafficRow::bucketMillis);
    private static final List<Column<TrafficRow>> KEY =
            List.of(Column.of("site_id", INT, TrafficRow::siteId), BUCKET);

    private final String schema;
    private final StoreTables tables;

    /** Writes to tables of the given schema, a plain lower-case identifier. */
    public TrafficUpsert(String schema, StoreTables tables) {
        this.schema = schema;
        this.tables = tables;
    }

    @Override
    public TrafficKey keyOf(TrafficRow row) {
        return new TrafficKey(row.grain(), row.siteId(), row.bucketMillis());
    }

    @Override
    public TrafficRow merge(TrafficRow held, TrafficRow offered) {
        if (!grows(offered, held)) {
            return held;
        }
        return held.isFinal() ? offered.asFinal() : offered;
    }

    private static boolean grows(TrafficRow offered, TrafficRow held) {
        return (offered.isWhole() || !held.isWhole())
                && (BY_CONTENT.compare(offered, held) >= 0 || offered.isFinal() && !held.isWhole());
    }

    /** A site's hour or day comes together with the rows that it is the sum of. */
    @Override
    public boolean belongTogether(TrafficRow row, TrafficRow next) {
        return row.siteId() == next.siteId();
    }

    @Override
    public List<Batch<?>> batches(SortedMap<TrafficKey, TrafficRow> rows) {
        List<Batch<?>> batches = new ArrayList<>();
        rows.values().stream()
                .collect(groupingBy(TrafficRow::grain, () -> new EnumMap<>(Grain.class), toList()))
                .forEach(
                        (grain, same) -> {
                            String first = keyOf(same.get(0)).toString();
                            batches.add(new Batch<>(statement(grain), first, same));
                        });
        return batches;
    }

    /** The statement that writes rows of a grain. */
    public TableStatement<TrafficRow> statement(Grain grain) {
        return statement(schema, tables.of(grain), grain, KEY, Function.identity())
                .partitionedBy(BUCKET);
    }

    /**
     * The statement of any table whose rows are a key, the measures and the flags of traffic.
     *
     * @param key the columns of its primary key
     * @param content the traffic row whose measures and flags a row has
     */
    static <T> TableStatement<T> statement(
            String schema,
            String table,
            Grain grain,
            List<Column<T>> key,
            Function<T, TrafficRow> content) {
        List<Column<T>> columns = new ArrayList<>(key);
        for (Measure measure : Measure.ALL) {
            columns.add(
                    column(
                            measure.column(),
                            measure.kind().sentAs(),
                            measure.kind().typeIn(grain),
                            row -> measure.value().apply(content.apply(row).traffic())));
        }
        columns.add(Column.of("is_whole", BOOLEAN, row -> content.apply(row).isWhole()));
        columns.add(
                Column.<T>of("is_final", BOOLEAN, row -> content.apply(row).isFinal())
                        .updatedTo("t.is_final OR excluded.is_final"));
        columns.add(
                Column.of("updated_at", TIMESTAMPTZ, row -> content.apply(row).updatedAtMillis()));
        return TableStatement.upsert(
                schema, table, columns, key.stream().map(Column::name).toList(), GROWS);
    }

    private static <T> Column<T> column(
            String name, String sentAs, String type, Column.Value<T> value) {
        Column<T> column =
                Column.of(name, Column.Type.valueOf(sentAs.toUpperCase(Locale.ROOT)), value);
        return type.equals(sentAs) ? column : column.castTo(type);
    }
}
