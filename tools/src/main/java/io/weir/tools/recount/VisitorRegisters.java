package io.weir.tools.recount;

import java.io.ByteArrayOutputStream;

/**
 * The registers of a HyperLogLog, and the bytes that postgresql-hll stores for them in a column of
 * type {@code hll(11,5,0,1)}: 2,048 registers of 5 bits, no explicit form.
 *
 * <p>Source of the format: postgresql-hll, STORAGE.md, schema version 1. After three bytes of
 * header come bits, the most significant first: in the full form the value of every register, in
 * the sparse form index and value of those that are not 0.
 */
final class VisitorRegisters {

    private static final int INDEX_BITS = 11;
    private static final int REGISTERS = 1 << INDEX_BITS;
    private static final int VALUE_BITS = 5;
    private static final int MAX_VALUE = 31;

    private static final int EMPTY = 0x11;
    private static final int SPARSE = 0x13;
    private static final int FULL = 0x14;
    private static final int PARAMETERS = 0x8b;
    private static final int NO_EXPLICIT_FORM = 0x40;

    private final KeyedNumbers values = new KeyedNumbers();
    private boolean isEmpty = true;

    /** Adds a visitor by the 64 bits of {@code hll_hash_text}. */
    void add(long hash) {
        isEmpty = false;
        long rest = hash >>> INDEX_BITS;
        if (rest != 0) { // a hash without a bit fills no register, in the extension either
            int index = (int) (hash & (REGISTERS - 1));
            values.raise(index, Math.min(1 + Long.numberOfTrailingZeros(rest), MAX_VALUE));
        }
    }

    void merge(VisitorRegisters other) {
        isEmpty &= other.isEmpty;
        other.values.forEach(values::raise);
    }

    byte[] toBytes() {
        if (isEmpty) {
            return new Bits(EMPTY).toBytes();
        }
        if (values.size() * (INDEX_BITS + VALUE_BITS) < REGISTERS * VALUE_BITS) {
            Bits sparse = new Bits(SPARSE);
            values.forEach((index, value) -> sparse.put(index, INDEX_BITS).put(value, VALUE_BITS));
            return sparse.toBytes();
        }
        long[] all = new long[REGISTERS];
        values.forEach((index, value) -> all[index] = value);
        Bits full = new Bits(FULL);
        for (long value : all) {
            full.put(value, VALUE_BITS);
        }
        return full.toBytes();
    }

    /** Bits after a header. All forms have a whole number of bytes. */
    private static final class Bits {

        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private int pending;
        private int pendingBits;

        Bits(int form) {
            bytes.write(form);
            bytes.write(PARAMETERS);
            bytes.write(NO_EXPLICIT_FORM);
        }

        Bits put(long value, int bits) {
            pending = pending << bits | (int) value;
            pendingBits += bits;
            while (pendingBits >= Byte.SIZE) {
                pendingBits -= Byte.SIZE;
                bytes.write(pending >>> pendingBits);
                pending &= (1 << pendingBits) - 1;
            }
            return this;
        }

        byte[] toBytes() {
            return bytes.toByteArray();
        }
    }
}
