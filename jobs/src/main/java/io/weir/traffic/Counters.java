package io.weir.traffic;

import io.weir.serialize.VariableLength;
import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;
import java.util.Arrays;
import java.util.function.IntFunction;

/**
 * Counts by a small key, sorted by it. A site sees a handful of countries and status codes, and
 * validation leaves no more than a few hundred, so a sorted array beats a hash map in time and
 * room.
 */
final class Counters {

    private char[] keys = {};
    private long[] counts = {};
    private int size;

    void add(int key, long count) {
        int at = Arrays.binarySearch(keys, 0, size, (char) key);
        if (at >= 0) {
            counts[at] = Math.addExact(counts[at], count);
        } else {
            insert(-at - 1, (char) key, count);
        }
    }

    private void insert(int at, char key, long count) {
        if (size == keys.length) {
            int capacity = Math.max(4, size * 2);
            keys = Arrays.copyOf(keys, capacity);
            counts = Arrays.copyOf(counts, capacity);
        }
        System.arraycopy(keys, at, keys, at + 1, size - at);
        System.arraycopy(counts, at, counts, at + 1, size - at);
        keys[at] = key;
        counts[at] = count;
        size++;
    }

    void merge(Counters other) {
        if (size == 0) {
            becomeCopyOf(other);
            return;
        }
        for (int i = 0; i < other.size; i++) {
            add(other.keys[i], other.counts[i]);
        }
    }

    private void becomeCopyOf(Counters other) {
        keys = Arrays.copyOf(other.keys, other.size);
        counts = Arrays.copyOf(other.counts, other.size);
        size = other.size;
    }

    /** A JSON object in the order of the keys, spaced as PostgreSQL's jsonb prints it. */
    String toJson(IntFunction<String> nameOf) {
        StringBuilder json = new StringBuilder("{");
        for (int i = 0; i < size; i++) {
            json.append(i == 0 ? "\"" : ", \"").append(nameOf.apply(keys[i])).append("\": ");
            json.append(counts[i]);
        }
        return json.append('}').toString();
    }

    void write(DataOutput out) throws IOException {
        out.writeShort(size);
        for (int i = 0; i < size; i++) {
            out.writeChar(keys[i]);
            VariableLength.write(counts[i], out);
        }
    }

    static Counters read(DataInput in) throws IOException {
        Counters counters = new Counters();
        counters.size = in.readUnsignedShort();
        counters.keys = new char[counters.size];
        counters.counts = new long[counters.size];
        for (int i = 0; i < counters.size; i++) {
            counters.keys[i] = in.readChar();
            counters.counts[i] = VariableLength.read(in);
        }
        return counters;
    }
}
