package io.weir.sketch;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * HyperLogLog sketch of distinct visitors, byte for byte what postgresql-hll stores in a column of
 * type {@code hll(11,5,0,1)}: 2,048 registers of 5 bits, no explicit form. The number itself is
 * estimated in the database; its standard error is 1.04 / sqrt(2048) = 2.3 %.
 *
 * <p>Few registers are held as sorted words, many as one byte each; most sketches of a minute hold
 * a handful. Not thread-safe.
 *
 * <p>Source of the format: postgresql-hll, STORAGE.md (schema version 1) and src/hll.c. A word of
 * the sparse form is the register's index (11 bits) and its value (5 bits).
 */
public final class VisitorSketch {

    private static final int LOG2_REGISTERS = 11;
    private static final int REGISTERS = 1 << LOG2_REGISTERS;
    private static final int VALUE_BITS = 5;
    private static final int MAX_VALUE = (1 << VALUE_BITS) - 1;

    private static final byte EMPTY_FORM = 0x11;
    private static final byte SPARSE_FORM = 0x13;
    private static final byte FULL_FORM = 0x14;
    private static final byte PARAMETERS = (byte) ((VALUE_BITS - 1) << 5 | LOG2_REGISTERS);
    private static final byte THRESHOLDS = 0x40;
    private static final int HEADER_BYTES = 3;
    private static final int FULL_BYTES = HEADER_BYTES + REGISTERS * VALUE_BITS / Byte.SIZE;

    private static final int PACKED_BITS = Byte.SIZE * VALUE_BITS;

    /** The extension stores the sparse form while it is smaller than the full one. */
    private static final int SPARSE_REGISTERS = (FULL_BYTES - HEADER_BYTES - 1) / Short.BYTES;

