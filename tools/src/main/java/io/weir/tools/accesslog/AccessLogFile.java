package io.weir.tools.accesslog;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * An access log, plain or compressed by gzip where its name ends in {@code .gz}.
 *
 * @param name how records name the file
 * @param siteId the website whose log this is
 */
record AccessLogFile(Path path, String name, int siteId) {

    private static final int BUFFER_BYTES = 64 << 10;

    LineReader open() throws IOException {
        if (!Files.exists(path)) {
            throw new IOException("there is no access log " + path);
        }
        if (Files.isDirectory(path)) {
            throw new IOException(path + " is a directory: name the access logs in it");
        }
        if (!Files.isReadable(path)) {
            throw new IOException("no permission to read the access log " + path);
        }
        InputStream bytes = Files.newInputStream(path);
        return new LineReader(
                path.toString().endsWith(".gz")
                        ? unzipped(bytes)
                        : new BufferedInputStream(bytes, BUFFER_BYTES));
    }

    private InputStream unzipped(InputStream bytes) throws IOException {
        try {
            return new GZIPInputStream(bytes, BUFFER_BYTES);
        } catch (ZipException | EOFException e) {
            bytes.close();
            throw new IOException(path + " is named .gz but is not a gzip file", e);
        }
    }
}
