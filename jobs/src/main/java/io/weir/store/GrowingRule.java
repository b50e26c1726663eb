package io.weir.store;

import java.util.Comparator;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Which of two rows of a key stays: the greater by some columns, of which the first weighs most. In
 * Java and in SQL it is made of the same list.
 *
 * @param order orders rows by the columns, in their order
 */
public record GrowingRule<T>(List<String> columns, Comparator<T> order) {

    public static <T, C extends Comparable<C>> GrowingRule<T> by(
            String column, Function<T, C> value) {
        return new GrowingRule<>(List.of(column), Comparator.comparing(value));
    }

    public <C extends Comparable<C>> GrowingRule<T> then(String column, Function<T, C> value) {
        return new GrowingRule<>(
                Stream.concat(columns.stream(), Stream.of(column)).toList(),
                order.thenComparing(value));
    }

    /** Whether the row offered replaces the row held: it does unless it is less. */
    String condition() {
        return "(" + of("excluded") + ") >= (" + of("t") + ")";
    }

    private String of(String row) {
        return columns.stream().map(column -> row + "." + column).collect(Collectors.joining(", "));
    }
}
