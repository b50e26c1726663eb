package io.weir.request;

import java.io.Serializable;

/** Which host belongs to which site, at any time. The same question always has the same answer. */
@FunctionalInterface
public interface KnownHosts extends Serializable {

    /** What {@link #siteOf} answers for a host that belongs to no site. */
    int NO_SITE = -1;

    /**
     * The site of a host.
     *
     * @param host as a request has it
     * @param atMillis when the request arrived, epoch milliseconds
     */
    int siteOf(String host, long atMillis);

    /** For those who have no store to ask: no host belongs to a site. */
    static KnownHosts none() {
        return (host, atMillis) -> NO_SITE;
    }
}
