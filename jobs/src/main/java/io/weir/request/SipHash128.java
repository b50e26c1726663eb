package io.weir.request;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * SipHash-2-4 with 128 bits of output.
 *
 * <p>Source: Jean-Philippe Aumasson and Daniel J. Bernstein, "SipHash: a fast short-input PRF", and
 * their reference implementation for the longer output.
 */
final class SipHash128 {

    private static final VarHandle LONGS =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private final long key0;
    private final long key1;

    /**
     * @param key 16 bytes
     */
    SipHash128(byte[] key) {
        if (key.length != RequestIdentity.KEY_BYTES) {
            throw new IllegalArgumentException("a key of " + key.length + " bytes: use 16");
        }
        key0 = (long) LONGS.get(key, 0);
        key1 = (long) LONGS.get(key, Long.BYTES);
    }

    /** Hashes a number, as eight bytes with the lowest first, and then a text. */
    RequestIdentity.Id of(long number, byte[] text, int from, int length) {
        State state = new State();
        state.add(number);
        int end = from + (length & -Long.BYTES);
        for (int at = from; at < end; at += Long.BYTES) {
            state.add((long) LONGS.get(text, at));
        }
        return state.finish((long) (length + Long.BYTES) << 56 | rest(text, end, from + length));
    }

    private static long rest(byte[] text, int from, int to) {
        long word = 0;
        for (int at = to - 1; at >= from; at--) {
            word = word << 8 | text[at] & 0xff;
        }
        return word;
    }

    private final class State {

        private long v0 = key0 ^ 0x736f6d6570736575L;
        private long v1 = key1 ^ 0x646f72616e646f6dL ^ 0xee;
        private long v2 = key0 ^ 0x6c7967656e657261L;
        private long v3 = key1 ^ 0x7465646279746573L;

        void add(long word) {
            v3 ^= word;
            round();
            round();
            v0 ^= word;
        }

        RequestIdentity.Id finish(long lastWord) {
            add(lastWord);
            v2 ^= 0xee;
            long low = afterFourRounds();
            v1 ^= 0xdd;
            return new RequestIdentity.Id(afterFourRounds(), low);
        }

        private long afterFourRounds() {
            round();
            round();
            round();
            round();
            return v0 ^ v1 ^ v2 ^ v3;
        }

        private void round() {
            v0 += v1;
            v1 = Long.rotateLeft(v1, 13) ^ v0;
            v0 = Long.rotateLeft(v0, 32);
            v2 += v3;
            v3 = Long.rotateLeft(v3, 16) ^ v2;
            v0 += v3;
            v3 = Long.rotateLeft(v3, 21) ^ v0;
            v2 += v1;
            v1 = Long.rotateLeft(v1, 17) ^ v2;
            v2 = Long.rotateLeft(v2, 32);
        }
    }
}
