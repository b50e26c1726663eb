package io.weir.tools.logfile;

import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;

/** A stream of which only the reading of several bytes is of its own. */
abstract class ByteStream extends InputStream {

    @Override
    public final int read() throws IOException {
        byte[] one = new byte[1];
        return readSome(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public final int read(byte[] bytes, int offset, int length) throws IOException {
        Objects.checkFromIndexSize(offset, length, bytes.length);
        return length == 0 ? 0 : readSome(bytes, offset, length);
    }

    /** As {@link InputStream#read(byte[], int, int)}, of at least one byte within the array. */
    abstract int readSome(byte[] bytes, int offset, int length) throws IOException;
}
