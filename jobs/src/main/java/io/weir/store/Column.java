package io.weir.store;

import java.io.Serializable;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A column of a table: its name, its type, and where a row has its value.
 *
 * @param type what its values are bound as
 * @param cast the column's own type where the driver has no arrays of it, or else null
 * @param value the value in a row; of a {@link Type#TIMESTAMPTZ} its epoch milliseconds
 * @param update what an upsert sets it to, made of the row that is there, {@code t}, and the one
 *     that is offered, {@code excluded}; it must be immutable, or Citus refuses it
 */
public record Column<T>(
        String name, Type type, @Nullable String cast, Value<T> value, String update)
        implements Serializable {

    /** A column that takes the value that is offered. */
    public static <T> Column<T> of(String name, Type type, Value<T> value) {
        return new Column<>(name, type, null, value, "excluded." + name);
    }

    /** The same, cast row by row from what is bound. */
    public Column<T> castTo(String sqlType) {
        return new Column<>(name, type, sqlType, value, update);
    }

    /** The same, set to another value when it is updated. */
    public Column<T> updatedTo(String expression) {
        return new Column<>(name, type, cast, value, expression);
    }

    /** The column as a query selects it for a row; times as epoch milliseconds. */
    String selected() {
        return type == Type.TIMESTAMPTZ
                ? "(extract(epoch FROM %s) * 1000)::bigint".formatted(name)
                : name;
    }

    /** What an insert selects of the rows that are bound. */
    String inserted() {
        return cast == null ? name : name + "::" + cast;
    }

    String parameter() {
        return "?::" + type.sqlName + "[]";
    }

    Array bind(Connection connection, List<T> rows) throws SQLException {
        Object[] values =
                (Object[]) java.lang.reflect.Array.newInstance(type.javaType, rows.size());
        Object last = null;
        for (int i = 0; i < values.length; i++) {
            Object next = value.of(rows.get(i));
            // neighbouring rows mostly have the same time, and making text of it takes long
            values[i] = i > 0 && Objects.equals(next, last) ? values[i - 1] : type.bound(next);
            last = next;
        }
        return connection.createArrayOf(type.sqlName, values);
    }

    /** A value of a row. */
    public interface Value<T> extends Serializable {
        @Nullable Object of(T row);
    }

    /** What the driver binds arrays of. */
    public enum Type {
        INT("int", Integer.class),
        BIGINT("bigint", Long.class),
        BOOLEAN("boolean", Boolean.class),
        TEXT("text", String.class),
        BYTEA("bytea", byte[].class),
        TIMESTAMPTZ("timestamptz", String.class);

        private final String sqlName;
        private final Class<?> javaType;

        Type(String sqlName, Class<?> javaType) {
            this.sqlName = sqlName;
            this.javaType = javaType;
        }

        private @Nullable Object bound(@Nullable Object value) {
            return this == TIMESTAMPTZ && value instanceof Long millis
                    ? Instant.ofEpochMilli(millis).toString()
                    : value;
        }
    }
}
