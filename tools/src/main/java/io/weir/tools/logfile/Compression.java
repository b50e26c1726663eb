package io.weir.tools.logfile;

import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.HexFormat;
import org.apache.commons.compress.compressors.bzip2.BZip2CompressorInputStream;
import org.tukaani.xz.XZInputStream;

/**
 * How a file is compressed, by its first bytes; its name does not matter. Files joined by {@code
 * cat} are one file.
 */
enum Compression {
    NONE("", true),
    GZIP("1f8b08", true),
    ZSTD("28b52ffd", true),
    XZ("fd377a585a00", true),
    BZIP2("425a68", true), // and a digit, and pi
    ZIP("504b0304", false),
    SEVEN_ZIP("377abcaf271c", false),
    LZ4("04224d18", false),
    COMPRESS("1f9d", false);

    /** As many bytes as are needed to know it. */
    static final int HEAD_BYTES = 10;

    private static final int MAX_XZ_KIB = 256 << 10;
    private static final String BZIP2_BLOCK = "314159265359";

    private final String start;
    private final boolean isRead;

    Compression(String start, boolean isRead) {
        this.start = start;
        this.isRead = isRead;
    }

    /**
     * @param head the first bytes of a file, or fewer where it has no more
     * @throws IOException when it is one that is not read; the message says so
     */
    static Compression of(byte[] head) throws IOException {
        String hex = HexFormat.of().formatHex(head);
        for (Compression each : values()) {
            if (each != NONE && hex.startsWith(each.start)) {
                if (!each.isRead) {
                    throw new IOException("is compressed by " + each + ": unpack it first");
                }
                if (each != BZIP2 || hex.startsWith(BZIP2_BLOCK, 2 * 4)) {
                    return each;
                }
            }
        }
        return NONE;
    }

    InputStream unpacked(InputStream in) throws IOException {
        return switch (this) {
            case GZIP -> new GzipMembers(in);
            case ZSTD -> new ZstdInputStream(in);
            case XZ -> new XZInputStream(in, MAX_XZ_KIB);
            case BZIP2 -> new BZip2CompressorInputStream(in, true);
            default -> in;
        };
    }

    @Override
    public String toString() {
        return switch (this) {
            case NONE -> "nothing";
            case GZIP -> "gzip";
            case ZSTD -> "zstd";
            case XZ -> "xz";
            case BZIP2 -> "bzip2";
            case ZIP -> "zip";
            case SEVEN_ZIP -> "7z";
            case LZ4 -> "lz4";
            case COMPRESS -> "compress";
        };
    }
}
