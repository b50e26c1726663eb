package io.weir.store;

import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/** Binds rows to a statement column by column: each parameter is the array of one column. */
public final class BatchBinder<T> {

    private final PreparedStatement statement;
    private final Connection connection;
    private final List<T> rows;
    private int parameter;

    public BatchBinder(PreparedStatement statement, List<T> rows) throws SQLException {
        this.statement = statement;
        this.connection = statement.getConnection();
        this.rows = rows;
    }

    public BatchBinder<T> ints(ToIntFunction<T> column) throws SQLException {
        return bind("int4", rows.stream().map(column::applyAsInt).toArray(Integer[]::new));
    }

    public BatchBinder<T> longs(ToLongFunction<T> column) throws SQLException {
        return bind("int8", rows.stream().map(column::applyAsLong).toArray(Long[]::new));
    }

    public BatchBinder<T> nullableLongs(Function<T, @Nullable Long> column) throws SQLException {
        return bind("int8", rows.stream().map(column).toArray(Long[]::new));
    }

    public BatchBinder<T> booleans(Predicate<T> column) throws SQLException {
        return bind("bool", rows.stream().map(column::test).toArray(Boolean[]::new));
    }

    public BatchBinder<T> texts(Function<T, String> column) throws SQLException {
        return bind("text", rows.stream().map(column).toArray(String[]::new));
    }

    public BatchBinder<T> bytes(Function<T, byte[]> column) throws SQLException {
        return bind("bytea", rows.stream().map(column).toArray(byte[][]::new));
    }

    /** Epoch milliseconds as {@code timestamptz}. */
    public BatchBinder<T> times(ToLongFunction<T> column) throws SQLException {
        return bind(
                "timestamptz",
                rows.stream()
                        .mapToLong(column)
                        .mapToObj(BatchBinder::time)
                        .toArray(OffsetDateTime[]::new));
    }

    /** The same, null for null. */
    public BatchBinder<T> nullableTimes(Function<T, @Nullable Long> column) throws SQLException {
        return bind(
                "timestamptz",
                rows.stream().map(column).map(BatchBinder::time).toArray(OffsetDateTime[]::new));
    }

    private static @Nullable OffsetDateTime time(@Nullable Long millis) {
        return millis == null ? null : Instant.ofEpochMilli(millis).atOffset(ZoneOffset.UTC);
    }

    private BatchBinder<T> bind(String elementType, Object[] values) throws SQLException {
        Array array = connection.createArrayOf(elementType, values);
        parameter++;
        statement.setArray(parameter, array);
        return this;
    }
}
