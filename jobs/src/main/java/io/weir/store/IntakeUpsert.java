package io.weir.store;

import static io.weir.store.Column.Type.BIGINT;
import static io.weir.store.Column.Type.INT;
import static io.weir.store.Column.Type.TEXT;
import static io.weir.store.Column.Type.TIMESTAMPTZ;

import io.weir.ledger.Tally;
import java.io.Serializable;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Writes what became of the records of each partition. A row belongs to the reading that began at
 * its first offset; of two rows of one reading the one that has come further stays.
 */
public final class IntakeUpsert implements Upsert<Tally, IntakeUpsert.Key> {

    private static final Comparator<Tally> BY_PROGRESS =
            Comparator.comparingLong(Tally::read).thenComparingLong(Tally::decided);

    private static final String DECIDED =
            "%1$s.counted_count + %1$s.duplicate_count + %1$s.late_count + %1$s.rejected_count";

    private final TableStatement<Tally> statement;

    /** Writes to the table of the given schema, a plain lower-case identifier. */
    public IntakeUpsert(String schema) {
        statement =
                TableStatement.upsert(
                        schema,
                        "intake_partition",
                        List.of(
                                Column.of("topic", TEXT, Tally::topic),
                                Column.of("partition", INT, Tally::partition),
                                Column.of("first_offset", BIGINT, Tally::firstOffset),
                                Column.of("last_offset", BIGINT, Tally::lastOffset),
                                Column.of("read_count", BIGINT, Tally::read),
                                Column.of("counted_count", BIGINT, Tally::counted),
                                Column.of("duplicate_count", BIGINT, Tally::duplicate),
                                Column.of("held_count", BIGINT, Tally::held),
                                Column.of("late_count", BIGINT, Tally::late),
                                Column.of("rejected_count", BIGINT, Tally::rejectedCount),
                                Column.<Tally>of(
                                                "rejected_counters",
                                                TEXT,
                                                tally -> json(tally.rejected()))
                                        .castTo("jsonb"),
                                Column.of(
                                        "updated_at",
                                        TIMESTAMPTZ,
                                        tally -> System.currentTimeMillis())),
                        List.of("topic", "partition", "first_offset"),
                        "(excluded.read_count, %s) >= (t.read_count, %s)"
                                .formatted(DECIDED.formatted("excluded"), DECIDED.formatted("t")));
    }

    /** Codes of reasons need no escapes. */
    private static String json(Map<String, Long> counters) {
        return new TreeMap<>(counters)
                .entrySet().stream()
                        .map(counter -> "\"" + counter.getKey() + "\": " + counter.getValue())
                        .collect(Collectors.joining(", ", "{", "}"));
    }

    @Override
    public Key keyOf(Tally tally) {
        return new Key(tally.topic(), tally.partition(), tally.firstOffset());
    }

    @Override
    public Tally merge(Tally held, Tally offered) {
        return BY_PROGRESS.compare(offered, held) >= 0 ? offered : held;
    }

    /** A row says all of its partition by itself. */
    @Override
    public boolean belongTogether(Tally tally, Tally next) {
        return false;
    }

    @Override
    public List<Batch<?>> batches(SortedMap<Key, Tally> rows) {
        return List.of(
                new Batch<>(statement, rows.firstKey().toString(), List.copyOf(rows.values())));
    }

    /** The table's primary key. */
    public record Key(String topic, int partition, long firstOffset)
            implements Comparable<Key>, Serializable {

        private static final Comparator<Key> ORDER =
                Comparator.comparing(Key::topic)
                        .thenComparingInt(Key::partition)
                        .thenComparingLong(Key::firstOffset);

        @Override
        public int compareTo(Key other) {
            return ORDER.compare(this, other);
        }

        @Override
        public String toString() {
            return "topic " + topic + ", partition " + partition;
        }
    }
}
