package io.weir.election;

import io.weir.serialize.VariableLength;
import java.io.IOException;
import org.apache.flink.core.memory.DataInputDeserializer;
import org.apache.flink.core.memory.DataOutputSerializer;

/**
 * The packed form of a site's hits in the minutes of an hour: a byte of the format, 8 bytes with a
 * bit for each minute that has hits, the first minute's the lowest, and these hits in order, each
 * of variable length.
 *
 * <p>In a map an hour of a busy site takes 220 bytes of heap, as an entry a minute it took 5 KB.
 */
final class HourHits {

    static final int MINUTES = 60;

    private static final byte FORMAT = 1;
    private static final int BYTES_OF_A_BUSY_SITE = 9 + 3 * MINUTES;

    private HourHits() {}

    /**
     * Packs an hour.
     *
     * @param hits by minute of the hour, 0 where there are none
     */
    static byte[] pack(long[] hits) throws IOException {
        long minutes = 0;
        for (int minute = 0; minute < MINUTES; minute++) {
            minutes |= (hits[minute] == 0 ? 0L : 1L) << minute;
        }
        DataOutputSerializer out = new DataOutputSerializer(BYTES_OF_A_BUSY_SITE);
        out.writeByte(FORMAT);
        out.writeLong(minutes);
        for (long each : hits) {
            if (each != 0) {
                VariableLength.write(each, out);
            }
        }
        return out.getCopyOfBuffer();
    }

    /**
     * Unpacks what {@link #pack} has packed.
     *
     * @throws IOException when the format is unknown
     */
    static long[] unpack(byte[] packed) throws IOException {
        DataInputDeserializer in = new DataInputDeserializer(packed);
        byte format = in.readByte();
        if (format != FORMAT) {
            throw new IOException(
                    "hits of format "
                            + format
                            + " cannot be read: the state was written by a newer version, or is"
                            + " damaged");
        }
        long minutes = in.readLong();
        long[] hits = new long[MINUTES];
        for (int minute = 0; minute < MINUTES; minute++) {
            if ((minutes >>> minute & 1) != 0) {
                hits[minute] = VariableLength.read(in);
            }
        }
        return hits;
    }
}
