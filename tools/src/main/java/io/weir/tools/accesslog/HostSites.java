package io.weir.tools.accesslog;

import io.weir.request.HostName;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The sites of the hosts that lines name, numbered in the order of their first requests.
 *
 * <p>A host is known by its domain as the store has it: lower case, ASCII, without a dot at the
 * end. There are at most {@link SiteBy#MAX_HOSTS}.
 */
final class HostSites {

    private final int firstSiteId;
    private final Map<String, Integer> byDomain = new LinkedHashMap<>();

    /** Of hosts as they are written, which mostly are written alike. */
    private final Map<String, Integer> bySpelling = new HashMap<>();

    HostSites(int firstSiteId) {
        this(firstSiteId, List.of());
    }

    /**
     * @param known domains that were sites before, in the order of their numbers
     */
    HostSites(int firstSiteId, List<String> known) {
        this.firstSiteId = firstSiteId;
        known.forEach(domain -> byDomain.put(domain, firstSiteId + byDomain.size()));
    }

    /** The site of a host, or null where that is no domain, or is one too many. */
    @Nullable Integer siteOf(String host) {
        Integer known = bySpelling.get(host);
        if (known != null) {
            return known;
        }
        String domain = HostName.domainOf(host);
        Integer site = domain == null ? null : siteOfDomain(domain);
        if (site != null && bySpelling.size() < SiteBy.MAX_HOSTS) {
            bySpelling.put(host, site);
        }
        return site;
    }

    private @Nullable Integer siteOfDomain(String domain) {
        return byDomain.size() < SiteBy.MAX_HOSTS
                ? byDomain.computeIfAbsent(domain, next -> firstSiteId + byDomain.size())
                : byDomain.get(domain);
    }

    /** The domains so far, in the order of their sites. */
    Map<String, Integer> byDomain() {
        return Collections.unmodifiableMap(byDomain);
    }

    static boolean isDomain(String host) {
        return HostName.domainOf(host) != null;
    }
}
