package io.weir.tools.accesslog;

/** What decides which site a request is of. */
public enum SiteBy {
    /** Its log: parts of a rotated one are one site. */
    FILE,
    /** The host that its line names. */
    HOST;

    /** How many hosts can be sites: what is sent as a host can be anything. */
    public static final int MAX_HOSTS = 10_000;
}
