package io.weir.store;

import java.io.Serializable;
import java.util.List;
import java.util.SortedMap;

/**
 * How rows of a type are written: what identifies one, and what remains of two.
 *
 * <p>Writing must be idempotent and end the same in any order, because a batch may be written more
 * than once, by more than one attempt of a job, and late.
 *
 * @param <T> the row, immutable
 * @param <K> table and primary key of a row. Its order is the order of writing, the same for all
 *     writers so that they cannot deadlock; tables come one after the other. {@code toString} is
 *     for messages.
 */
public interface Upsert<T, K extends Comparable<? super K>> extends Serializable {

    K keyOf(T row);

    /**
     * The row that the table would hold after {@code held} and then {@code offered}, two rows of
     * one key: a statement cannot touch a row twice.
     */
    T merge(T held, T offered);

    /**
     * Whether two rows, one offered right after the other, are written in one transaction, so that
     * readers see both or neither.
     */
    boolean belongTogether(T row, T next);

    /**
     * What writes the given rows, in the order in which it is run, all in one transaction. A batch
     * is of one table and touches no row of it twice.
     */
    List<Batch<?>> batches(SortedMap<K, T> rows);
}
