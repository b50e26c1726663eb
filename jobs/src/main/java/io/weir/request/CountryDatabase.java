package io.weir.request;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.maxmind.db.CHMCache;
import com.maxmind.db.InvalidDatabaseException;
import com.maxmind.db.Reader;
import com.maxmind.db.Reader.FileMode;
import java.io.Closeable;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The countries of clients' addresses, from a file in MaxMind's format ({@code .mmdb}).
 *
 * <p>Of an address's entry {@code country.iso_code} is read, as GeoLite2 and DB-IP have it, or else
 * {@code country_code}, as ip-location-db has it. Nothing is asked of the network.
 */
public final class CountryDatabase implements Closeable {

    private static final int IPV4 = 4;

    private final Path file;
    private final Reader reader;

    private CountryDatabase(Path file, Reader reader) {
        this.file = file;
        this.reader = reader;
    }

    /**
     * Opens a database.
     *
     * @throws IOException when it cannot be read; the message names it
     */
    public static CountryDatabase open(Path file) throws IOException {
        if (!Files.isReadable(file) || Files.isDirectory(file)) {
            throw new IOException("there is no country database %s to read".formatted(file));
        }
        try {
            // in memory: a file that is overwritten under a mapping ends the whole process
            return new CountryDatabase(
                    file, new Reader(file.toFile(), FileMode.MEMORY, new CHMCache()));
        } catch (InvalidDatabaseException e) {
            throw new IOException(file + " is no country database: expected a file .mmdb", e);
        }
    }

    /**
     * The country's code as the database has it.
     *
     * @param client an address, or the name of a host, which has no country
     * @return null where it is not known
     */
    public @Nullable String countryOf(@Nullable String client) throws IOException {
        InetAddress address = client == null ? null : addressOf(client);
        if (address == null || isOfNoUse(address)) {
            return null;
        }
        Map<?, ?> entry;
        try {
            entry = reader.get(address, Map.class);
        } catch (InvalidDatabaseException e) {
            throw new IOException(file + " is damaged: " + e.getMessage(), e);
        }
        if (entry == null) {
            return null;
        }
        Object code =
                entry.get("country") instanceof Map<?, ?> country
                        ? country.get("iso_code")
                        : entry.get("country_code");
        return code instanceof String text ? text : null;
    }

    private boolean isOfNoUse(InetAddress address) {
        return address instanceof Inet6Address && reader.getMetadata().getIpVersion() == IPV4;
    }

    /** Without its zone, which says nothing to others; never looked up by name. */
    private static @Nullable InetAddress addressOf(String client) throws IOException {
        int zone = client.indexOf('%');
        byte[] text = (zone < 0 ? client : client.substring(0, zone)).getBytes(UTF_8);
        String address = ClientAddress.canonical(text, 0, text.length);
        return address == null ? null : InetAddress.getByName(address);
    }

    @Override
    public void close() throws IOException {
        reader.close();
    }
}
