package io.weir.serialize;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

/**
 * Whole numbers from 0 up in as few bytes as they need: seven bits a byte, the lowest first, the
 * top bit set on all but the last (LEB128).
 */
public final class VariableLength {

    private VariableLength() {}

    public static void write(long value, DataOutput out) throws IOException {
        while (value > 0x7f) {
            out.writeByte((int) (value & 0x7f) | 0x80);
            value >>>= 7;
        }
        out.writeByte((int) value);
    }

    public static long read(DataInput in) throws IOException {
        long value = 0;
        for (int shift = 0; shift < Long.SIZE; shift += 7) {
            byte part = in.readByte();
            value |= (long) (part & 0x7f) << shift;
            if (part >= 0) {
                return value;
            }
        }
        throw new IOException("a number of more than 64 bits");
    }
}
