package io.weir.request;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HexFormat;

/**
 * The secret of the hash of ids, in a file at the same place on each machine that hashes. Where it
 * is serialised, as Flink does with the job, there is only the place, and a hash by which a file
 * with another key is refused: copies would not be found.
 */
public final class HashKey implements Serializable {

    private static final long serialVersionUID = 1;

    private static final byte[] CHECKED = "weir".getBytes(US_ASCII);

    private final String path;
    private final long check;

    private HashKey(String path, long check) {
        this.path = path;
        this.check = check;
    }

    /**
     * The key in a file of 32 hex digits.
     *
     * @throws UncheckedIOException when it cannot be read
     * @throws IllegalArgumentException when it holds anything else; the message does not show it
     */
    public static HashKey inFile(Path file) {
        String path = file.toAbsolutePath().toString();
        return new HashKey(path, checkOf(read(path)));
    }

    /**
     * The hash with this key, which is read now.
     *
     * @throws UncheckedIOException when it cannot be read
     * @throws IllegalStateException when it is not the one that the job was submitted with
     */
    SipHash128 hash() {
        SipHash128 hash = read(path);
        if (checkOf(hash) != check) {
            throw new IllegalStateException(
                    "deduplicate.hash-key-file: "
                            + path
                            + " holds another key than where the job was submitted: it must be the"
                            + " same on each TaskManager. To change the key, submit the job again");
        }
        return hash;
    }

    private static SipHash128 read(String path) {
        String digits;
        try {
            digits = Files.readString(Path.of(path)).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(
                    "deduplicate.hash-key-file: cannot read "
                            + path
                            + ", which is needed at the same place where the job is submitted and"
                            + " on each TaskManager",
                    e);
        }
        if (!digits.matches("[0-9a-fA-F]{" + 2 * RequestIdentity.KEY_BYTES + "}")) {
            throw new IllegalArgumentException(
                    "deduplicate.hash-key-file: "
                            + path
                            + " does not hold 32 hex digits; `openssl rand -hex 16` makes them");
        }
        return new SipHash128(HexFormat.of().parseHex(digits));
    }

    private static long checkOf(SipHash128 hash) {
        return hash.of(0, CHECKED, 0, CHECKED.length).high();
    }
}
