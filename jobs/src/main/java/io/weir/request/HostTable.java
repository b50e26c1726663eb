package io.weir.request;

import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The sites of hosts, each from an instant on until the next one of the same host. */
public final class HostTable {

    /** Anybody can send anything as a host, so no more spellings than this are remembered. */
    private static final int MAX_SPELLINGS = 100_000;

    private final Map<String, NavigableMap<Long, Integer>> byDomain = new HashMap<>();
    private final Map<String, NavigableMap<Long, Integer>> bySpelling = new HashMap<>();

    /**
     * A table.
     *
     * @param versions in any order; of two of the same host and instant, the higher version holds
     */
    public HostTable(List<Version> versions) {
        versions.stream()
                .sorted(Comparator.comparingLong(Version::version))
                .forEach(
                        each ->
                                byDomain.computeIfAbsent(each.domain(), first -> new TreeMap<>())
                                        .put(each.holdsFromMillis(), each.siteId()));
    }

    /** As {@link KnownHosts#siteOf}. */
    public int siteOf(String host, long atMillis) {
        NavigableMap<Long, Integer> sites = sitesOf(host);
        Map.Entry<Long, Integer> holds = sites == null ? null : sites.floorEntry(atMillis);
        return holds == null ? KnownHosts.NO_SITE : holds.getValue();
    }

    private @Nullable NavigableMap<Long, Integer> sitesOf(String host) {
        NavigableMap<Long, Integer> known = bySpelling.get(host);
        if (known != null) {
            return known;
        }
        String domain = HostName.domainOf(host);
        NavigableMap<Long, Integer> sites = domain == null ? null : byDomain.get(domain);
        if (sites != null && bySpelling.size() < MAX_SPELLINGS) {
            bySpelling.put(host, sites);
        }
        return sites;
    }

    /**
     * From an instant on a host belongs to a site.
     *
     * @param version later ones are higher
     * @param domain as {@link HostName#domainOf} has it
     * @param siteId the site, or {@link KnownHosts#NO_SITE} for none any more
     * @param holdsFromMillis epoch milliseconds
     */
    public record Version(long version, String domain, int siteId, long holdsFromMillis) {}
}
