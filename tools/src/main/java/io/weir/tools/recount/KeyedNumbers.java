package io.weir.tools.recount;

import java.util.Arrays;
import java.util.function.LongBinaryOperator;

/** Numbers by key, sorted by it. Two arrays, because millions of these are held at once. */
final class KeyedNumbers {

    /** Takes a key and its number. */
    interface Visitor {
        void visit(int key, long number);
    }

    private int[] keys = {};
    private long[] numbers = {};
    private int size;

    void add(int key, long number) {
        combine(key, number, Math::addExact);
    }

    /** Keeps the larger number. */
    void raise(int key, long number) {
        combine(key, number, Math::max);
    }

    private void combine(int key, long number, LongBinaryOperator combination) {
        int at = Arrays.binarySearch(keys, 0, size, key);
        if (at >= 0) {
            numbers[at] = combination.applyAsLong(numbers[at], number);
        } else {
            insert(-at - 1, key, number);
        }
    }

    private void insert(int at, int key, long number) {
        if (size == keys.length) {
            int capacity = Math.max(2, size * 2);
            keys = Arrays.copyOf(keys, capacity);
            numbers = Arrays.copyOf(numbers, capacity);
        }
        System.arraycopy(keys, at, keys, at + 1, size - at);
        System.arraycopy(numbers, at, numbers, at + 1, size - at);
        keys[at] = key;
        numbers[at] = number;
        size++;
    }

    int size() {
        return size;
    }

    /** Visits all, the least key first. */
    void forEach(Visitor visitor) {
        for (int i = 0; i < size; i++) {
            visitor.visit(keys[i], numbers[i]);
        }
    }
}
