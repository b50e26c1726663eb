package io.weir.benchmarks;

import io.weir.database.Database;
import io.weir.database.SchemaName;
import io.weir.store.StoreConnection;
import io.weir.store.StoreTables;
import io.weir.store.TrafficKey;
import io.weir.store.TrafficUpsert;
import io.weir.tools.budget.TablePolicy;
import io.weir.traffic.Grain;
import io.weir.traffic.Traffic;
import io.weir.traffic.TrafficRow;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A schema whose rows are written as the job writes them, vacuumed, and measured on disk. */
final class StoredTraffic extends BenchmarkSchema {

    /** The rows of all cases lie in one partition of their table. */
    private static final Instant FIRST = Instant.parse("2026-01-01T00:00:00Z");

    static final int MOST_BUCKETS = 300;

    /** Every five seconds, as a minute is; the longer grains' further writes find the same room. */
    private static final int WRITES = 13;

    private static final int SITES = 200;

    /** Of the heap with its maps, of TOAST, and of indexes: of one partition, or a shard of it. */
    private static final String SIZES =
            """
            select concat_ws(' ', pg_table_size(oid) - toast, toast, pg_indexes_size(oid))
            from (select oid, coalesce(pg_total_relation_size(nullif(reltoastrelid, 0)), 0) as toast
                  from pg_class where oid = '%s'::regclass) as sized""";

    private static final String SIZE_OF_SHARDS =
            """
            select sum(split_part(result, ' ', 1)::bigint), sum(split_part(result, ' ', 2)::bigint),
                   sum(split_part(result, ' ', 3)::bigint)
            from run_command_on_shards('%s', $sizes$%s$sizes$)""";

    private static final String SIZE_OF_PARTITION =
            """
            select split_part(result, ' ', 1)::bigint, split_part(result, ' ', 2)::bigint,
                   split_part(result, ' ', 3)::bigint
            from (%2$s) as sizes (result)""";

    private final StoreConnection sink = openSink();
    private final TrafficUpsert upsert =
            new TrafficUpsert(session().schema().name(), StoreTables.MAIN);

    StoredTraffic(Database database, int shards) throws SQLException {
        super(database, new SchemaName("weir_bench_storage"), shards);
    }

    /** Bytes of a partition. */
    private record Size(long heap, long toast, long indexes) {

        Size minus(Size other) {
            return new Size(heap - other.heap, toast - other.toast, indexes - other.indexes);
        }

        double total() {
            return (double) heap + toast + indexes;
        }
    }

    /**
     * Writes rows of one kind into an empty partition and measures them.
     *
     * @param requests of each bucket
     * @param buckets of each of {@link #SITES} sites, at most {@link #MOST_BUCKETS}
     */
    RowSize measure(Grain grain, int requests, int buckets)
            throws SQLException, InterruptedException {
        String partition = makePartition(grain);
        double rows = (double) SITES * buckets;
        Size empty = size(partition);
        GrowingTraffic traffic = new GrowingTraffic(requests, WRITES);
        // An update leaves a dead row: with so many of them in a table of this size the server
        // vacuums.
        double vacuumAfter = deadFraction(partition) * buckets;
        double unvacuumed = 0;
        int writes = 0;
        for (int bucket = 0; bucket < buckets; bucket++) {
            List<List<Traffic>> sites =
                    IntStream.range(0, SITES).mapToObj(traffic::bucketOf).toList();
            for (int write = 0; write < WRITES; write++) {
                write(grain, bucket, sites, write);
                if (bucket == 0 && write == WRITES - 1) {
                    unvacuumed = size(partition).minus(empty).total() / SITES;
                }
                if (bucket > 0 && ++writes >= vacuumAfter) {
                    session().execute("vacuum " + partition);
                    writes = 0;
                }
            }
        }
        Size size = size(partition).minus(empty);
        session().execute("vacuum full " + partition);
        double dense = size(partition).minus(empty).total() / rows;
        return new RowSize(
                grain,
                requests,
                (long) rows,
                data(partition),
                unvacuumed,
                size.heap / rows,
                size.toast / rows,
                size.indexes / rows,
                dense,
                archived(grain, partition, rows));
    }

    /** What the schema keeps by default. */
    List<TablePolicy> policies() throws SQLException {
        return TablePolicy.all(session());
    }

    private String makePartition(Grain grain) throws SQLException {
        String existing =
                session()
                        .text(
                                "select string_agg('drop table ' || relation, '; ') from partitions()"
                                        + " where parent = ?",
                                grain.table());
        session().execute(existing == null ? "select" : existing);
        session()
                .execute(
                        "select ensure_partitions('%1$s', '%2$s', '%2$s')"
                                .formatted(grain.table(), FIRST));
        return String.valueOf(
                session()
                        .text("select relation from partitions() where parent = ?", grain.table()));
    }

    /** Which fraction of a partition's rows may be dead before the server vacuums it. */
    private double deadFraction(String partition) throws SQLException {
        String query =
                """
                select coalesce(
                  (select option_value from pg_class, pg_options_to_table(reloptions)
                   where oid = '%s'::regclass and option_name = name), current_setting(name))
                from (values ('autovacuum_vacuum_scale_factor')) as asked (name)
                """
                        .formatted(partition);
        return Double.parseDouble(String.valueOf(session().text(query)));
    }

    private void write(Grain grain, int bucket, List<List<Traffic>> sites, int write)
            throws SQLException, InterruptedException {
        long bucketMillis = FIRST.toEpochMilli() + bucket * grain.millis();
        SortedMap<TrafficKey, TrafficRow> batch = new TreeMap<>();
        for (int site = 1; site <= SITES; site++) {
            batch.put(
                    new TrafficKey(grain, site, bucketMillis),
                    new TrafficRow(
                            grain,
                            site,
                            bucketMillis,
                            sites.get(site - 1).get(write),
                            true,
                            write == WRITES - 1,
                            bucketMillis));
        }
        sink.write(upsert.batches(batch));
    }

    private Size size(String partition) throws SQLException {
        String query = isDistributed() ? SIZE_OF_SHARDS : SIZE_OF_PARTITION;
        String sizes = SIZES.formatted(isDistributed() ? "%s" : partition);
        return session()
                .read(
                        query.formatted(partition, sizes),
                        row -> {
                            row.next();
                            return new Size(row.getLong(1), row.getLong(2), row.getLong(3));
                        });
    }

    private double data(String partition) throws SQLException {
        return Double.parseDouble(
                String.valueOf(
                        session()
                                .text("select avg(pg_column_size(t.*)) from " + partition + " t")));
    }

    private @Nullable Double archived(Grain grain, String partition, double rows)
            throws SQLException {
        if (!session().holds("select can_archive()")) {
            return null;
        }
        session()
                .execute(
                        "select convert_partition('%s', '%s', 'columnar')"
                                .formatted(grain.table(), partition));
        return size(partition).total() / rows;
    }

    @Override
    public void close() throws SQLException {
        sink.close();
        super.close();
    }
}
