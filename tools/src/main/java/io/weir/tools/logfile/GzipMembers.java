package io.weir.tools.logfile;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.compress.compressors.gzip.GzipCompressorInputStream;
import org.jspecify.annotations.Nullable;

/**
 * What gzip has packed, in one member or in several that were joined by {@code cat}. NULs after a
 * member are left out, as by gzip: tapes and crashes leave them at the end of a file.
 */
final class GzipMembers extends ByteStream {

    private final BufferedInputStream packed;

    /** The one that is being read; null where it has ended. */
    private @Nullable InputStream member;

    GzipMembers(InputStream packed) throws IOException {
        this.packed = new BufferedInputStream(packed);
        this.member = nextMember();
    }

    @Override
    int readSome(byte[] bytes, int offset, int length) throws IOException {
        while (member != null || hasMore()) {
            if (member == null) {
                member = nextMember();
            }
            int read = member.read(bytes, offset, length);
            if (read > 0) {
                return read;
            }
            member = null;
        }
        return -1;
    }

    @Override
    public void close() throws IOException {
        if (member != null) {
            member.close();
        }
        packed.close();
    }

    private InputStream nextMember() throws IOException {
        return GzipCompressorInputStream.builder().setInputStream(packed).get();
    }

    private boolean hasMore() throws IOException {
        int next = 0;
        while (next == 0) {
            packed.mark(1);
            next = packed.read();
        }
        packed.reset();
        return next > 0;
    }
}
