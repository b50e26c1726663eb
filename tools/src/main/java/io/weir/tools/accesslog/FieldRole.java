package io.weir.tools.accesslog;

/** What fields of a format string are read for. */
enum FieldRole {
    /** The client where it is an address. */
    FORWARDED_FOR("client"),
    CLIENT("client"),
    TIME("time"),
    REQUEST("request"),
    QUERY("query"),
    STATUS("status"),
    SIZE("size"),
    TAKEN("response time"),
    HOST("host"),
    REFERRER("referrer"),
    USER_AGENT("user agent"),
    METHOD("method"),
    NONE("nothing");

    private final String description;

    FieldRole(String description) {
        this.description = description;
    }

    String description() {
        return description;
    }
}
