package io.weir.sketch;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;

/**
 * Hashes a visitor as postgresql-hll's {@code hll_hash_text(text)} does: the first 64 bits of
 * Murmur3 x64 128 with seed 0 over the text's UTF-8 bytes.
 *
 * <p>Source of the function: Austin Appleby, MurmurHash3_x64_128, public domain.
 */
public final class VisitorHash {

    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final long C1 = 0x87c37b91114253d5L;
    private static final long C2 = 0x4cf5ad432745937fL;

    private VisitorHash() {}

    public static long hashText(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        return hashText(utf8, 0, utf8.length);
    }

    /** Hashes {@code length} bytes from {@code from} on. */
    public static long hashText(byte[] utf8, int from, int length) {
        long h1 = 0;
        long h2 = 0;
        int end = from + (length & ~15);
        for (int at = from; at < end; at += 16) {
            h1 ^= mixFirst((long) LONGS.get(utf8, at));
            h1 = (Long.rotateLeft(h1, 27) + h2) * 5 + 0x52dce729;
            h2 ^= mixSecond((long) LONGS.get(utf8, at + 8));
            h2 = (Long.rotateLeft(h2, 31) + h1) * 5 + 0x38495ab5;
        }
        int rest = length & 15;
        h2 ^= mixSecond(littleEndian(utf8, end + 8, rest - 8));
        h1 ^= mixFirst(littleEndian(utf8, end, Math.min(rest, 8)));

        h1 ^= length;
        h2 ^= length;
        h1 += h2;
        h2 += h1;
        return finish(h1) + finish(h2);
    }

    private static long mixFirst(long word) {
        return Long.rotateLeft(word * C1, 31) * C2;
    }

    private static long mixSecond(long word) {
        return Long.rotateLeft(word * C2, 33) * C1;
    }

    private static long littleEndian(byte[] bytes, int from, int length) {
        long word = 0;
        for (int i = length - 1; i >= 0; i--) {
            word = word << 8 | (bytes[from + i] & 0xff);
        }
        return word;
    }

    private static long finish(long hash) {
        hash = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
        hash = (hash ^ hash >>> 33) * 0xc4ceb9fe1a85ec53L;
        return hash ^ hash >>> 33;
    }
}