    /** From here on a byte for each register takes less time, and not much more room. */
    private static final int MAX_WORDS = 256;

    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);
    private static final long TOP_BITS = 0x8080808080808080L;

    /** Sorted words while {@link #values} is null. */
    private char[] words = {};

    private int wordCount;
    private byte @Nullable [] values;
    private int filled;

    /** Whether anything was added; a hash without a rank is added and fills no register. */
    private boolean isEmpty = true;

    /** Adds a visitor by the hash of {@link VisitorHash}. */
    public void add(long visitorHash) {
        isEmpty = false;
        long rest = visitorHash >>> LOG2_REGISTERS;
        if (rest == 0) {
            return; // as the extension does: no bit to take a rank from
        }
        int value = Math.min(Long.numberOfTrailingZeros(rest) + 1, MAX_VALUE);
        raise((int) visitorHash & REGISTERS - 1, value);
    }

    public void merge(VisitorSketch other) {
        if (isEmpty) {
            becomeCopyOf(other);
        } else if (other.values != null) {
            raiseAll(other.values);
        } else {
            for (int i = 0; i < other.wordCount; i++) {
                raise(other.words[i] >>> VALUE_BITS, other.words[i] & MAX_VALUE);
            }
        }
    }

    /** Eight registers at a time: it is most of what adding up busy sites costs. */
    private void raiseAll(byte[] others) {
        byte[] own = values == null ? spread() : values;
        for (int at = 0; at < REGISTERS; at += Long.BYTES) {
            long ours = (long) LONGS.get(own, at);
            long theirs = (long) LONGS.get(others, at);
            // No register has its top bit; it stays set where ours is not less.
            long isNotLess = ((ours | TOP_BITS) - theirs & TOP_BITS) >>> 7;
            long mask = (isNotLess << 8) - isNotLess;
            LONGS.set(own, at, ours & mask | theirs & ~mask);
        }
        countFilled(own);
    }

    private void countFilled(byte[] registers) {
        int free = 0;
        for (int at = 0; at < REGISTERS; at += Long.BYTES) {
            free += Long.bitCount(TOP_BITS - (long) LONGS.get(registers, at) & TOP_BITS);
        }
        filled = REGISTERS - free;
    }

    private void becomeCopyOf(VisitorSketch other) {
        words = Arrays.copyOf(other.words, other.wordCount);
        wordCount = other.wordCount;
        values = other.values == null ? null : other.values.clone();
        filled = other.filled;
        isEmpty = other.isEmpty;
    }

    private void raise(int index, int value) {
        if (values != null) {
            if (values[index] == 0) {
                filled++;
            }
            if (values[index] < value) {
                values[index] = (byte) value;
            }
            return;
        }
        int at = position(index);
        if (at < wordCount && words[at] >>> VALUE_BITS == index) {
            words[at] = (char) Math.max(words[at], index << VALUE_BITS | value);
        } else if (wordCount == MAX_WORDS) {
            spread();
            raise(index, value);
        } else {
            insert(at, (char) (index << VALUE_BITS | value));
        }
    }

    /** Where the word of the given register is, or would be; a word's value is never 0. */
    private int position(int index) {
        return ~Arrays.binarySearch(words, 0, wordCount, (char) (index << VALUE_BITS));
    }

    private void insert(int at, char word) {
        if (wordCount == words.length) {
            words = Arrays.copyOf(words, Math.max(4, wordCount * 2));
        }
        System.arraycopy(words, at, words, at + 1, wordCount - at);
        words[at] = word;
        wordCount++;
        filled++;
    }

    /** Adds a register after all others. */
    private void append(char word) {
        if (values == null && wordCount < MAX_WORDS) {
            insert(wordCount, word);
        } else {
            raise(word >>> VALUE_BITS, word & MAX_VALUE);
        }
    }

    private byte[] spread() {
        byte[] spread = new byte[REGISTERS];
        for (int i = 0; i < wordCount; i++) {
            spread[words[i] >>> VALUE_BITS] = (byte) (words[i] & MAX_VALUE);
        }
        values = spread;
        words = new char[0];
        wordCount = 0;
        return spread;
    }

    /** The storage form: empty, sparse or full, whichever the extension would store. */
    public byte[] toBytes() {
        if (isEmpty) {
            return header(EMPTY_FORM, HEADER_BYTES);
        }
        // so many are never held as words
        return values != null && filled > SPARSE_REGISTERS ? fullBytes(values) : sparseBytes();
    }

    private static byte[] header(byte form, int length) {
        byte[] bytes = new byte[length];
        bytes[0] = form;
        bytes[1] = PARAMETERS;
        bytes[2] = THRESHOLDS;
        return bytes;
    }

    private byte[] sparseBytes() {
        byte[] bytes = header(SPARSE_FORM, HEADER_BYTES + filled * Character.BYTES);
        ByteBuffer registers = ByteBuffer.wrap(bytes).position(HEADER_BYTES);
        for (int i = 0; i < wordCount; i++) {
            registers.putChar(words[i]);
        }
        for (int index = 0; values != null && index < REGISTERS; index++) {
            if (values[index] != 0) {
                registers.putChar((char) (index << VALUE_BITS | values[index]));
            }
        }
        return bytes;
    }

    /** Eight registers fill five bytes. */
    private byte[] fullBytes(byte[] registers) {
        byte[] bytes = header(FULL_FORM, FULL_BYTES);
        int to = HEADER_BYTES;
        for (int index = 0; index < REGISTERS; index += Byte.SIZE) {
            long packed = 0;
            for (int i = index; i < index + Byte.SIZE; i++) {
                packed = packed << VALUE_BITS | registers[i];
            }
            for (int shift = PACKED_BITS - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
                bytes[to++] = (byte) (packed >>> shift);
            }
        }
        return bytes;
    }

    /**
     * Reads the storage form.
     *
     * @throws IllegalArgumentException when the bytes are not {@code hll(11,5,0,1)}
     */
    public static VisitorSketch fromBytes(byte[] bytes) {
        if (bytes.length < HEADER_BYTES || bytes[1] != PARAMETERS || bytes[2] != THRESHOLDS) {
            throw malformed(bytes, "its header is not that of hll(11,5,0,1)");
        }
        VisitorSketch sketch = new VisitorSketch();
        switch (bytes[0]) {
            case EMPTY_FORM -> check(bytes, bytes.length == HEADER_BYTES);
            case SPARSE_FORM -> sketch.readSparse(bytes);
            case FULL_FORM -> sketch.readFull(bytes);
            default -> throw malformed(bytes, "its form is none of empty, sparse and full");
        }
        return sketch;
    }

    private void readSparse(byte[] bytes) {
        isEmpty = false;
        check(bytes, bytes.length % 2 == HEADER_BYTES % 2 && bytes.length <= FULL_BYTES);
        int previous = -1;
        for (int at = HEADER_BYTES; at < bytes.length; at += 2) {
            int word = (bytes[at] & 0xff) << 8 | bytes[at + 1] & 0xff;
            int index = word >>> VALUE_BITS;
            check(bytes, index > previous && (word & MAX_VALUE) != 0);
            append((char) word);
            previous = index;
        }
    }

    private void readFull(byte[] bytes) {
        isEmpty = false;
        check(bytes, bytes.length == FULL_BYTES);
        byte[] registers = spread();
        int from = HEADER_BYTES;
        for (int index = 0; index < REGISTERS; index += Byte.SIZE) {
            long packed = 0;
            for (int i = 0; i < VALUE_BITS; i++) {
                packed = packed << Byte.SIZE | bytes[from++] & 0xff;
            }
            for (int i = index + Byte.SIZE - 1; i >= index; i--) {
                registers[i] = (byte) (packed & MAX_VALUE);
                packed >>>= VALUE_BITS;
            }
        }
        countFilled(registers);
    }

    private static void check(byte[] bytes, boolean isRight) {
        if (!isRight) {
            throw malformed(bytes, "its registers are cut off or out of order");
        }
    }

    private static IllegalArgumentException malformed(byte[] bytes, String why) {
        return new IllegalArgumentException(
                "not a sketch of visitors, " + bytes.length + " bytes: " + why);
    }
}
