package io.weir.request;

import static java.nio.charset.StandardCharsets.UTF_8;

import it.unimi.dsi.fastutil.longs.Long2ObjectOpenHashMap;
import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The countries of clients' addresses, for requests that do not say theirs. */
public final class ClientCountries implements Serializable {

    private static final long serialVersionUID = 1;

    /** Of that many clients the countries are remembered; then it begins anew. */
    private static final int MAX_REMEMBERED = 1 << 16;

    private final String file;

    private transient @Nullable CountryDatabase database;
    private transient @Nullable Long2ObjectOpenHashMap<String> byVisitor;

    /**
     * @param file as {@link CountryDatabase} reads it; opened where and when it is needed
     */
    public ClientCountries(Path file) {
        this.file = file.toString();
    }

    /**
     * The country of a client, {@link Countries#UNKNOWN} where the database has none.
     *
     * @param visitorHash of the same address
     */
    String countryOf(FieldText address, long visitorHash) {
        if (byVisitor == null || byVisitor.size() >= MAX_REMEMBERED) {
            byVisitor = new Long2ObjectOpenHashMap<>();
        }
        String country = byVisitor.get(visitorHash);
        if (country == null) {
            country = lookUp(new String(address.bytes(), address.from(), address.length(), UTF_8));
            byVisitor.put(visitorHash, country);
        }
        return country;
    }

    private String lookUp(String address) {
        try {
            if (database == null) {
                database = CountryDatabase.open(Path.of(file));
            }
            String code = database.countryOf(address);
            if (code == null) {
                return Countries.UNKNOWN;
            }
            byte[] utf8 = code.getBytes(UTF_8);
            return Countries.codeOf(utf8, 0, utf8.length);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
