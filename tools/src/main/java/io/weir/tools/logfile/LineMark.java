package io.weir.tools.logfile;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A line by its place and its content. Where a file has the same line at the same place, it is the
 * same file, whatever its name, or a copy of it.
 *
 * @param from the byte at which it begins, of the unpacked file
 * @param to the byte after its line end
 * @param sha256 of the line as {@link LineReader} gives it, in hexadecimal digits
 */
public record LineMark(long from, long to, String sha256) {

    public static LineMark of(long from, long to, byte[] line) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(line);
            return new LineMark(from, to, HexFormat.of().formatHex(hash));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
