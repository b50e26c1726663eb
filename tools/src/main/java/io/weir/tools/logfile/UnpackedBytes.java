package io.weir.tools.logfile;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import org.jspecify.annotations.Nullable;

/**
 * What compressed bytes hold, to the last one before the place where they are cut or damaged.
 *
 * <p>A decoder that fails keeps back what it has decoded in the same call. So where one fails,
 * another reads from the beginning to the same place, and from there on byte by byte.
 */
final class UnpackedBytes extends ByteStream {

    private static final int BUFFER_BYTES = 64 << 10;

    private final HeldBytes packed;
    private final Compression compression;
    private @Nullable InputStream decoder;
    private @Nullable IOException failure;
    private boolean isByteByByte;
    private long given;

    UnpackedBytes(HeldBytes packed, Compression compression) {
        this.packed = packed;
        this.compression = compression;
    }

    @Override
    int readSome(byte[] bytes, int offset, int length) throws IOException {
        if (failure != null) {
            throw failure;
        }
        int read;
        try {
            read = decoder().read(bytes, offset, isByteByByte ? 1 : length);
        } catch (ChangedFileException e) {
            throw e;
        } catch (IOException | RuntimeException e) { // some decoders index wildly
            if (isByteByByte) {
                failure = new IOException(whatIsWrong(e), e);
                throw failure;
            }
            startAgain();
            return read(bytes, offset, length);
        }
        given += Math.max(0, read);
        return read;
    }

    @Override
    public void close() throws IOException {
        if (decoder != null) {
            decoder.close();
        }
    }

    private InputStream decoder() throws IOException {
        if (decoder == null) {
            decoder = compression.unpacked(new BufferedInputStream(packed.read(), BUFFER_BYTES));
            decoder.skipNBytes(given);
        }
        return decoder;
    }

    private void startAgain() throws IOException {
        close();
        decoder = null;
        isByteByByte = true;
    }

    private String whatIsWrong(Exception e) {
        String message = String.valueOf(e.getMessage());
        boolean isCut =
                e instanceof EOFException
                        || message.contains("Truncated source")
                        || message.contains("Unexpected end of stream");
        return isCut
                ? "its %s data ends there: it was cut, or is still being written"
                        .formatted(compression)
                : "its %s data is damaged there: %s".formatted(compression, message);
    }
}
